"""Chats removed from every place that the history has: pages, log, search index, backups.

For: "delete for good", retention, and `chats wipe`. Deleting already overwrites pages and takes
words out of the index; here the log is emptied and backups follow. What was begun is kept as a
note in the same transaction as the deletion, so that a kill or a full disk only delays it. What
a disk keeps of overwritten blocks is out of reach, and encrypted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.chats.database import Database
from app.chats.database_errors import translated
from app.chats.errors import DamagedError, NewerSchemaError, WrongKeyError
from app.chats.store import ChatStore
from app.chats.upkeep.backup_list import DATABASE_NAME, list_backups
from app.chats.upkeep.backups import Backups
from app.chats.upkeep.index_scrub import scrub_index
from app.chats.upkeep.notes import read_numbers, write_numbers
from app.chats.upkeep.page_copy import empty_log, open_whole
from app.chats.upkeep.replacing import set_aside_folders

_NOTE = "wipe_pending"
_CHATS_AT_ONCE = 100
_VACUUM_FROM_PAGES = 256
_VACUUM_FROM_SHARE = 0.25


@dataclass(frozen=True)
class Wiped:
    """What a wipe did beyond the history itself.

    `removed_backups` were damaged: nothing could be taken out of them, so all of each went.
    `not_reached` may still hold the chats: files that an earlier restore set aside and that
    are too damaged, and backups under another key. Only their owner may decide to delete them.
    """

    chats: int = 0
    removed_backups: tuple[Path, ...] = ()
    not_reached: tuple[Path, ...] = ()


def wipe_chats(store: ChatStore, backups: Backups, conversation_ids: Sequence[int]) -> Wiped:
    """Delete chats for good, from backups too; those that are gone are passed over.

    Raises StoreError, DiskFullError, BackupError: chats that are deleted by then stay so, and
    `finish_wipe` does the rest.
    """
    with backups.alone():
        begin_wipe(store, conversation_ids)
        return finish_wipe(store, backups)


def begin_wipe(store: ChatStore, conversation_ids: Sequence[int]) -> None:
    """The first half of `wipe_chats`: delete chats, and note that `finish_wipe` is due."""
    for begin in range(0, len(conversation_ids), _CHATS_AT_ONCE):
        _delete(store, conversation_ids[begin : begin + _CHATS_AT_ONCE])


def finish_wipe(store: ChatStore, backups: Backups) -> Wiped:
    """Do what is left of a wipe, if anything: at each start, and after a wipe that failed.

    Raises as `wipe_chats`.
    """
    database = store.database
    with backups.alone():
        doomed = read_numbers(database, _NOTE)
        if not doomed:
            return Wiped()
        scrub(database)
        backups.sweep()
        removed, missed = _clean_backups(backups, doomed)
        missed += _clean_set_aside(backups, doomed)
        with database.write() as cursor:
            write_numbers(cursor, _NOTE, [])
        empty_log(database)
        return Wiped(len(doomed), tuple(removed), tuple(missed))


def scrub(database: Database) -> None:
    """Leave no trace of what was deleted in this database's files. Raises StoreError."""
    scrub_index(database)
    if _is_worth_a_vacuum(database):
        with database.held(), translated(database.connection):
            database.connection.execute("VACUUM").fetchall()
    empty_log(database)


def _delete(store: ChatStore, conversation_ids: Iterable[int]) -> None:
    """With each chat goes the moment it was made: a backup from another life of this history
    may use the same number for another chat.
    """
    database = store.database
    with database.write() as cursor:
        sql = "SELECT id, created_at_ms FROM conversation WHERE id = ?"
        found = [row for number in conversation_ids for row in database.read(sql, number)]
        pending = read_numbers(database, _NOTE) + [list(row) for row in found]
        write_numbers(cursor, _NOTE, pending)
        store.delete([number for number, _ in found])


def _clean_backups(backups: Backups, doomed: list[list[int]]) -> tuple[list[Path], list[Path]]:
    removed, missed = [], []
    for backup in list_backups(backups.profile):
        try:
            _clean(backup.database, backups.key.reveal(), doomed)
        except (WrongKeyError, NewerSchemaError):
            missed.append(backup.folder)
        except DamagedError:
            backups.remove(backup)
            removed.append(backup.folder)
    return removed, missed


def _clean_set_aside(backups: Backups, doomed: list[list[int]]) -> list[Path]:
    missed = []
    for folder in set_aside_folders(backups.profile):
        if not (folder / DATABASE_NAME).exists():
            continue
        try:
            _clean(folder / DATABASE_NAME, backups.key.reveal(), doomed)
        except (WrongKeyError, NewerSchemaError, DamagedError):
            missed.append(folder)
    return missed


def _clean(path: Path, key: bytes, doomed: list[list[int]]) -> None:
    database = open_whole(path, key)
    try:
        sql = "SELECT id FROM conversation WHERE id = ? AND created_at_ms = ?"
        ChatStore(database).delete([row[0] for pair in doomed for row in database.read(sql, *pair)])
        scrub(database)
    finally:
        database.close()


def _is_worth_a_vacuum(database: Database) -> bool:
    """Freed pages are blank already; this only gives their space back."""
    free, pages = (
        int(database.read(f"PRAGMA {name}")[0][0]) for name in ("freelist_count", "page_count")
    )
    return free >= _VACUUM_FROM_PAGES and free >= pages * _VACUUM_FROM_SHARE
