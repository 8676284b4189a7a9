"""Chats that are deleted by themselves some days after their last change.

For: a timer of the program, for users who asked for it. Pinned chats stay. Those that go are
wiped, from backups too, and a backup that is older than that goes whole once there is a newer
one: it may hold what was deleted by hand.

A clock that jumps ahead must not cost a history: after a jump of more than a week, which a long
absence looks like too, nothing is deleted for a day.
"""

from __future__ import annotations

from collections.abc import Callable

from app.chats.database import Database
from app.chats.store import ChatStore, now_ms
from app.chats.upkeep.backup_list import Backup, by_trust, list_backups
from app.chats.upkeep.backups import Backups
from app.chats.upkeep.notes import read_numbers, write_numbers
from app.chats.upkeep.wipe import Wiped, begin_wipe, finish_wipe

_NOTE = "retention_clock"
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_JUMP_MS = 7 * _DAY_MS
_WAITS_MS = 20 * _HOUR_MS


def expired(database: Database, days: int, now_ms: int) -> list[int]:
    """The chats that are due: not pinned, last changed more than `days` ago. Raises StoreError."""
    sql = "SELECT id FROM conversation WHERE is_pinned = 0 AND updated_at_ms < ? ORDER BY id"
    return [row[0] for row in database.read(sql, now_ms - days * _DAY_MS)]


def apply_retention(
    store: ChatStore, backups: Backups, days: int, now_ms: Callable[[], int] = now_ms
) -> Wiped:
    """Wipe what is due. Call it at each start and once an hour. Raises as `wipe_chats`."""
    moment_ms = now_ms()
    if days < 1:
        raise ValueError("chats are kept for a day at least")
    if not _clock_is_trusted(store.database, moment_ms):
        return Wiped()
    if not expired(store.database, days, moment_ms) and not _outlived(backups, days, moment_ms):
        return Wiped()  # without waiting for a backup that is being made
    with backups.alone():
        for backup in _outlived(backups, days, moment_ms):
            backups.remove(backup)
        # A backup may have kept this waiting: a chat that was written in meanwhile is not due.
        with store.database.held():
            begin_wipe(store, expired(store.database, days, moment_ms))
        return finish_wipe(store, backups)


def _outlived(backups: Backups, days: int, now_ms: int) -> list[Backup]:
    """Backups that are older, but for the newest of all."""
    others = by_trust(list_backups(backups.profile), now_ms)[1:]
    return [backup for backup in others if backup.created_at_ms < now_ms - days * _DAY_MS]


def _clock_is_trusted(database: Database, now_ms: int) -> bool:
    """Whether the clock has gone steadily for a while; notes what it says now."""
    notes = read_numbers(database, _NOTE)
    seen_ms, waits_until_ms = notes[0] if notes else (0, 0)
    if now_ms - seen_ms > _JUMP_MS:
        waits_until_ms = now_ms + _WAITS_MS
    elif now_ms < seen_ms:
        # Set back: what a wrong clock made wait is over, or begins anew.
        waits_until_ms = min(waits_until_ms, now_ms + _WAITS_MS)
    with database.write() as cursor:
        write_numbers(cursor, _NOTE, [[now_ms, waits_until_ms]])
    return now_ms >= waits_until_ms
