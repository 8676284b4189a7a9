"""Keeps the mark of an open database, and writes its log back before it grows long.

For: `history.py`, which puts one on each database it opens and closes it through this. It takes
the place of SQLite's own automatic checkpoint, because both hang on the same hook.
"""

from __future__ import annotations

import logging
import os
from io import FileIO

import apsw

from app.chats.database import Database
from app.chats.database_errors import files_translated
from app.chats.upkeep.wal_file import read_salts
from app.chats.upkeep.wal_mark import NO_SALTS, Mark, mark_path, pack, wal_path, written_ns

# Half of SQLite's own: a shorter log is less to lose, and is read at a start in 50 ms.
_CHECKPOINT_PAGES = 500
_log = logging.getLogger(__name__)


class WalWatch:
    """Follows one database from now until `close`."""

    def __init__(self, database: Database) -> None:
        """Mark the database as open. Raises DiskFullError, DiskFailedError, StoreError."""
        self._database = database
        self._path = database.path
        with files_translated():
            self._file = FileIO(mark_path(self._path), "r+", opener=_made_if_missing)
        database.connection.set_wal_hook(self._committed)
        # What a killed run left in the log is written back now, and known to the mark.
        self._mark(*self._written_back(database.connection))

    def close(self) -> None:
        """Close the database and mark it as left in order; a second call does nothing.

        Raises StoreError, as `Database.close` does; then the mark stays at open.
        """
        if self._file.closed:
            return
        try:
            self._database.close()
            # A backup that still reads keeps the log alive: then this was no clean end.
            if not wal_path(self._path).exists():
                with files_translated():
                    self._write(Mark(is_open=False))
        finally:
            self._file.close()

    def _committed(self, connection: apsw.Connection, schema: str, pages: int) -> int:
        """After each commit. What fails here must not fail the commit, which has happened."""
        backfilled = 0
        if pages >= _CHECKPOINT_PAGES:
            _, backfilled = self._written_back(connection)
        self._mark(pages, backfilled)
        return apsw.SQLITE_OK

    def _written_back(self, connection: apsw.Connection) -> tuple[int, int]:
        """The log's frames, and how many of them are in the database too; 0, 0 if it failed."""
        try:
            frames, backfilled = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except apsw.Error as error:
            _log.warning("the log could not be written back: %s", type(error).__name__)
            return 0, 0
        return max(0, frames), max(0, backfilled)

    def _mark(self, frames: int, backfilled: int) -> None:
        try:
            salts = read_salts(wal_path(self._path)) or NO_SALTS
            self._write(Mark(True, salts, frames, backfilled, written_ns(self._path)))
        except OSError as error:
            # An older mark only knows less.
            _log.warning("the mark could not be written: %s", error.strerror)

    def _write(self, mark: Mark) -> None:
        self._file.seek(0)
        self._file.write(pack(mark))


def _made_if_missing(path: str, flags: int) -> int:
    """A mark is counts alone: what is no file in its place goes. Raises OSError."""
    if os.path.lexists(path) and not os.path.isfile(path):
        os.unlink(path)
    return os.open(path, flags | os.O_CREAT, 0o600)
