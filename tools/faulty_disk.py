"""A disk that fails on demand: builds `faulty_disk.c` and steers it from outside or inside.

For: `fault_history` and the tests of disks that fail. The library is preloaded into a program;
what it counts and fails is told through a small file that both map.
"""

from __future__ import annotations

import errno
import mmap
import struct
import subprocess
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "tests" / "flows" / "native" / "faulty_disk.c"
EVER = (1 << 64) - 1

# `struct control` of the source: seen, first, last, failed; counted, failing, code, is_short,
# first_failed; where; trace.
_NUMBERS = struct.Struct("<4Q")
_FAULT = struct.Struct("<QQ")
_FAILING = struct.Struct("<IIiI")
_FIRST_FAILED = struct.Struct("<I")
_FAULT_AT, _FAILING_AT = 8, 32
_FIRST_FAILED_AT, _WHERE_AT = 48, 52
_WHERE_BYTES, _TRACED = 4096, 65536
_TRACE_AT = _WHERE_AT + _WHERE_BYTES
_SIZE_BYTES = (_TRACE_AT + _TRACED + 7) // 8 * 8


class Operation(IntFlag):
    """What a program asks of a disk."""

    WRITE = 1
    SYNC = 2
    RENAME = 4
    CREATE = 8
    REMOVE = 16
    SIZE = 32
    READ = 64
    MODE = 128


CHANGES = (
    Operation.WRITE
    | Operation.SYNC
    | Operation.RENAME
    | Operation.CREATE
    | Operation.REMOVE
    | Operation.SIZE
    | Operation.MODE
)


@dataclass(frozen=True)
class Fault:
    """How a disk fails. `counted` are the operations of which the first is chosen; once that is
    reached, `failing` ones fail with `code`: one, or all until the fault is lifted.

    `is_short`: that first one writes half, and says so; without a code nothing else happens.
    """

    name: str
    code: int
    lasts: bool
    counted: Operation = CHANGES
    failing: Operation = CHANGES
    is_short: bool = False

    @property
    def begins_at(self) -> Operation:
        """The kinds of operation that it can begin with."""
        return Operation.WRITE if self.is_short else self.failing


# A full disk still lets go of what it has.
_TAKES_ROOM = CHANGES & ~(Operation.REMOVE | Operation.MODE)
FAULTS = (
    Fault("full", errno.ENOSPC, True, failing=_TAKES_ROOM),
    Fault("full once", errno.ENOSPC, False, failing=_TAKES_ROOM),
    Fault("over quota", errno.EDQUOT, True, failing=_TAKES_ROOM),
    Fault("broken", errno.EIO, True),
    Fault("broken once", errno.EIO, False),
    Fault("never flushes", errno.EIO, True, failing=Operation.SYNC),
    Fault("read-only", errno.EROFS, True),
    Fault("short once", 0, False, is_short=True),
    Fault("short, then full", errno.ENOSPC, True, failing=_TAKES_ROOM, is_short=True),
    Fault("unreadable", errno.EIO, True, counted=Operation.READ, failing=Operation.READ),
    Fault("unreadable once", errno.EIO, False, counted=Operation.READ, failing=Operation.READ),
)


def build(folder: Path) -> Path:
    """The library, compiled into `folder`. Raises subprocess.CalledProcessError, OSError."""
    library = folder / "faulty_disk.so"
    command = ["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"]
    subprocess.run([*command, "-o", library, SOURCE, "-ldl"], check=True)
    return library


class Disk:
    """The control file, mapped."""

    def __init__(self, control: Path) -> None:
        """Opens it, or makes it."""
        with open(control, "a+b") as file:
            file.truncate(_SIZE_BYTES)
            self._shared = mmap.mmap(file.fileno(), _SIZE_BYTES)

    def environment(self, library: Path, control: Path, folder: Path) -> dict[str, str]:
        """What a program's environment needs on top."""
        return {
            "LD_PRELOAD": str(library),
            "FAULTY_CONTROL": str(control),
            "FAULTY_FOLDER": str(folder),
        }

    def count(self, counted: Operation) -> None:
        """Count from 0, and fail nothing."""
        self._shared[: _NUMBERS.size] = bytes(_NUMBERS.size)
        self._shared[_FAILING_AT : _FAILING_AT + 16] = _FAILING.pack(counted, 0, 0, 0)

    def break_at(self, fault: Fault, first: int) -> None:
        """Count from 0, and fail from the operation number `first` on, counted from 1."""
        self.count(fault.counted)
        told = (fault.counted, fault.failing, fault.code, int(fault.is_short))
        self._shared[_FAILING_AT : _FAILING_AT + 16] = _FAILING.pack(*told)
        last = EVER if fault.lasts else first
        self._shared[_FAULT_AT : _FAULT_AT + 16] = _FAULT.pack(first, last)

    def mend(self) -> None:
        """From now on nothing fails."""
        self._shared[_FAULT_AT : _FAULT_AT + 16] = bytes(16)

    @property
    def failed(self) -> int:
        """How many operations failed."""
        return int(_NUMBERS.unpack_from(self._shared)[3])

    @property
    def seen(self) -> list[Operation]:
        """The kinds of all counted operations, in order."""
        count = min(_TRACED, _NUMBERS.unpack_from(self._shared)[0])
        return [Operation(kind) for kind in self._shared[_TRACE_AT : _TRACE_AT + count]]

    @property
    def first_failed(self) -> str:
        """The first operation that failed, and on what; empty where none did."""
        if self.failed == 0:
            return ""
        (kind,) = _FIRST_FAILED.unpack_from(self._shared, _FIRST_FAILED_AT)
        where = self._shared[_WHERE_AT:_TRACE_AT].split(b"\0")[0].decode(errors="replace")
        return f"{Operation(kind).name} {where}"
