"""The pipe from the launcher to the window: requests one way, and whether anyone reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.airlock import raise_pipe
from app.airlock.raise_pipe import RAISE_VARIABLE, RaisePipe, decline, take_pipe

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")


@pytest.fixture
def pipe() -> Iterator[RaisePipe]:
    made = RaisePipe()
    yield made
    made.close()


def test_a_request_is_a_byte_and_is_kept_until_it_is_read(pipe: RaisePipe) -> None:
    assert pipe.ask()
    assert pipe.ask()
    assert len(os.read(pipe.reader, 10)) == 2


def test_a_pipe_full_of_requests_takes_more_without_waiting(pipe: RaisePipe) -> None:
    os.set_blocking(pipe.reader, False)
    for _ in range(100_000):
        assert pipe.ask()
    assert 0 < len(os.read(pipe.reader, 1 << 20)) < 100_000


def test_files_are_written_whole_or_refused(pipe: RaisePipe) -> None:
    os.set_blocking(pipe.reader, False)
    assert pipe.ask([b"/a", b"/b\nc"])
    assert os.read(pipe.reader, 100) == b"/a\0/b\nc\0\n"
    longest = b"/" + b"x" * 4094
    while pipe.ask([longest]):
        pass
    assert pipe.ask()
    assert set(os.read(pipe.reader, 1 << 20).split(b"\0")[:-1]) <= {longest, b"\n" + longest}


def test_without_a_reader_nobody_comes_forward(pipe: RaisePipe) -> None:
    pipe.hand_over()
    assert not pipe.ask()


def test_closing_twice_closes_no_strangers_descriptor(pipe: RaisePipe) -> None:
    pipe.close()
    others = [os.open(os.devnull, os.O_RDONLY) for _ in range(2)]
    pipe.close()
    for other in others:
        os.fstat(other)
        os.close(other)


@pytest.mark.parametrize("text", ["", "x", "-1", "99999", "999999999999999999999"])
def test_a_number_that_is_no_pipe_is_not_believed(text: str) -> None:
    environment = {RAISE_VARIABLE: text}
    assert take_pipe(environment) is None
    assert environment == {}
    assert take_pipe(environment) is None


def test_a_file_is_no_pipe(tmp_path: Path) -> None:
    with open(tmp_path / "file", "w") as file:
        assert take_pipe({RAISE_VARIABLE: str(file.fileno())}) is None


def test_who_takes_it_has_it_alone(pipe: RaisePipe, monkeypatch: pytest.MonkeyPatch) -> None:
    os.set_inheritable(pipe.reader, True)
    monkeypatch.setenv(RAISE_VARIABLE, str(pipe.reader))
    assert take_pipe() == pipe.reader
    assert not os.get_inheritable(pipe.reader)
    assert RAISE_VARIABLE not in os.environ


def test_declining_closes_it(pipe: RaisePipe, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_over = os.dup(pipe.reader)
    pipe.hand_over()
    assert pipe.ask()
    monkeypatch.setenv(RAISE_VARIABLE, str(handed_over))
    decline()
    assert not pipe.ask()
    decline()  # there is none to decline


def test_elsewhere_there_is_none(pipe: RaisePipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raise_pipe.os, "name", "nt")
    assert take_pipe({RAISE_VARIABLE: str(pipe.reader)}) is None
