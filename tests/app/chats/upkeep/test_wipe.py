"""A wiped chat is in no page, no log, no index and no backup; and a wipe cut short is completed."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.chats.database import Database
from app.chats.errors import DamagedError, DiskFullError, StoreBusyError
from app.chats.model import AttachmentPart, ReasoningPart, Role, TextPart
from app.chats.search_index import check_index
from app.chats.upkeep import wipe as wipe_module
from app.chats.upkeep.backup_list import BackupKind, list_backups
from app.chats.upkeep.index_scrub import has_traces, scrub_index
from app.chats.upkeep.integrity import check_fully
from app.chats.upkeep.notes import read_numbers, write_numbers
from app.chats.upkeep.restore import restore
from app.chats.upkeep.wal_mark import wal_path
from app.chats.upkeep.wipe import Wiped, finish_wipe, scrub, wipe_chats
from app.chats.vault.key import HistoryKey


def secret(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:16]


def found_in(pages: bytes, words: list[str]) -> list[str]:
    """Words of which the pages hold anything but their first three letters.

    The index stores a word without what it shares with the one before it.
    """
    return [word for word in words if word[3:11].encode() in pages]


def all_databases(house: Any) -> list[Path]:
    return sorted(house.profile.folder.rglob("history.db"))


@pytest.fixture
def secrets(house: Any, text: Callable[[int], str]) -> list[str]:
    """A chat that holds a secret in each place where text can be; others around it."""
    for number in range(5):
        house.chat(f"chat {number}", text(200))
    words = [secret(number) for number in range(1, 6)]
    title, typed, thought, attached, draft = words
    house.secret = house.store.create(title).id
    parts = [
        TextPart(f"{text(1200)} {typed}"),
        ReasoningPart(thought),
        AttachmentPart(f"{attached}.txt", attached),
    ]
    message = house.store.messages.add(house.secret, None, Role.USER, parts)
    house.store.set_leaf(house.secret, message.id)
    house.store.set_draft(house.secret, draft)
    house.chat("after", text(100))
    house.others = {name: texts for name, texts in house.texts().items() if name != title}
    return words


def test_the_search_for_it_finds_what_is_there(house: Any, secrets: list[str], peek: Any) -> None:
    house.close()
    pages = peek.pages(house.profile.database, house.key.reveal())
    assert found_in(pages, secrets) == secrets
    assert found_in(house.profile.database.read_bytes(), secrets) == []


def test_a_wiped_chat_is_nowhere(house: Any, secrets: list[str], peek: Any) -> None:
    house.backups.make(BackupKind.DAILY)
    house.backups.make(BackupKind.ASKED)
    wiped = wipe_chats(house.store, house.backups, [house.secret, 999])
    assert wiped == Wiped(chats=1)
    assert wal_path(house.profile.database).stat().st_size == 0
    assert house.texts() == house.others
    check_index(house.store.database)
    house.close()
    assert len(all_databases(house)) == 3
    for path in all_databases(house):
        assert found_in(peek.pages(path, house.key.reveal()), secrets) == []
    for backup in list_backups(house.profile):
        assert house.look_into(backup) == house.others
        check_fully(backup.database, house.key.reveal())


def test_what_was_set_aside_is_reached_too(house: Any, secrets: list[str], peek: Any) -> None:
    backup = house.backups.make(BackupKind.DAILY)
    house.close()
    restored = restore(house.profile, backup, house.key, house.clock)
    house.open()
    assert wipe_chats(house.store, house.backups, [house.secret]) == Wiped(chats=1)
    house.close()
    for path in (restored.set_aside / "history.db", *all_databases(house)):
        assert found_in(peek.pages(path, house.key.reveal()), secrets) == []


def test_what_can_not_be_cleaned_goes_or_is_told(house: Any, secrets: list[str]) -> None:
    damaged = house.backups.make(BackupKind.DAILY)
    foreign = house.backups.make(BackupKind.ASKED)
    good = house.backups.make(BackupKind.ASKED)
    house.close()
    aside = restore(house.profile, good, house.key, house.clock).set_aside
    empty = house.profile.folder / "set-aside-of-nothing"
    empty.mkdir()
    for path in (damaged.database, aside / "history.db"):
        stored = bytearray(path.read_bytes())
        for page in range(2, len(stored) // 4096):
            stored[page * 4096 + 5] ^= 1
        path.write_bytes(stored)
    foreign.database.unlink()
    Database.open(foreign.database, bytes(32), create=True).close()
    house.open()
    wiped = wipe_chats(house.store, house.backups, [house.secret])
    assert wiped == Wiped(1, (damaged.folder,), (foreign.folder, aside))
    assert {backup.folder for backup in list_backups(house.profile)} == {
        foreign.folder,
        good.folder,
    }
    assert aside.exists()
    assert secrets[0] not in house.look_into(good)


def test_another_chat_under_the_same_number_stays_in_a_backup(house: Any, clock: Any) -> None:
    house.chat("wiped", "text")
    house.backups.make(BackupKind.ASKED)
    house.store.database.connection.execute("UPDATE conversation SET created_at_ms = 5")
    wipe_chats(house.store, house.backups, [1])
    (backup,) = list_backups(house.profile)
    assert house.look_into(backup) == {"wiped": ["text"]}
    assert house.texts() == {}


STEPS = ("scrub", "_clean_backups", "_clean", "empty_log", "write_numbers")


@pytest.mark.parametrize("step", STEPS)
def test_a_wipe_cut_short_is_completed_at_the_next_start(
    house: Any,
    secrets: list[str],
    peek: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    step: str,
) -> None:
    house.backups.make(BackupKind.DAILY)
    house.backups.make(BackupKind.ASKED)
    once = getattr(wipe_module, step)
    calls = 0

    def cut(*values: Any) -> Any:
        nonlocal calls
        calls += 1
        # The second call of each: half of the backups are clean then.
        if calls == 2 or step == "_clean_backups":
            raise KeyboardInterrupt
        return once(*values)

    with monkeypatch.context() as patched:
        patched.setattr(wipe_module, step, cut)
        with pytest.raises(KeyboardInterrupt):
            wipe_chats(house.store, house.backups, [house.secret])
    killed = house.killed(tmp_path / "killed")
    killed.open()
    assert finish_wipe(killed.store, killed.backups).chats == 1
    assert finish_wipe(killed.store, killed.backups) == Wiped()
    killed.close()
    assert len(all_databases(killed)) == 3
    for path in all_databases(killed):
        assert found_in(peek.pages(path, house.key.reveal()), secrets) == []
    assert killed.look() == house.others


def test_a_full_disk_delays_a_wipe(
    house: Any, secrets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = house.backups.make(BackupKind.DAILY)

    def fail(*values: Any) -> None:
        raise DiskFullError("full")

    with monkeypatch.context() as patched:
        patched.setattr(wipe_module, "_clean", fail)
        with pytest.raises(DiskFullError):
            wipe_chats(house.store, house.backups, [house.secret])
    assert secrets[0] in house.look_into(backup)
    assert finish_wipe(house.store, house.backups) == Wiped(chats=1)
    assert secrets[0] not in house.look_into(backup)


def test_a_log_that_someone_reads_is_no_silent_remainder(house: Any, secrets: list[str]) -> None:
    house.store.database.connection.set_busy_timeout(10)
    reader = Database.open(house.profile.database, house.key.reveal())
    reader.connection.execute("BEGIN; SELECT count(*) FROM message").fetchall()
    with pytest.raises(StoreBusyError):
        wipe_chats(house.store, house.backups, [house.secret])
    reader.close()
    assert finish_wipe(house.store, house.backups) == Wiped(chats=1)
    assert wal_path(house.profile.database).stat().st_size == 0


def test_many_chats_go_in_small_transactions(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wipe_module, "_CHATS_AT_ONCE", 3)
    numbers = [house.chat(f"chat {number}", "text") for number in range(10)]
    before = house.store.database.connection.total_changes()
    assert wipe_chats(house.store, house.backups, numbers) == Wiped(chats=10)
    assert house.store.database.connection.total_changes() > before
    assert house.texts() == {}


def test_space_is_given_back_when_there_is_much_of_it(
    house: Any, text: Callable[[int], str]
) -> None:
    chat = house.chat("long", *(text(1500) for _ in range(140)))
    house.chat("short", text(10))
    wipe_chats(house.store, house.backups, [chat])
    assert house.store.database.read("PRAGMA freelist_count") == [(0,)]
    assert house.profile.database.stat().st_size < 60 * 4096
    check_fully(house.profile.database, house.key.reveal())


def test_ten_thousand_changes_leave_no_trace(house: Any, peek: Any) -> None:
    """Pages that were split and joined many times, and words at every place of the index."""
    chosen = random.Random(11)
    words = [f"w{number:04d}" for number in range(2000)]
    numbers = iter(range(10, 10**6))
    gone: list[str] = []
    live: dict[int, list[str]] = {}
    store, database = house.store, house.store.database
    for _ in range(25):
        with database.write():
            for _ in range(20):
                held = [secret(next(numbers)) for _ in range(3)]
                chat = store.create(held[0]).id
                for word in held[1:]:
                    size = chosen.choice([1, 5, 40, 300])
                    parts = [TextPart(f"{word} {' '.join(chosen.choices(words, k=size))}")]
                    store.messages.add(chat, None, Role.USER, parts)
                live[chat] = held
            for _ in range(chosen.randrange(12)):
                chat = chosen.choice(list(live))
                if chosen.random() < 0.5:
                    gone.append(live[chat][0])
                    live[chat][0] = secret(next(numbers))
                    store.rename(chat, live[chat][0])
                else:
                    store.delete([chat])
                    gone += live.pop(chat)
    scrub(database)
    check_index(database)
    house.close()
    pages = peek.pages(house.profile.database, house.key.reveal())
    kept = [word for held in live.values() for word in held]
    assert len(gone) > 150
    assert found_in(pages, gone) == []
    assert found_in(pages, kept) == kept


@pytest.mark.parametrize("index", ["message_index", "title_index"])
def test_the_beginning_of_a_deleted_word_leaves_the_inner_nodes_too(house: Any, index: str) -> None:
    """Every word is deleted in turn that an inner node holds the beginning of."""
    database = house.store.database
    with database.write():
        for number in range(1500):
            word = secret(number + 1)
            if index == "title_index":
                house.store.create(f"{word} {secret(number + 5000)}")
            else:
                house.chat("chat", f"{word} {secret(number + 5000)}")
    assert not has_traces(database, index)
    nodes = database.read(f"SELECT CAST(term AS BLOB) FROM {index}_idx")
    beginnings = tuple(row[0][1:].decode() for row in nodes if len(row[0]) > 3)
    assert beginnings
    # One by one: for many at once the whole index is merged anyway.
    for chat in house.store.conversations():
        held = [chat.title, *(message.text for message in house.store.tree(chat.id).messages)]
        if any(word.startswith(beginnings) for word in " ".join(held).split()):
            if index == "title_index":
                house.store.rename(chat.id, "other")
            else:
                house.store.delete([chat.id])
            if has_traces(database, index):
                break
    assert has_traces(database, index)
    assert scrub_index(database)
    assert not has_traces(database, index)
    assert not scrub_index(database)
    check_index(database)


def test_an_index_of_nothing_holds_no_beginnings(house: Any) -> None:
    with house.store.database.write():
        chats = [house.chat(f"chat {secret(number)}", secret(number)) for number in range(1200)]
    house.store.delete(chats[:600])
    house.store.delete(chats[600:])
    scrub_index(house.store.database)
    for index in ("message_index", "title_index"):
        assert not has_traces(house.store.database, index)
    check_index(house.store.database)


@pytest.mark.parametrize("count", [120, 200])
def test_chats_deleted_one_after_the_other_leave_no_word(house: Any, peek: Any, count: int) -> None:
    """After some 30 deletions the index's levels are used up: no word may stay because of it."""
    words = [secret(number) for number in range(3 * count)]
    with house.store.database.write():
        chats = [
            house.chat(words[number], f"{words[number + count]} {words[number + 2 * count]}")
            for number in range(count)
        ]
    for chat in chats:
        house.store.delete([chat])
    check_index(house.store.database)
    house.close()
    assert found_in(peek.pages(house.profile.database, house.key.reveal()), words) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_no_order_of_adding_and_deleting_leaves_a_word(house: Any, peek: Any, seed: int) -> None:
    chosen, numbers = random.Random(seed), iter(range(10**6))
    store, live, gone = house.store, {}, []
    for _ in range(600):
        with store.database.write():
            for _ in range(chosen.randrange(4)):
                held = [secret(next(numbers)) for _ in range(chosen.choice([2, 4, 13]))]
                live[house.chat(held[0], *(" ".join(held[place:]) for place in (1, -1)))] = held
        for _ in range(min(chosen.randrange(4), len(live))):
            chat = chosen.choice(list(live))
            store.delete([chat])
            gone += live.pop(chat)
    check_index(store.database)
    house.close()
    pages = peek.pages(house.profile.database, house.key.reveal())
    assert len(gone) > 3000
    # Enough letters for none of them to be there by chance.
    assert [word for word in gone if word[3:15].encode() in pages] == []


