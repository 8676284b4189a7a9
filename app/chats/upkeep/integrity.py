"""Whether every byte of a history is what was written.

For: a start after a crash (`check_quickly`), and `chats verify` (`check_fully`). The cipher
signs each page, so a flipped bit can't pass for another text: a page that is read either is
what was written or is an error. What is checked here is that all of them are read. Nothing is
repaired; the end of the write-ahead log, which no page knows of, is `wal_mark`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from app.chats.database import Database
from app.chats.database_errors import files_translated, translated, was_unreadable
from app.chats.errors import BackupError, DamagedError, DiskFailedError, StoreError
from app.chats.search_index import check_index
from app.chats.upkeep.page_copy import go_on_always, open_whole, read_all_pages
from inference.sentence import said

_DAMAGED = said(
    "Part of the history's file is damaged. Nothing was changed; a backup can be restored."
)
_UNREADABLE = said(
    "The disk refused to read a part of the history. Nothing was changed; check the disk and "
    "try again."
)


_ASKED_EVERY_STEPS = 1_000


def check_quickly(database: Database) -> None:
    """Read every page in use and see that the tables hang together: about 4 ms for each MB.

    Raises DamagedError; DiskFailedError.
    """
    _expect_nothing_but(database, "quick_check(1)", [("ok",)])


def check_file(path: Path, key: bytes) -> None:
    """`check_quickly` for a database that is not open. Raises what `Database.open` raises too."""
    database = open_whole(path, key)
    try:
        check_quickly(database)
    finally:
        database.close()


def opens(path: Path, key: bytes) -> bool:
    """Whether there is a database that this key opens, whatever the state of its later pages."""
    try:
        open_whole(path, key).close()
    except StoreError:
        return False
    return True


def check_fully(path: Path, key: bytes, go_on: Callable[[], bool] = go_on_always) -> None:
    """Read every page from the disk, free ones too; compare indexes and the search's words.

    Another connection may have the file open; its writes wait while the words are compared.
    Raises DamagedError; what `Database.open` raises; DiskFullError, DiskFailedError,
    StoreBusyError; StoreError after a no of `go_on`, which is asked all the time.
    """
    # A connection of its own: one that was used answers from its memory.
    database = open_whole(path, key)
    try:
        with _stoppable(database, go_on):
            _expect_whole_file(database)
            read_all_pages(database, key, go_on)
            _expect_nothing_but(database, "integrity_check(1)", [("ok",)])
            _expect_nothing_but(database, "foreign_key_check", [])
            check_index(database)
    finally:
        database.close()


@contextmanager
def _stoppable(database: Database, go_on: Callable[[], bool]) -> Iterator[None]:
    database.connection.set_progress_handler(lambda: not go_on(), _ASKED_EVERY_STEPS)
    try:
        yield
    except (StoreError, BackupError) as error:
        if not go_on():
            raise StoreError("The check was stopped. The history is safe.") from error
        raise


def _expect_whole_file(database: Database) -> None:
    """SQLite reads zeros behind the end of a file, so a last page without use may lack its end."""
    with database.held(), translated(database.connection), files_translated():
        # Asked first: what another connection adds meanwhile is not missed then.
        pages, page_bytes = (
            int(database.read(f"PRAGMA {name}")[0][0]) for name in ("page_count", "page_size")
        )
        frames, written_back = database.connection.wal_checkpoint()
        if frames == written_back and database.path.stat().st_size < pages * page_bytes:
            raise DamagedError(_DAMAGED)


def _expect_nothing_but(database: Database, check: str, expected: list[tuple[str]]) -> None:
    found = database.read(f"PRAGMA {check}")
    if found == expected:
        return
    # A check goes on after a page that the disk refused, and lists it among what is damaged.
    if was_unreadable(database.connection) or any(_is_refusal(str(row)) for row in found):
        raise DiskFailedError(_UNREADABLE)
    raise DamagedError(_DAMAGED)


def _is_refusal(said: str) -> bool:
    code = re.search(r"error code=(\d+)", said)
    return code is not None and int(code[1]) & 0xFF == apsw.SQLITE_IOERR
