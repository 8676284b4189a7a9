"""A Landlock domain that is an allow-list of files, for the courier.

For: `lockdown`. Whatever no rule names can't be opened, listed, made, renamed or cut short,
whoever this user is. What Landlock does not know stays with the other layers: connecting to Unix
sockets, reading what is already open, and, before its version 3, truncating.

Version 2 is the first that is used: before it, a file could not be renamed into another folder,
which is how a complete model gets its place.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from app.airlock import landlock
from app.airlock.syscalls import Architecture

FIRST_VERSION = landlock.FIRST_VERSION_WITH_REFER
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_ALL_OF_VERSION_1 = (1 << 13) - 1
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_SINCE = ((2, landlock.FS_REFER), (3, _TRUNCATE), (5, _IOCTL_DEV))
_SIGNALS = 1 << 1  # LANDLOCK_SCOPE_SIGNAL
_FIRST_WITH_SCOPES = 6
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV

_READING = _EXECUTE | _READ_FILE | _READ_DIR
_USING = _READ_FILE | _WRITE_FILE | _IOCTL_DEV


@dataclass(frozen=True)
class AllowList:
    """What may be read (with all that lies below), written below, used as a device, and listed:
    names alone. Those that are not there are left out.
    """

    read: tuple[Path, ...]
    write: tuple[Path, ...]
    use: tuple[Path, ...] = ()
    listed: tuple[Path, ...] = ()


def is_possible(architecture: Architecture) -> bool:
    """Whether this kernel can hold a process to such a list."""
    return landlock.version(architecture) >= FIRST_VERSION


def make(allowed: AllowList, architecture: Architecture) -> int:
    """A ruleset's descriptor, to be entered after the fork and closed. Raises OSError."""
    version = landlock.version(architecture)
    handled = _handled(version)
    with ExitStack() as undo:
        ruleset = _create(handled, version, architecture)
        undo.callback(os.close, ruleset)
        writing = handled & ~_EXECUTE
        for paths, rights in (
            (allowed.read, _READING),
            (allowed.write, writing),
            (allowed.use, _USING),
            (allowed.listed, _READ_DIR),
        ):
            _add(ruleset, paths, rights & handled, architecture)
        undo.pop_all()
    return ruleset


def _handled(version: int) -> int:
    rights = _ALL_OF_VERSION_1
    for since, right in _SINCE:
        if version >= since:
            rights |= right
    return rights


def _create(files: int, version: int, architecture: Architecture) -> int:
    """No TCP port is ever listened on; from version 6 on no process outside gets a signal."""
    network = landlock.NET_BIND_TCP if version >= landlock.FIRST_VERSION_WITH_NETWORK else 0
    scopes = _SIGNALS if version >= _FIRST_WITH_SCOPES else 0
    return landlock.create(architecture, files=files, network=network, scopes=scopes)


def _add(ruleset: int, paths: Sequence[Path], rights: int, architecture: Architecture) -> None:
    for path in paths:
        try:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # what can't be reached now needs no rule
        _add_one(ruleset, handle, rights, architecture)


def _add_one(ruleset: int, handle: int, rights: int, architecture: Architecture) -> None:
    """A rule for what `handle` is open on, which it closes. Raises OSError."""
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            rights &= _OF_FILES
        landlock.allow_beneath(ruleset, handle, rights, architecture)
    finally:
        os.close(handle)
