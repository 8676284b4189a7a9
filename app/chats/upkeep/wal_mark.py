"""A mark beside the database: how far its write-ahead log had come, and how the program left.

For: opening a history. SQLite drops a damaged end of its log silently, and with it messages
that were acknowledged; the mark, written after each commit, says that they were there. It holds
counts only. It is not flushed, so that it costs no time: after a power cut it may be older than
the log, never newer, and a loss may then go unseen. What it can't tell at all: a log and mark
that were both put back together from an earlier moment.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.chats.database_errors import files_translated
from app.chats.upkeep.disk import check_holds_a_page, open_plain
from app.chats.upkeep.wal_file import WalContent, read_wal

MARK_NAME = "history.mark"
_LAYOUT = struct.Struct("<8s?8sQQQ")
_SUM = struct.Struct("<I")
_MAGIC = b"PITMARK1"
NO_SALTS = bytes(8)


class WalLoss(StrEnum):
    """What became of the log's transactions since the program last ran.

    REDUNDANT: the log is damaged, but all of it had been written into the database: without
    the log nothing is lost, with it old pages would cover new ones. LOST: the last
    transactions are gone.
    """

    NONE = "none"
    REDUNDANT = "redundant"
    LOST = "lost"


@dataclass(frozen=True)
class LastExit:
    """How the program left the history the last time."""

    was_clean: bool
    loss: WalLoss


@dataclass(frozen=True)
class Mark:
    """`frames` of the round `salts` were on the disk, `backfilled` of them in the database too.

    `database_ns` is when the database file itself was last written.
    """

    is_open: bool
    salts: bytes = NO_SALTS
    frames: int = 0
    backfilled: int = 0
    database_ns: int = 0


def mark_path(database: Path) -> Path:
    """Where the mark of a database lies."""
    return database.with_name(MARK_NAME)


def pack(mark: Mark) -> bytes:
    """The bytes of a mark, always as many."""
    stored = _LAYOUT.pack(
        _MAGIC, mark.is_open, mark.salts, mark.frames, mark.backfilled, mark.database_ns
    )
    return stored + _SUM.pack(zlib.crc32(stored))


def read_mark(database: Path) -> Mark | None:
    """The mark of a database; None where it is missing, damaged or no file. Raises OSError.

    Never waits: a pipe in its place is not read.
    """
    file = mark_path(database)
    if os.path.lexists(file) and not file.is_file():
        return None
    try:
        with open_plain(file) as stream:
            stored = stream.read(_LAYOUT.size + _SUM.size + 1)
    except FileNotFoundError:
        return None
    if len(stored) != _LAYOUT.size + _SUM.size:
        return None
    if _SUM.unpack_from(stored, _LAYOUT.size)[0] != zlib.crc32(stored[: _LAYOUT.size]):
        return None
    magic, is_open, *rest = _LAYOUT.unpack_from(stored)
    return Mark(is_open, *rest) if magic == _MAGIC else None


def written_ns(database: Path) -> int:
    """When the file was last written; 0 where there is none. Raises OSError."""
    # By its name, never opened: closing any descriptor of it would drop SQLite's locks.
    try:
        return os.stat(database).st_mtime_ns
    except FileNotFoundError:
        return 0


def wal_path(database: Path) -> Path:
    """Where SQLite keeps the log of a database."""
    return database.with_name(database.name + "-wal")


def examine(database: Path) -> LastExit:
    """Look at what the last run left, before SQLite opens it: opening may end the evidence.

    Costs 0.1 ms for each page that is still in the log. Raises DamagedError where the database
    is cut off so short that SQLite might begin a new one in it; DiskFailedError, StoreError.
    """
    with files_translated():
        check_holds_a_page(database)
        mark = read_mark(database)
        log = read_wal(wal_path(database))
        was_clean = mark is not None and not mark.is_open and log.size_bytes == 0
        return LastExit(was_clean, _loss(mark, log, written_ns(database)))


def _loss(mark: Mark | None, log: WalContent, database_ns: int) -> WalLoss:
    if not log.goes_on and not _falls_short(mark, log, database_ns):
        return WalLoss.NONE
    is_redundant = (
        mark is not None
        and mark.is_open
        and 0 < mark.frames == mark.backfilled
        and log.salts in (mark.salts, None)
    )
    return WalLoss.REDUNDANT if is_redundant else WalLoss.LOST


def _falls_short(mark: Mark | None, log: WalContent, database_ns: int) -> bool:
    """Whether the mark knows of frames that the log no longer has."""
    if mark is None or not mark.is_open or mark.frames == 0:
        return False
    if log.size_bytes == 0:
        # SQLite empties a log only after writing all of it into the database.
        return mark.backfilled < mark.frames and database_ns == mark.database_ns
    if log.salts is None:
        return True
    # Of another round than the mark's: begun after it, and the old one was written back.
    return log.salts == mark.salts and log.committed_frames < mark.frames
