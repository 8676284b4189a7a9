"""Chats go some days after their last change; a wrong clock must not take a history with it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.chats.model import TextPart
from app.chats.upkeep.backup_list import BackupKind, list_backups
from app.chats.upkeep.notes import read_numbers
from app.chats.upkeep.retention import apply_retention, expired
from app.chats.upkeep.wipe import Wiped

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture
def steady(house: Any, clock: Any) -> Any:
    """A history whose program has run for days."""
    live(house, clock, days=2)
    return house


def live(house: Any, clock: Any, days: int, keep_days: int = 30) -> int:
    """Go on for some days, retention twice a day; how many chats went."""
    gone = 0
    for _ in range(days * 2):
        clock.now_ms += DAY_MS // 2
        gone += apply_retention(house.store, house.backups, keep_days, clock).chats
    return gone


def test_what_was_not_touched_for_long_goes(steady: Any, clock: Any) -> None:
    steady.chat("old", "text")
    pinned = steady.chat("pinned", "text")
    steady.store.set_pinned(pinned, True)
    assert live(steady, clock, days=29) == 0
    fresh = steady.chat("fresh", "text")
    assert live(steady, clock, days=2) == 1
    assert steady.texts().keys() == {"pinned", "fresh"}
    assert expired(steady.store.database, 30, clock.now_ms) == []
    assert expired(steady.store.database, 1, clock.now_ms) == [fresh]


def test_backups_are_reached_and_the_old_ones_go(steady: Any, clock: Any) -> None:
    steady.chat("old", "text")
    oldest = steady.backups.make(BackupKind.ASKED)
    live(steady, clock, days=20)
    newer = steady.backups.make(BackupKind.ASKED)
    assert live(steady, clock, days=11) == 1
    assert [backup.folder for backup in list_backups(steady.profile)] == [newer.folder]
    assert steady.look_into(newer) == {}
    assert not oldest.folder.exists()


def test_the_only_backup_stays_however_old(steady: Any, clock: Any) -> None:
    steady.chat("old", "text")
    backup = steady.backups.make(BackupKind.ASKED)
    live(steady, clock, days=70)
    assert list_backups(steady.profile) == (backup,) or len(list_backups(steady.profile)) == 1


def test_a_backup_from_the_future_does_not_make_the_newest_an_old_one(
    steady: Any, clock: Any
) -> None:
    steady.chat("old", "text")
    newest = steady.backups.make(BackupKind.ASKED)
    ahead = steady.backups.make(BackupKind.ASKED)
    ahead.folder.rename(ahead.folder.with_name("2099-01-01T00-00-00Z-asked"))
    live(steady, clock, days=70)
    assert newest.folder.exists()


def test_a_clock_far_ahead_deletes_nothing(steady: Any, clock: Any) -> None:
    steady.chat("chat", "text")
    right_ms = clock.now_ms
    for _ in range(10):
        clock.now_ms = right_ms + 20_000 * DAY_MS
        assert apply_retention(steady.store, steady.backups, 30, clock) == Wiped()
        clock.now_ms += 5 * HOUR_MS
        assert apply_retention(steady.store, steady.backups, 30, clock) == Wiped()
        clock.now_ms = right_ms
        assert apply_retention(steady.store, steady.backups, 30, clock) == Wiped()
        right_ms += HOUR_MS
    assert steady.texts() == {"chat": ["text"]}


def test_after_a_long_absence_they_go_a_day_later(steady: Any, clock: Any) -> None:
    steady.chat("chat", "text")
    clock.now_ms += 90 * DAY_MS
    assert apply_retention(steady.store, steady.backups, 30, clock) == Wiped()
    clock.now_ms += 21 * HOUR_MS
    assert apply_retention(steady.store, steady.backups, 30, clock) == Wiped(chats=1)


def test_a_chat_that_is_written_in_while_a_backup_is_made_stays(steady: Any, clock: Any) -> None:
    chat = steady.chat("old", "text")
    assert live(steady, clock, days=29) == 0
    clock.now_ms += 2 * DAY_MS
    database = steady.store.database
    with ThreadPoolExecutor(1) as pool:
        with steady.backups.alone():
            wiping = pool.submit(apply_retention, steady.store, steady.backups, 30, clock)
            while read_numbers(database, "retention_clock")[0][0] != clock.now_ms:
                time.sleep(0.01)
            steady.store.send(chat, (TextPart("acknowledged"),))
        assert wiping.result(60) == Wiped()
    assert steady.texts() == {"old": ["text", "acknowledged"]}


def test_where_nothing_is_due_no_backup_is_waited_for(steady: Any, clock: Any) -> None:
    steady.chat("chat", "text")
    with ThreadPoolExecutor(1) as pool, steady.backups.alone():
        looked = pool.submit(apply_retention, steady.store, steady.backups, 30, clock)
        assert looked.result(60) == Wiped()


def test_a_first_run_waits_a_day(house: Any, clock: Any) -> None:
    house.chat("chat", "text")
    clock.now_ms += 40 * DAY_MS
    assert apply_retention(house.store, house.backups, 30, clock) == Wiped()
    assert live(house, clock, days=1) == 1


def test_less_than_a_day_is_our_own_mistake(house: Any, clock: Any) -> None:
    with pytest.raises(ValueError, match="a day"):
        apply_retention(house.store, house.backups, 0, clock)
