"""Maps of files: what is asked of the system for them."""

from __future__ import annotations

import mmap

import pytest

from inference.checkpoint.mapped_file import map_file, prefer_huge_pages

HUGE = 14  # Linux's MADV_HUGEPAGE


class Map:
    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.asked: list[int] = []

    def madvise(self, advice: int) -> None:
        self.asked.append(advice)
        if self.refuses:
            raise OSError(22, "Invalid argument")


@pytest.mark.parametrize("refuses", [False, True])
def test_huge_pages_are_asked_for_and_may_be_refused(monkeypatch, refuses):
    monkeypatch.setattr(mmap, "MADV_HUGEPAGE", HUGE, raising=False)
    data = Map(refuses)
    prefer_huge_pages(data)  # type: ignore[arg-type]
    assert data.asked == [HUGE]


def test_a_system_that_does_not_know_them_is_not_asked(monkeypatch):
    monkeypatch.delattr(mmap, "MADV_HUGEPAGE", raising=False)
    data = Map()
    prefer_huge_pages(data)  # type: ignore[arg-type]
    assert data.asked == []


def test_a_map_reads_as_the_file_after_asking(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(bytes(range(256)) * 64)
    data = map_file(path)
    prefer_huge_pages(data)
    assert data[:] == path.read_bytes()
