"""The reader refuses whatever is not closed, by the bytes alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chats.errors import TargetExistsError, TransferError
from app.diagnostics.errors import NotClosedError
from app.diagnostics.exporting import export, text_of
from app.diagnostics.gathering import Sources, gathered
from app.diagnostics.layout import laid_out
from app.diagnostics.reading import MOST_BYTES, check


@pytest.fixture
def text(sources: Callable[..., Sources]) -> str:
    return text_of(gathered(sources()))


def test_what_was_gathered_passes(text: str) -> None:
    check(text.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"theme": "auto"', '"theme": "anna"'),
        ('"theme": "auto"', '"theme": "au\\u0074o"'),
        ('"theme": "auto"', '"theme": "äuto"'),
        ('"theme": "auto"', '"theme":  "auto"'),
        ('"theme": "auto"', '"theme": "auto", "theme": "auto"'),
        ('"theme": "auto"', '"anna": "auto"'),
        ('"theme": "auto"', '"theme": 9007199254740993'),
        ('"theme": "auto"', '"theme": NaN'),
        ('"theme": "auto"', '"theme": 1e3'),
        ('"theme": "auto"', '"theme": "2026-11-29"'),
        ('"theme": "auto"', f'"theme": "{"a1" * 31}"'),
        ('"theme": "auto"', '"theme": "app.anna.AnnaError"'),
        ('"theme": "auto"', '"theme": "app.paths:1 anna"'),
        ('"settings": {', '"settings": [{'),
        ('"failures": []', '"failures": ["anna"]'),
        ('"failures": []', '"failures": [{"anna": 1}]'),
        ('"failures": []\n}\n', '"failures": []\n}\n\n'),
        ('"failures": []\n}\n', '"failures": []\n}'),
        ('"failures": []\n}\n', '"failures": []\n}\n{}\n'),
        ('  "schema_version": 1,\n', ""),
    ],
)
def test_one_thing_that_is_not_closed_is_refused(text: str, old: str, new: str) -> None:
    assert old in text
    with pytest.raises(NotClosedError) as raised:
        check(text.replace(old, new, 1).encode())
    assert "anna" not in str(raised.value).lower()


def test_too_much_is_refused(text: str) -> None:
    with pytest.raises(NotClosedError, match="its length"):
        check(text.encode() + b" " * MOST_BYTES)


@pytest.mark.parametrize(
    "stored", [b"", b"\n", b"[]\n", b"{}\n", b"1\n", b"\xff\xfe", b"[" * 90_000]
)
def test_what_is_no_report_is_refused(stored: bytes) -> None:
    with pytest.raises(NotClosedError):
        check(stored)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_a_report_with_any_text_put_into_it_is_refused(text: str, data: st.DataObject) -> None:
    """Anywhere between its characters; a number may get another digit, and a word no letter."""
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.text(alphabet=st.characters(categories=["L"]), min_size=7))
    with pytest.raises(NotClosedError):
        check((text[:at] + put + text[at:]).encode("utf-8", "surrogatepass"))


def test_the_layout_is_the_same_for_equal_values() -> None:
    value = {"one": [1, 2], "two": {"three": None}, "four": [{"five": 0.5}, {}], "six": []}
    assert laid_out(value) == (
        '{\n  "one": [1, 2],\n  "two": {"three": null},\n'
        '  "four": [\n    {"five": 0.5},\n    {}\n  ],\n  "six": []\n}\n'
    )


def test_a_file_is_written_for_its_owner_alone(text: str, tmp_path: Path) -> None:
    target = tmp_path / "diagnostics.json"
    export(text, target)
    assert target.read_text() == text
    assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(TargetExistsError):
        export(text, target)
    export(text, target, replace=True)


def test_what_the_disk_made_of_it_is_looked_at_before_it_is_kept(text: str, tmp_path: Path) -> None:
    target = tmp_path / "diagnostics.json"
    target.write_text("older")
    with pytest.raises(NotClosedError):
        export(text, target, replace=True, read=lambda file: file.read_bytes()[:-7])
    with pytest.raises(NotClosedError):
        export(text.replace('"auto"', '"anna"'), target, replace=True)
    assert [file.name for file in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "older"


def test_a_full_disk_leaves_nothing_half_written(text: str) -> None:
    with pytest.raises(TransferError):
        export(text, Path("/dev/full"), replace=True)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fsync)


@pytest.mark.usefixtures("full")
def test_a_disk_that_fills_meanwhile_is_told(text: str, tmp_path: Path) -> None:
    with pytest.raises(TransferError, match="The disk is full"):
        export(text, tmp_path / "diagnostics.json")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(text: str, tmp_path: Path) -> None:
    with pytest.raises(TransferError, match="There is no folder"):
        export(text, tmp_path / "gone" / "diagnostics.json")
