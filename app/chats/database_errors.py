"""SQLite's errors, as the history's own: one sentence each, and no word of what was stored.

For: everything that touches a database by itself. It repairs nothing.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from app.chats.errors import (
    DamagedError,
    DiskFailedError,
    DiskFullError,
    StoreBusyError,
    StoreError,
    WrongKeyError,
)
from inference.sentence import said, system_words

_FULL = said("The disk is full. Nothing that was saved is lost; free some space and try again.")
_FAILED = said(
    "The disk refused to read or write the history. What was saved before is safe; "
    "check the disk and try again."
)
_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
# Those that SQLite turns into SQLITE_CORRUPT.
_UNREADABLE_ERRNOS = frozenset({errno.EIO, errno.ENXIO, errno.ERANGE})
_READ_AT_ONCE_BYTES = 1 << 20

_BY_KIND: tuple[tuple[type[apsw.Error], type[StoreError], str], ...] = (
    (apsw.FullError, DiskFullError, _FULL),
    (apsw.IOError, DiskFailedError, _FAILED),
    (
        apsw.NotADBError,
        WrongKeyError,
        said(
            "The key does not open this history, or the start of its file is damaged. "
            "Nothing was changed; try again, or restore a backup."
        ),
    ),
    (
        apsw.CorruptError,
        DamagedError,
        said(
            "Part of the history's file is damaged. Nothing was changed; a backup can be restored."
        ),
    ),
    (
        apsw.BusyError,
        StoreBusyError,
        said("Another program is using the history. Nothing is lost; close it and try again."),
    ),
    (
        apsw.ReadOnlyError,
        StoreError,
        said(
            "The history may only be read here. Nothing is lost; allow writing to its folder "
            "and try again."
        ),
    ),
    (
        apsw.CantOpenError,
        StoreError,
        said(
            "The history's file can't be opened. Nothing was changed; check that its folder "
            "may be read and written."
        ),
    ),
    (
        apsw.NoMemError,
        StoreError,
        said(
            "The memory is used up. Nothing that was saved is lost; close another program and try "
            "again."
        ),
    ),
    (
        apsw.TooBigError,
        StoreError,
        said("The text is too long to be kept. Nothing was changed; choose a shorter one."),
    ),
    (
        apsw.ConnectionClosedError,
        StoreError,
        said("The history is closed. Nothing is lost; open it again to go on."),
    ),
)


@contextmanager
def translated(connection: apsw.Connection | None = None) -> Iterator[None]:
    """Turn SQLite's errors inside the block into StoreErrors.

    `connection`, where there is one, tells a full disk from a broken one, and a broken one from
    damaged bytes.
    """
    try:
        yield
    except apsw.Error as error:
        raise _store_error(error, connection) from error


@contextmanager
def files_translated() -> Iterator[None]:
    """Turn the file system's own errors inside the block into StoreErrors."""
    try:
        yield
    except OSError as error:
        raise _file_error(error) from error


def _store_error(error: apsw.Error, connection: apsw.Connection | None) -> StoreError:
    if isinstance(error, apsw.IOError | apsw.CantOpenError) and _ran_full(connection):
        return DiskFullError(_FULL)
    if isinstance(error, apsw.CantOpenError) and _refuses_new_files(connection):
        return DiskFullError(_FULL)
    is_taken_for_damage = isinstance(error, apsw.CorruptError | apsw.NotADBError)
    if is_taken_for_damage and connection is not None and was_unreadable(connection):
        return DiskFailedError(_FAILED)
    for kind, ours, sentence in _BY_KIND:
        if isinstance(error, kind):
            return ours(sentence)
    return StoreError(
        said(
            "The history refused this ({error}). Nothing was changed; try again, and "
            "check the history if it happens again.",
            error=error,
        )
    )


def _ran_full(connection: apsw.Connection | None) -> bool:
    # SQLite itself calls a used-up quota, or a full disk under its shared memory, an I/O error.
    try:
        return connection is not None and connection.system_errno in _FULL_ERRNOS
    except apsw.ConnectionClosedError:
        return False


def _refuses_new_files(connection: apsw.Connection | None) -> bool:
    """Whether a log could not be made because the disk is full: SQLite then tries to read what
    is not there, and tells the errno of that.
    """
    if connection is None or not connection.filename:
        return False
    probe = Path(connection.filename).with_name(".reading-room")
    try:
        os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        probe.unlink()
    except OSError as error:
        return error.errno in _FULL_ERRNOS
    return False


def was_unreadable(connection: apsw.Connection) -> bool:
    """Whether the disk refused to be read, which SQLite calls damage like any other."""
    last = ctypes.c_int(0)
    try:
        connection.file_control("main", apsw.SQLITE_FCNTL_LAST_ERRNO, ctypes.addressof(last))
        log = connection.filename_wal
    except apsw.Error:
        return False
    return last.value in _UNREADABLE_ERRNOS or _is_unreadable(log)


def _is_unreadable(log: str) -> bool:
    # Of the log SQLite tells no errno; nobody locks that file, so it may be opened and closed.
    try:
        with open(log, "rb") as file:
            while file.read(_READ_AT_ONCE_BYTES):
                pass
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _file_error(error: OSError) -> StoreError:
    if error.errno in _FULL_ERRNOS:
        return DiskFullError(_FULL)
    if error.errno == errno.EIO:
        return DiskFailedError(_FAILED)
    return StoreError(
        said(
            "The history's file can't be reached ({why}). Nothing was changed; check "
            "that its folder may be read and written.",
            why=system_words(error),
        )
    )
