"""What is newer than a backup comes along, as far as it can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.chats.database import Database
from app.chats.errors import DiskFullError
from app.chats.model import AttachmentPart, MessageState, Provenance, Role, TextPart
from app.chats.schema import schema_version
from app.chats.search_index import check_index
from app.chats.upkeep import salvage as salvage_module
from app.chats.upkeep.backup_list import BackupKind
from app.chats.upkeep.restore import restore
from app.chats.upkeep.salvage import Salvaged, salvage
from app.chats.upkeep.wal_mark import wal_path

PAGE_BYTES = 4096


def message_pages(database: Database) -> list[int]:
    """Where messages lie, in the order of their numbers."""
    rows = database.read(
        "SELECT pageno FROM dbstat WHERE name = 'message' AND pagetype = 'leaf' ORDER BY path"
    )
    return [row[0] for row in rows]


def spoil(file: Path, page: int) -> None:
    with open(file, "r+b") as stored:
        stored.seek((page - 1) * PAGE_BYTES + 77)
        byte = stored.read(1)
        stored.seek(-1, 1)
        stored.write(bytes([byte[0] ^ 16]))


def test_newer_chats_and_messages_come_along(house: Any) -> None:
    first = house.chat("first", "one")
    backup = house.backups.make(BackupKind.DAILY)
    leaf = house.store.get(first).leaf_id
    last = house.store.messages.add(first, leaf, Role.ASSISTANT, [TextPart("two")])
    house.store.set_leaf(first, last.id)
    house.chat("second", "three", "four")
    expected = house.texts()
    house.close()
    restored = restore(house.profile, backup, house.key, house.clock)
    assert restored.salvaged == Salvaged(chats=1, messages=3, unreadable=0, was_readable=True)
    assert house.look() == expected
    house.open()
    assert house.store.get(first).leaf_id == last.id
    assert house.store.search("four")
    check_index(house.store.database)


def test_an_answer_that_had_not_ended_is_taken_to_its_end(house: Any) -> None:
    chat = house.chat("chat", "question")
    leaf = house.store.get(chat).leaf_id
    answer = house.store.messages.add(
        chat, leaf, Role.ASSISTANT, [TextPart("half")], state=MessageState.STREAMING
    )
    backup = house.backups.make(BackupKind.DAILY)
    provenance = Provenance((("model", "small"),))
    house.store.messages.finish(answer.id, MessageState.DONE, [TextPart("whole")], provenance)
    house.close()
    restored = restore(house.profile, backup, house.key, house.clock)
    assert restored.salvaged.messages == 1
    house.open()
    message = house.store.messages.get(answer.id)
    assert (message.text, message.state) == ("whole", MessageState.DONE)
    assert message.provenance == provenance


def test_ids_are_not_used_again_after_going_back(house: Any) -> None:
    backup = house.backups.make(BackupKind.DAILY)
    gone = house.chat("gone", "text")
    house.store.delete([gone])
    house.close()
    restore(house.profile, backup, house.key, house.clock)
    house.open()
    assert house.chat("new", "text") > gone
    house.close()
    house.profile.database.write_bytes(b"damage")
    restore(house.profile, backup, house.key, house.clock)
    house.open()
    assert house.chat("newest", "text") > 1_000_000


def test_files_beside_drafts_come_with_new_chats_and_stay_the_backups_with_others(
    house: Any,
) -> None:
    first = house.chat("first", "one")
    house.store.draft_files.put(first, [AttachmentPart("then.txt", "then")])
    backup = house.backups.make(BackupKind.DAILY)
    house.store.draft_files.put(first, [AttachmentPart("now.txt", "now")])
    house.store.draft_files.put(None, [AttachmentPart("loose.txt", "loose")])
    second = house.chat("second", "two")
    house.store.draft_files.put(second, [AttachmentPart(name, "new") for name in ("b", "a")])
    house.close()
    restore(house.profile, backup, house.key, house.clock)
    house.open()
    names = {
        chat: [file.name for file in house.store.draft_files.of(chat)]
        for chat in (first, second, None)
    }
    assert names == {first: ["then.txt"], second: ["b", "a"], None: []}


def test_rows_on_a_damaged_page_are_left_and_counted(
    house: Any, text: Callable[[int], str]
) -> None:
    house.chat("old", "text")
    backup = house.backups.make(BackupKind.DAILY)
    for number in range(30):
        house.chat(f"new {number}", text(90))
    expected = house.texts()
    pages = message_pages(house.store.database)
    assert len(pages) > 4
    house.close()
    spoil(house.profile.database, pages[len(pages) // 2])
    before = house.profile.database.read_bytes()
    restored = restore(house.profile, backup, house.key, house.clock)
    assert (restored.set_aside / "history.db").read_bytes() == before
    there = house.look()
    assert there.keys() == expected.keys()
    lost = [title for title, texts in there.items() if texts != expected[title]]
    assert 0 < len(lost) < 10
    assert all(there[title] == [] for title in lost)
    assert restored.salvaged.unreadable == len(lost)
    assert restored.salvaged.messages == 30 - len(lost)


def test_messages_below_a_lost_one_are_left_too(house: Any, text: Callable[[int], str]) -> None:
    house.chat("old", "text")
    backup = house.backups.make(BackupKind.DAILY)
    house.chat("long", *(text(90) for _ in range(30)))
    pages = message_pages(house.store.database)
    house.close()
    spoil(house.profile.database, pages[len(pages) // 2])
    restored = restore(house.profile, backup, house.key, house.clock)
    assert 0 < restored.salvaged.messages < 30
    assert restored.salvaged.messages + restored.salvaged.unreadable == 30
    house.open()
    chat = next(chat for chat in house.store.conversations() if chat.title == "long")
    assert chat.leaf_id == house.store.messages.all(chat.id)[-1].id


def test_a_table_that_can_not_be_read_at_all_gives_up(
    house: Any, text: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salvage_module, "_GIVES_UP_AFTER", 20)
    house.chat("old", "text")
    backup = house.backups.make(BackupKind.DAILY)
    for number in range(40):
        house.chat(f"new {number}", text(90))
    roots = {
        name: house.store.database.read("SELECT rootpage FROM sqlite_schema WHERE name = ?", name)[
            0
        ][0]
        for name in ("message", "conversation", "sqlite_sequence")
    }
    house.close()
    for root in roots.values():
        spoil(house.profile.database, root)
    restored = restore(house.profile, backup, house.key, house.clock)
    assert restored.salvaged == Salvaged(0, 0, unreadable=40, was_readable=True)
    assert house.look() == {"old": ["text"]}
    house.open()
    assert house.chat("new", "text") > 1_000_000


def test_what_replaces_an_older_form_is_brought_up_to_date_first(
    house: Any, key: bytes, tmp_path: Path
) -> None:
    house.chat("chat", "text")
    house.close()
    empty = tmp_path / "empty.db"
    Database.open(empty, key, create=True).close()
    assert salvage(house.profile.database, empty, key).chats == 1
    database = Database.open(empty, key)
    assert schema_version(database) > 0
    database.close()


def test_the_replaced_history_keeps_its_log(house: Any, tmp_path: Path) -> None:
    backup = house.backups.make(BackupKind.DAILY)
    house.chat("only in the log", "text")
    killed = house.killed(tmp_path / "killed")
    log = wal_path(killed.profile.database)
    before = log.read_bytes()
    restored = restore(killed.profile, backup, killed.key, killed.clock)
    assert restored.salvaged.messages == 1
    assert (restored.set_aside / log.name).read_bytes() == before
    assert killed.look() == house.texts()


def test_a_full_disk_is_no_loss_to_be_counted(
    house: Any, text: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = house.backups.make(BackupKind.DAILY)
    for number in range(20):
        house.chat(f"new {number}", text(1500))
    expected = house.texts()
    house.close()
    opened = Database.open

    def small(path: Path, key: bytes, **options: Any) -> Database:
        database = opened(path, key, **options)
        if ".draft" in str(path):
            database.connection.execute("PRAGMA max_page_count = 40").fetchall()
        return database

    with monkeypatch.context() as patched:
        patched.setattr(Database, "open", small)
        with pytest.raises(DiskFullError):
            restore(house.profile, backup, house.key, house.clock)
    assert house.look() == expected


def test_a_backup_that_never_held_a_chat_is_no_obstacle(house: Any) -> None:
    backup = house.backups.make(BackupKind.DAILY)
    house.close()
    database = Database.open(backup.database, house.key.reveal())
    assert database.read("SELECT * FROM sqlite_sequence") == []
    database.close()
    restore(house.profile, backup, house.key, house.clock)
    house.open()
    assert house.chat("chat", "text") == 1
