"""Plays hostile texts in windows that strace watches, and keeps what came of each as it goes.

For `test_hostile_output`. A window that ends or hangs at a text loses that text alone: the next one
goes on with those after it. Each result is a line of JSON in the file that PITCHER_HOSTILE_LOG
names, else in the test's own folder, written before the next text is played; `pytest -s` shows the
same in words.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.flows.commands import ROOT
from tests.flows.hostile_payloads import CANARY

LOG = "PITCHER_HOSTILE_LOG"
PLAYER = (sys.executable, "-m", "tests.flows.hostile_window")
_LOOK_S = 0.1
_TOLD_CHARACTERS = 2_000
_SOCKET = re.compile(r"\b(?:socket|socketpair)\((\w+)")
# The canary is part of the command line, and so of the first call of all.
_OWN = ("execve(",)


@dataclass
class Watched:
    """What windows said of the texts, and what the system saw them do. `lost`: texts at which a
    window ended or hung, and its last words.
    """

    shown: list[dict[str, Any]] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)

    def faults(self) -> dict[str, object]:
        """All that must not be, by what it is; empty where all is well."""
        found: dict[str, object] = {
            "lost": self.lost,
            "opened": self.opened,
            "called": self.called,
            "hidden": {each["name"]: each["hidden"] for each in self.shown if each["hidden"]},
            "refers": {each["name"]: each["refers"] for each in self.shown if each["refers"]},
        }
        return {name: what for name, what in found.items() if what}


class Run:
    """Texts by their names, in as many windows as it takes. `limit_s`: the longest for one text."""

    def __init__(self, folder: Path, limit_s: float, player: Sequence[str] = PLAYER) -> None:
        self._folder = folder
        self._limit_s = limit_s
        self._player = player
        self._windows = 0
        self._log = Path(os.environ.get(LOG) or folder / "results.jsonl")
        self._canary = folder / f"{CANARY}.png"
        self._canary.write_bytes(b"a file that nobody may open")

    def play(self, names: Sequence[str], *arguments: str) -> Watched:
        """All of them, in the order in which the window plays them; and what was seen of it."""
        watched = Watched()
        left = list(names)
        while left:
            shown, why = self._play_on(left, arguments, watched)
            watched.shown += shown
            if not why:
                break
            at, *left = left[len(shown) :] or ["the end"]
            watched.lost[at] = why
            self._tell({"name": at, "lost": why})
        return watched

    def _play_on(
        self, names: Sequence[str], arguments: Sequence[str], watched: Watched
    ) -> tuple[list[dict[str, Any]], str]:
        """One window, as long as it goes on; what it said, and why it ended too early, or ""."""
        self._windows += 1
        out, errors, calls = (
            self._folder / f"{name}-{self._windows}" for name in ("shown", "errors", "calls")
        )
        command = [
            *("strace", "-f", "-q", "--seccomp-bpf", "-s", "4096", "-o", str(calls)),
            *("-e", "trace=%file,%network", "-e", "signal=none"),
            *(*self._player, str(self._canary), *arguments, "--only", *names),
        ]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DBUS")}
        with open(out, "wb") as told, open(errors, "wb") as complained:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=complained,
                start_new_session=True,
            )
            try:
                shown, why = self._follow(process, out)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        opened, called = _seen_in(calls)
        watched.opened += opened
        watched.called += called
        if opened or called:
            self._tell({"window": self._windows, "opened": opened, "called": called})
        if why or len(shown) < len(names):
            last = errors.read_text(errors="replace")[-_TOLD_CHARACTERS:]
            why = f"{why or 'it ended'}: {last}"
        return shown, why

    def _follow(self, process: subprocess.Popen[bytes], out: Path) -> tuple[list[Any], str]:
        """What it says, until it ends or says nothing for too long."""
        shown: list[dict[str, Any]] = []
        moved_s = time.monotonic()
        while True:
            has_ended = process.poll() is not None
            for line in _whole_lines(out)[len(shown) :]:
                shown.append(json.loads(line))
                self._tell(shown[-1])
                moved_s = time.monotonic()
            if has_ended:
                return shown, f"exit code {process.returncode}" if process.returncode else ""
            if time.monotonic() - moved_s > self._limit_s:
                return shown, f"nothing came for {self._limit_s:.0f} s"
            time.sleep(_LOOK_S)

    def _tell(self, result: dict[str, Any]) -> None:
        """On the disk, before anything else can end this process."""
        with open(self._log, "a", encoding="utf-8") as log:
            log.write(json.dumps({"at": time.strftime("%H:%M:%S"), **result}) + "\n")
            log.flush()
            os.fsync(log.fileno())
        print(in_words(result), flush=True)


def in_words(result: dict[str, Any]) -> str:
    """A result in a line."""
    worst: dict[str, float] = result.get("worst_ms", {})
    where = max(worst, key=lambda place: worst[place], default="")
    told = [str(result.get("name", "a window"))]
    told += [f"{worst[where]:.0f} ms in {where}"] if where else []
    kinds = ("hidden", "refers", "lost", "opened", "called")
    told += [f"{kind}: {result[kind]!a}" for kind in kinds if result.get(kind)]
    return "; ".join(told)


def _whole_lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()


def _seen_in(calls: Path) -> tuple[list[str], list[str]]:
    """Calls on the file that nobody may open; sockets of another kind than the machine's own, and
    connections through them.
    """
    opened, called = [], []
    for line in _lines(calls):
        socket = _SOCKET.search(line)
        if CANARY in line and not any(name in line for name in _OWN):
            opened.append(line[:300])
        if (socket and socket.group(1) != "AF_UNIX") or "AF_INET" in line or "AF_NETLINK" in line:
            called.append(line[:300])
    return opened, called


def _lines(file: Path) -> Iterator[str]:
    """A long run's are many."""
    with open(file, encoding="utf-8", errors="replace") as stream:
        yield from stream
