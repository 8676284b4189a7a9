"""One run of the real process tree, and its end by SIGKILL at a chosen moment.

For: the campaign. The launcher, the worker under the lock and whatever they started are killed
together, or one of the two alone. What the worker told is read to the last whole line.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import IO

import psutil

from tools.history_kills.lines import Line, Listener
from tools.history_kills.orders import Orders

ROOT = Path(__file__).resolve().parents[2]
# Stands in a command where the passphrase's descriptor comes.
PASSPHRASE = "<passphrase>"
# Bounds against hanging, not measurements.
_COMES_TO_IT_S = 60.0
ENDS_S = 30.0


class Target(StrEnum):
    """Who is killed."""

    TREE = "tree"
    CHAT = "chat"  # the locked process alone
    LAUNCHER = "launcher"  # then the locked process has to leave by itself


@dataclass(frozen=True)
class Moment:
    """When: `delay_s` after the `times`-th line of that kind or act; "" is the start."""

    after: str
    delay_s: float
    times: int = 1


@dataclass(frozen=True)
class Ended:
    """A run that was killed. `lines` is None where something outlived the kill."""

    lines: tuple[Line, ...] | None
    killed_at_s: float
    code: int
    errors: str


def run_and_kill(orders: Orders, words: Sequence[str], moment: Moment, target: Target) -> Ended:
    """Start the tree, let it come to the moment, kill it, read the rest."""
    errors_file = orders.folder.parent.parent / "errors.txt"
    process, pipe = _started(orders, words, errors_file)
    listener = Listener(pipe)
    if moment.after:
        seen = 0

        def is_it(line: Line) -> bool:
            nonlocal seen
            name = line["act"] if line["kind"] == "begin" else line["kind"]
            if name == moment.after:
                seen += 1
            return seen >= moment.times

        listener.wait_for(is_it, _COMES_TO_IT_S)
    time.sleep(moment.delay_s)
    killed_at_s = time.monotonic()
    kill(process.pid, target, Random(orders.seed))
    lines = listener.to_the_end(ENDS_S)
    if lines is None:
        kill(process.pid, Target.TREE, Random(0))
    if target is Target.LAUNCHER and lines:
        killed_at_s = lines[-1]["t"]
    code = process.wait(ENDS_S)
    return Ended(lines, killed_at_s, code, errors_file.read_text(errors="replace"))


def environment(folder: Path) -> dict[str, str]:
    """A home of its own beside the history, on a desktop without any keyring."""
    prepared = {"PITCHER_PREPARED": str(folder.parents[2] / "prepared")}
    home = {
        "PITCHER_HOME": str(folder.parent.parent),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder.parent / 'no-bus'}",
    }
    return prepared | dict(os.environ) | home


def passphrase_pipe(words: Sequence[str]) -> int:
    """A descriptor that gives the passphrase."""
    reader, writer = os.pipe()
    os.write(writer, "\t".join(words).encode() + b"\n")
    os.close(writer)
    return reader


def kill(launcher_id: int, target: Target, draw: Random) -> None:
    """SIGKILL for the launcher, what it started, or all of them in any order."""
    try:
        launcher = psutil.Process(launcher_id)
        below = launcher.children(recursive=True)
    except psutil.NoSuchProcess:
        return
    doomed = {
        Target.TREE: [launcher, *below],
        # Before there is one, its launcher: something has to end.
        Target.CHAT: below or [launcher],
        Target.LAUNCHER: [launcher],
    }[target]
    draw.shuffle(doomed)
    for process in doomed:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def _started(
    orders: Orders, words: Sequence[str], errors: Path
) -> tuple[subprocess.Popen[bytes], int]:
    """The launcher's process, and the pipe that the worker tells things on."""
    reader, writer = os.pipe()
    try:
        with open(errors, "wb") as stderr:
            process = started(
                ["-m", "tools.history_kills.launching", PASSPHRASE, orders.to_text()],
                orders.folder,
                words,
                writer,
                stderr,
            )
    finally:
        os.close(writer)
    return process, reader


def started(
    arguments: Sequence[str],
    folder: Path,
    words: Sequence[str],
    stdout: int | IO[bytes],
    stderr: IO[bytes],
    stdin: int | IO[bytes] = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """A Python with these arguments, of which PASSPHRASE is the descriptor's number."""
    passphrase = passphrase_pipe(words)
    given = [str(passphrase) if argument == PASSPHRASE else argument for argument in arguments]
    try:
        return subprocess.Popen(
            [sys.executable, *given],
            cwd=ROOT,
            env=environment(folder),
            pass_fds=[passphrase],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )
    finally:
        os.close(passphrase)
