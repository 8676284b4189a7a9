"""Hostile texts in every place of a real window that shows words: nothing is opened, nothing is
sent, nothing of them is hidden. The system's own record of the calls is what is believed.

All of them, and the giants one by one: `pytest -m slow tests/flows/test_hostile_output.py`, of
which `-k` takes parts (`-k giant`, `-k short-3`, `-k 1-MB-of-NULs`).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.flows.hostile_giants import GIANTS
from tests.flows.hostile_payloads import ADDRESS, CANARY, payloads, short_names
from tests.flows.hostile_running import Run

# Bounds against hanging, not measurements.
TEXT_S = 120
GIANT_S = 900
LONG_S = 3_000
PARTS = 12  # of the short texts; the first is in every run
_BETWEEN = re.compile(r"[^\w.+-]+")

needs_strace = pytest.mark.skipif(
    sys.platform != "linux" or (shutil.which("strace") is None and "CI" not in os.environ),
    reason="needs strace",
)


def in_name(giant: str) -> str:
    """As `-k` takes it."""
    return _BETWEEN.sub("-", giant.replace("10⁴", "1e4").replace("10⁵", "1e5"))


def test_there_are_more_than_a_hundred_texts_each_of_its_own(tmp_path: Path) -> None:
    every = payloads(tmp_path / "a.png")
    assert len(every) >= 100
    assert len({each.name for each in every}) == len(every)
    assert len({each.text for each in every}) == len(every)
    assert {each.name for each in every} == {*short_names(), *GIANTS}


@needs_strace
@pytest.mark.timeout(LONG_S)
def test_what_others_wrote_opens_no_file_sends_nothing_and_hides_nothing(tmp_path: Path) -> None:
    _check(tmp_path, 0)


@needs_strace
@pytest.mark.slow
@pytest.mark.timeout(LONG_S)
@pytest.mark.parametrize("part", range(1, PARTS), ids=lambda part: f"short-{part}")
def test_all_short_texts_open_no_file_send_nothing_and_hide_nothing(
    tmp_path: Path, part: int
) -> None:
    _check(tmp_path, part)


@needs_strace
@pytest.mark.slow
@pytest.mark.timeout(LONG_S)
@pytest.mark.parametrize("name", GIANTS, ids=in_name)
def test_a_giant_opens_no_file_sends_nothing_and_hides_nothing(tmp_path: Path, name: str) -> None:
    watched = Run(tmp_path, GIANT_S).play([name])
    assert not watched.faults()
    assert [each["name"] for each in watched.shown] == [name]


@needs_strace
@pytest.mark.parametrize(
    ("how", "seen"), [("open", [CANARY]), ("connect", ["socket(AF_INET", ADDRESS])]
)
def test_the_watch_notices_a_window_that_opens_or_calls(
    tmp_path: Path, how: str, seen: list[str]
) -> None:
    watched = Run(tmp_path, TEXT_S).play(["html image"], "--misbehave", how)
    found = [*watched.opened, *watched.called]
    assert len(found) == len(seen)
    assert all(word in line for word, line in zip(seen, found, strict=True))


def _check(folder: Path, part: int) -> None:
    names = short_names()[part::PARTS]
    watched = Run(folder, TEXT_S).play(names)
    assert not watched.faults()
    assert [each["name"] for each in watched.shown] == list(names)
