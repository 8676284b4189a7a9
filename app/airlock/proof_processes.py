"""What the kernel says of the lock on each process of the program: the lines of /proc/PID/status.

For: the report that an auditor keeps, and the privacy page. Linux alone; elsewhere there are no
such lines. Of a command line only the role is read: the rest may be somebody's words.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.airlock.command import Role, split_role

_LINES = (
    "Uid",
    "NoNewPrivs",
    "Seccomp",
    "Seccomp_filters",
    "CapInh",
    "CapPrm",
    "CapEff",
    "CapBnd",
    "CapAmb",
)
_FILTERED = "2"  # the kernel's number for a process under a filter
_MAIN_NAMES = ("main.py", "pitcher")
_PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessLock:
    """One process. `role` is None where it is none of ours (what started the program)."""

    process_id: int
    parent_id: int
    role: Role | None
    lines: tuple[tuple[str, str], ...]

    @property
    def is_filtered(self) -> bool:
        """Whether a filter of system calls is on it."""
        return dict(self.lines).get("Seccomp") == _FILTERED


def processes(proc: Path = _PROC, own_id: int | None = None) -> tuple[ProcessLock, ...]:
    """This process, the launcher that started it, and all that either started."""
    own = os.getpid() if own_id is None else own_id
    found = {each.process_id: each for each in _every_process(proc)}
    if own not in found:
        return ()
    parent = found.get(found[own].parent_id)
    root = parent if parent is not None and parent.role is Role.LAUNCHER else found[own]
    return (root, *_below(root, found))


def _below(root: ProcessLock, found: dict[int, ProcessLock]) -> Iterator[ProcessLock]:
    for each in found.values():
        if each.parent_id == root.process_id:
            yield each
            yield from _below(each, found)


def _every_process(proc: Path) -> Iterator[ProcessLock]:
    """All that this system shows us; what ends meanwhile is left out."""
    try:
        numbers = sorted(int(name) for name in os.listdir(proc) if name.isdecimal())
    except OSError:
        return
    for number in numbers:
        with suppress(OSError):
            yield _read(proc / str(number), number)


def _read(folder: Path, number: int) -> ProcessLock:
    text = (folder / "status").read_text(encoding="utf-8", errors="replace")
    pairs = (line.partition(":") for line in text.splitlines())
    said = {name: " ".join(value.split()) for name, _, value in pairs}
    lines = tuple((name, said[name]) for name in _LINES if name in said)
    parent = said.get("PPid", "0")
    return ProcessLock(number, int(parent) if parent.isdecimal() else 0, _role(folder), lines)


def _role(folder: Path) -> Role | None:
    try:
        words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    for place, word in enumerate(words[:8]):
        if os.path.basename(word) in _MAIN_NAMES:
            with suppress(ValueError):
                return split_role(words[place + 1 :])[0]
            return None
    return None
