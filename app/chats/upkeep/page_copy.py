"""All pages of a database, read from one moment and written elsewhere, or nowhere.

For: backups, and checks that must read every page. A copy is encrypted under the same key from
its first byte: no page of it is ever plain outside this process's memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import apsw

from app.chats.database import Database
from app.chats.database_errors import files_translated, translated
from app.chats.errors import BackupError
from app.chats.upkeep.disk import check_holds_a_page

_PAGES_AT_ONCE = 256
_KEY_SQL = "PRAGMA cipher = 'chacha20'; PRAGMA key = 'raw:{}'"


def go_on_always() -> bool:
    """For copies that no one stops."""
    return True


def open_whole(path: Path, key: bytes) -> Database:
    """`Database.open` for a file that was there before; raises as that, and DamagedError where
    SQLite would take what is left of a file for a new one.
    """
    with files_translated():
        check_holds_a_page(path)
    return Database.open(path, key)


def empty_log(database: Database) -> None:
    """Write the log back and cut it to nothing.

    Raises StoreBusyError while another connection still reads from it; StoreError.
    """
    with database.held(), translated(database.connection):
        database.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)


def write_back(path: Path, key: bytes) -> None:
    """See that one file is all of a database that is not open: its log is written into it.

    Closing does the same and says nothing where it fails. Raises as `open_whole`, StoreError.
    """
    database = open_whole(path, key)
    try:
        empty_log(database)
    finally:
        database.close()


def copy_database(
    source: Path, target: Path, key: bytes, go_on: Callable[[], bool] = go_on_always
) -> None:
    """Copy the database `source` as it is now to the new file `target`, not yet flushed.

    Writers of `source` never wait: the copy reads one moment, and a log that grows meanwhile
    is written back when the copy is done. `go_on` is asked before each MB; after a no,
    BackupError. Raises DamagedError when a page of the source is damaged; other StoreErrors.
    """
    database = open_whole(source, key)
    try:
        with files_translated():
            target.touch(mode=0o600, exist_ok=False)
        _copy(database, _keyed(target, key, None), go_on)
    finally:
        database.close()


def read_all_pages(
    database: Database, key: bytes, go_on: Callable[[], bool] = go_on_always
) -> None:
    """Read every page, free ones too, from the disk or this connection's memory.

    Takes a file of 0 bytes beside the database meanwhile. Raises as `copy_database`.
    """
    beside = database.path.with_name(".reading")
    nowhere = _Nowhere()
    try:
        with files_translated():
            beside.touch(mode=0o600)
        _copy(database, _keyed(beside, key, nowhere.name), go_on)
    finally:
        nowhere.unregister()
        with suppress(OSError):  # empty; what is left is used the next time
            beside.unlink()


def _keyed(path: Path, key: bytes, vfs: str | None) -> apsw.Connection:
    with translated():
        target = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
        try:
            target.execute(_KEY_SQL.format(key.hex()), can_cache=False).fetchall()
            # It is new, and thrown away unless all of it came: nothing to roll back to.
            sql = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1024"
            target.execute(sql).fetchall()
        except BaseException:
            target.close()
            raise
        return target


def _copy(database: Database, target: apsw.Connection, go_on: Callable[[], bool]) -> None:
    source = database.connection
    try:
        with translated(target), translated(source):
            # A read that stays open holds the moment, so that writers never make it begin anew.
            source.execute("BEGIN; SELECT count(*) FROM sqlite_schema").fetchall()
            try:
                with target.backup("main", source, "main") as copying:
                    while not copying.done:
                        if not go_on():
                            raise BackupError("The backup was stopped. The history is safe.")
                        copying.step(_PAGES_AT_ONCE)
            finally:
                source.execute("ROLLBACK")
            target.close()
    finally:
        target.close(True)


class _Nothing(apsw.VFSFile):
    """A file that forgets what is written to it."""

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        pass


class _Nowhere(apsw.VFS):
    def __init__(self) -> None:
        # Of the cipher's kind: SQLite copies pages only between databases of one form.
        self._base = next(name for name in apsw.vfs_names() if name.startswith("multipleciphers"))
        self.name = f"nowhere-{threading.get_ident()}"
        super().__init__(self.name, self._base)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _Nothing:  # noqa: N802
        return _Nothing(self._base, name, flags)
