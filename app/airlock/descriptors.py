"""What is open in this process: a socket handed over at its start would outlive the lock.

For: the launcher (it refuses such a socket before it starts anything) and the audit.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from app.airlock import native
from app.airlock.rules import AF_UNIX

_STANDARD_NAMES = ("input", "output", "error output")


@dataclass(frozen=True)
class OpenDescriptor:
    """One open descriptor. `family` is set for sockets."""

    number: int
    target: str
    family: int | None

    @property
    def reaches_network(self) -> bool:
        """Whether it is a socket of any family but AF_UNIX, or a ring that can make one."""
        return self.family not in (None, AF_UNIX) or self.target == "anon_inode:[io_uring]"


def open_descriptors() -> tuple[OpenDescriptor, ...]:
    """Every open descriptor of this process, in order (Linux; empty elsewhere)."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return ()
    numbers = sorted(int(name) for name in os.listdir(folder))
    return tuple(found for number in numbers if (found := _describe(folder, number)))


def fill_standard() -> None:
    """Give closed standard descriptors to /dev/null, so that no pipe of ours lands there."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < len(_STANDARD_NAMES):
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def standard_problem() -> str | None:
    """Why input or output may not be passed on to the chat process; None where it may."""
    for found in open_descriptors()[:3]:
        if found.number < len(_STANDARD_NAMES) and found.reaches_network:
            name = _STANDARD_NAMES[found.number]
            return (
                f"Standard {name} is a network connection, which would be a way around the "
                "lock. Connect it through a pipe or a terminal."
            )
    return None


def passphrase_problem(number: int) -> str | None:
    """Why a passphrase may not be read from there; None where it may.

    A pipe, a file or a terminal. Never a socket of any kind: it would reach out of the lock.
    """
    try:
        mode = os.fstat(number).st_mode
    except (OSError, OverflowError):
        return f"Descriptor {number} is not open. Open it for the passphrase: {number}<FILE."
    if stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or os.isatty(number):
        return None
    return f"Descriptor {number} is no pipe, file or terminal. Give the passphrase by one."


def _describe(folder: Path, number: int) -> OpenDescriptor | None:
    try:
        target = os.readlink(folder / str(number))
    except FileNotFoundError:
        return None  # it was the listing's own
    is_socket = target.startswith("socket:")
    return OpenDescriptor(number, target, native.socket_family(number) if is_socket else None)
