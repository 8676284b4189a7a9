"""Hostile texts in every place of a real window that shows words: nothing is opened, nothing is
sent, nothing of them is hidden. The system's own record of the calls is what is believed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.flows.commands import ROOT
from tests.flows.hostile_payloads import ADDRESS, CANARY, payloads

# A bound against hanging, not a measurement.
LIMIT_S = 280
LONG_LIMIT_S = 3_000
QUICK_PARTS = 12  # one text of so many is in every run
_CALL = re.compile(r"^\d+ +(?:<\.\.\. )?(\w+)")
_SOCKET = re.compile(r"\b(?:socket|socketpair)\((\w+)")
# The canary is part of the command line, and so of the first call of all.
_OWN = ("execve(",)

needs_strace = pytest.mark.skipif(
    sys.platform != "linux" or (shutil.which("strace") is None and "CI" not in os.environ),
    reason="needs strace",
)


@dataclass(frozen=True)
class Watched:
    """What a window said of the texts, and what the system saw it do."""

    shown: list[dict[str, Any]]
    opened: list[str]
    called: list[str]


def _watch(folder: Path, *arguments: str, limit_s: int = LIMIT_S) -> Watched:
    canary = folder / f"{CANARY}.png"
    canary.write_bytes(b"a file that nobody may open")
    log = folder / "calls"
    command: Sequence[str] = [
        *("strace", "-f", "-q", "--seccomp-bpf", "-s", "4096", "-o", str(log)),
        *("-e", "trace=%file,%network", "-e", "signal=none"),
        *(sys.executable, "-m", "tests.flows.hostile_window", str(canary), *arguments),
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DBUS")}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=limit_s
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    lines = log.read_text(errors="replace").splitlines()
    opened = [line[:300] for line in lines if CANARY in line and not _is_own(line)]
    return Watched([json.loads(line) for line in done.stdout.splitlines()], opened, _calls(lines))


def _is_own(line: str) -> bool:
    return any(name in line for name in _OWN)


def _calls(lines: Sequence[str]) -> list[str]:
    """Sockets of another kind than the machine's own, and connections through them."""
    found = []
    for line in lines:
        socket = _SOCKET.search(line)
        if (socket and socket.group(1) != "AF_UNIX") or "AF_INET" in line or "AF_NETLINK" in line:
            found.append(line[:300])
    return found


def _check(watched: Watched, count: int) -> None:
    assert len(watched.shown) == count
    assert not watched.opened
    assert not watched.called
    hidden = {each["name"]: each["hidden"] for each in watched.shown if each["hidden"]}
    assert not hidden
    refers = {each["name"]: each["refers"] for each in watched.shown if each["refers"]}
    assert not refers


def test_there_are_more_than_a_hundred_texts_each_of_its_own(tmp_path: Path) -> None:
    every = payloads(tmp_path / "a.png")
    assert len(every) >= 100
    assert len({each.name for each in every}) == len(every)
    assert len({each.text for each in every}) == len(every)


@needs_strace
def test_what_a_model_writes_opens_no_file_sends_nothing_and_hides_nothing(
    tmp_path: Path,
) -> None:
    count = len([each for each in payloads(tmp_path / "a.png") if not each.is_giant])
    part = range(0, count, QUICK_PARTS)
    _check(_watch(tmp_path, "--short", "--part", f"0/{QUICK_PARTS}"), len(part))


@needs_strace
@pytest.mark.parametrize(
    ("how", "seen"), [("open", [CANARY]), ("connect", ["socket(AF_INET", ADDRESS])]
)
def test_the_watch_notices_a_window_that_opens_or_calls(
    tmp_path: Path, how: str, seen: list[str]
) -> None:
    watched = _watch(tmp_path, "--only", "html image", "--misbehave", how)
    found = [*watched.opened, *watched.called]
    assert len(found) == len(seen)
    assert all(word in line for word, line in zip(seen, found, strict=True))


@needs_strace
@pytest.mark.slow
@pytest.mark.timeout(LONG_LIMIT_S)
@pytest.mark.parametrize("kind", ["--short", "--giants"])
def test_all_texts_open_no_file_send_nothing_and_hide_nothing(tmp_path: Path, kind: str) -> None:
    every = payloads(tmp_path / "a.png")
    count = len([each for each in every if each.is_giant == (kind == "--giants")])
    _check(_watch(tmp_path, kind, limit_s=LONG_LIMIT_S), count)
