"""One encrypted SQLite file: opened under a raw key, written in transactions, errors in sentences.

For: the store, the migrations and the upkeep. It knows pages, not chats: no table is named
here, and where the key comes from is the vault's business.

A wrong key and a damaged first page look the same to SQLite (NOTADB, here `WrongKeyError`):
whoever can check the key against the envelope tells them apart.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from app.chats import first_match, words
from app.chats.database_errors import files_translated, translated
from app.chats.errors import DamagedError, DiskFailedError, StoreError
from inference.sentence import said

__all__ = ["KEY_BYTES", "Database", "Row", "translated"]

# Values are what the tables, which are STRICT, say: no reader checks them again.
Row = tuple[Any, ...]

KEY_BYTES = 32

# A full check beside this connection keeps writers waiting while it compares the words: 0.5 s
# for 30,000 messages of 80 words. What was typed meanwhile waits, and is not refused.
_BUSY_TIMEOUT_MS = 30_000
_CACHE_KIB = 16 * 1024
_WAL_LIMIT_BYTES = 16 * 1024 * 1024
# Named, so that a later default of the library can't change what our files are.
_CIPHER = "chacha20"
# The VFS that encrypts. A plain SQLite has none, and would write all in clear without a word;
# below another VFS it would leave the log in clear.
_ENCRYPTS = "multipleciphers-"


class Database:
    """A connection that one thread uses at a time; a lock inside sees to it."""

    def __init__(self, connection: apsw.Connection, path: Path | None) -> None:
        self.connection = connection
        self._path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._part_words = words.register(connection)

    @classmethod
    def open(
        cls, path: Path, key: bytes, *, create: bool = False, vfs: str | None = None
    ) -> Database:
        """Open the file at `path` under `key` (32 bytes, used as they are).

        Without `create` nothing is ever made; with it, nothing that exists is ever touched.
        `vfs` names another SQLite VFS, for tests that break disks: `multipleciphers-NAME`
        for one below the cipher. Raises StoreError: the file is missing or (with `create`)
        there, or nothing would be encrypted; WrongKeyError, DamagedError, DiskFullError,
        DiskFailedError, StoreBusyError.
        """
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes instead of {KEY_BYTES}")
        with files_translated(), translated():
            if create:
                _create(path, key, vfs)
            else:
                _check_is_there(path)
            return cls(_connect(path, key, vfs), path)

    @classmethod
    def in_memory(cls) -> Database:
        """A database that lives in this process's memory alone and ends with `close`."""
        connection = apsw.Connection(":memory:")
        _configure(connection)
        return cls(connection, None)

    @property
    def path(self) -> Path:
        """The file. Raises StoreError for a database in memory."""
        if self._path is None:
            raise StoreError("This chat is kept in memory only; it has no file.")
        return self._path

    @contextmanager
    def write(self) -> Iterator[apsw.Cursor]:
        """A transaction: all of the block or nothing, on the disk when the block is left.

        Inside another `write` of the same thread it is a part of that one, undone alone if
        it fails. Raises the StoreError that fits; the database stays usable afterwards.
        """
        with self._lock, translated(self.connection):
            begin, commit, rollback = self._statements()
            self.connection.execute(begin)
            self._depth += 1
            try:
                # Never connection.cursor(): apsw 3.54 keeps such a cursor for ever when another
                # one ends meanwhile, and every later statement walks over all that it kept.
                yield apsw.Cursor(self.connection)
                self._commit(commit)
            except BaseException:
                self._undo(rollback)
                raise
            finally:
                self._depth -= 1
                self._part_words.forget()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other threads out, so that several reads see the same state."""
        with self._lock:
            yield

    def read(self, sql: str, *values: apsw.SQLiteValue) -> list[Row]:
        """All rows of one query. Raises StoreError."""
        with self._lock, translated(self.connection):
            try:
                return self.connection.execute(sql, values).fetchall()
            finally:
                self._part_words.forget()

    def close(self) -> None:
        """Write the WAL back and let go of the file; a second call does nothing.

        Raises StoreError; what was acknowledged stays safe in the WAL.
        """
        with self._lock, translated():
            self.connection.close()

    def _statements(self) -> tuple[str, str, str]:
        if self._depth == 0:
            return "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"
        name = f"nested_{self._depth}"
        return f"SAVEPOINT {name}", f"RELEASE {name}", f"ROLLBACK TO {name}; RELEASE {name}"

    def _commit(self, commit: str) -> None:
        if not self.connection.in_transaction:
            # SQLite ended all of it on its own, and whoever was told went on.
            raise DiskFailedError(
                "The disk refused to write the history, and this was undone as a whole. What was "
                "saved before is safe; check the disk and try again."
            )
        self.connection.execute(commit)

    def _undo(self, rollback: str) -> None:
        # A full disk or a failed read may have ended the whole transaction already.
        if self.connection.in_transaction:
            self.connection.execute(rollback)


def _check_is_there(path: Path) -> None:
    if not path.exists():
        raise StoreError(said("There is no history at {path}. Nothing was created.", path=path))
    # SQLite would take an empty file for a new database, whatever the key.
    if path.stat().st_size == 0:
        raise DamagedError(
            said(
                "The history at {path} is an empty file. A backup can be restored in its place.",
                path=path,
            )
        )


def _create(path: Path, key: bytes, vfs: str | None) -> None:
    """Make the file beside its place and move it there whole: a kill leaves none or all of it."""
    # A left-over WAL may hold the only copy of something, and would be replayed into a new file.
    for taken in (path, path.with_name(path.name + "-wal")):
        if os.path.lexists(taken):
            raise StoreError(said("{taken} exists already. It was left as it is.", taken=taken))
    draft = path.with_name(path.name + ".new")
    for suffix in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = _connect(draft, key, vfs)
    try:
        with translated(connection):
            connection.execute("CREATE TABLE first_page (number); DROP TABLE first_page")
            # Closing does the same, and says nothing where it fails.
            connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    finally:
        connection.close()
    draft.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Windows can't open a folder; its file systems journal names themselves.
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _connect(path: Path, key: bytes, vfs: str | None) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
    try:
        with translated(connection):
            _key_and_configure(connection, path, key)
    except BaseException:
        connection.close(True)
        raise
    return connection


def _key_and_configure(connection: apsw.Connection, path: Path, key: bytes) -> None:
    _check_encrypts(connection)
    connection.set_busy_timeout(_BUSY_TIMEOUT_MS)
    connection.execute(f"PRAGMA cipher = '{_CIPHER}'")
    # Raw: no derivation, which at every opening would cost 28 to 43 ms for nothing.
    connection.execute(f"PRAGMA key = 'raw:{key.hex()}'", can_cache=False)
    # The first page is read here, so that a wrong key shows now.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchall()
    if mode != [("wal",)]:
        raise StoreError(
            said("The file system of {path} can't keep a history safely (no WAL).", path=path)
        )
    _configure(connection)


def _check_encrypts(connection: apsw.Connection) -> None:
    if not (connection.vfsname("main") or "").startswith(_ENCRYPTS):
        raise StoreError(
            "The SQLite that is installed here can't encrypt. Nothing was written; install "
            "apsw-sqlite3mc in the place of apsw."
        )


def _configure(connection: apsw.Connection) -> None:
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
    connection.execute(
        f"""
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA secure_delete = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        PRAGMA mmap_size = 0;
        PRAGMA cache_size = -{_CACHE_KIB};
        PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES};
        """
    ).fetchall()
    first_match.register(connection)