def test_an_index_emptied_word_by_word_holds_none_of_them(house: Any, peek: Any) -> None:
    database = house.store.database
    words = [secret(number) for number in range(3000)]
    with database.write() as cursor:
        for number in range(0, 3000, 2):
            house.chat("chat", " ".join(words[number : number + 2]))
        # As for few of many.
        cursor.execute("DELETE FROM message")
        cursor.execute("DELETE FROM conversation")
    # Its parts stay, empty: what they begin with is the beginning of no word.
    beginnings = database.read("SELECT DISTINCT CAST(term AS BLOB) FROM message_index_idx")
    assert beginnings == [(b"",)]
    assert not scrub_index(database)
    check_index(database)
    house.close()
    assert found_in(peek.pages(house.profile.database, house.key.reveal()), words) == []


@pytest.mark.parametrize("value", ["no JSON", json.dumps({"a": 1}), "[1]", '[["a"]]', "[[true]]"])
def test_a_damaged_note_is_told(house: Any, value: str) -> None:
    with house.store.database.write() as cursor:
        cursor.execute("INSERT INTO setting VALUES ('wipe_pending', ?)", (value,))
    with pytest.raises(DamagedError, match="note"):
        finish_wipe(house.store, house.backups)


def test_a_note_is_replaced_and_forgotten(house: Any) -> None:
    database = house.store.database
    for rows in ([[1, 2]], [[3, 4], [5, 6]], []):
        with database.write() as cursor:
            write_numbers(cursor, "note", rows)
        assert read_numbers(database, "note") == rows
    assert database.read("SELECT * FROM setting WHERE name = 'note'") == []


def test_without_its_key_nothing_is_wiped(house: Any, secrets: list[str]) -> None:
    house.backups.make(BackupKind.DAILY)
    locked = type(house.backups)(house.profile, HistoryKey(bytes(32)), house.clock)
    wiped = wipe_chats(house.store, locked, [house.secret])
    assert len(wiped.not_reached) == 1
    assert shutil.disk_usage(house.profile.folder).free > 0
