"""A damaged history without a backup: what can be read is brought into a new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.chats.database import Database
from app.chats.errors import BackupError, DiskFullError
from app.chats.model import AttachmentPart, MessageState, Role, TextPart
from app.chats.upkeep import bringing_back
from app.chats.upkeep.bringing_back import bring_back
from app.chats.upkeep.integrity import check_fully
from app.chats.upkeep.wal_mark import WalLoss, examine, mark_path, wal_path

PAGE_BYTES = 4096


def pages(database: Database, table: str) -> list[int]:
    """Where a table's rows lie, in the order of their numbers."""
    rows = database.read(
        "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path", table
    )
    return [row[0] for row in rows]


def spoil(file: Path, page: int) -> None:
    with open(file, "r+b") as stored:
        stored.seek((page - 1) * PAGE_BYTES + 77)
        byte = stored.read(1)
        stored.seek(-1, 1)
        stored.write(bytes([byte[0] ^ 16]))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_all_but_a_damaged_page_is_brought_back(house: Any, text: Callable[[int], str]) -> None:
    """What stood below a lost message stands below the one before that."""
    texts = [text(100) for _ in range(60)]
    chat = house.chat("long", *texts)
    house.chat("short", "word")
    house.store.set_draft(chat, "a draft")
    house.store.set_loose_draft("a loose draft")
    beside = AttachmentPart("beside.txt", "a file")
    for owner in (chat, None):
        house.store.draft_files.put(owner, [beside])
    house.store.set_pinned(chat, True)
    preset = house.store.presets.create("Careful", (("temperature", 0.5),))
    house.store.set_preset(chat, preset.id)
    lost = pages(house.store.database, "message")[3]
    house.close()
    damaged = house.profile.database
    spoil(damaged, lost)
    stored = damaged.read_bytes()

    done = bring_back(house.profile, house.key, house.clock)

    assert (done.set_aside / "history.db").read_bytes() == stored
    found = house.look()
    kept = [one for one in texts if one in found["long"]]
    assert found == {"long": kept, "short": ["word"]}
    assert 50 < len(kept) < 60
    assert done.salvaged.chats == 2
    assert done.salvaged.messages == len(kept) + 1
    assert done.salvaged.unreadable > 0
    store = house.open()
    (long,) = (one for one in store.conversations() if one.title == "long")
    assert (long.is_pinned, long.draft, long.preset_id) == (True, "a draft", preset.id)
    assert [message.text for message in store.messages.path(long.leaf_id)] == kept
    assert store.loose_draft() == "a loose draft"
    assert store.draft_files.of(long.id) == store.draft_files.of(None) == (beside,)
    assert store.presets.get(preset.id) == preset
    assert store.search(kept[-1].split()[0])
    assert store.create("new").id > long.id
    check_fully(damaged, house.key.reveal())
    assert {path.name for path in house.profile.folder.iterdir()} >= {"history.db", "vault.json"}
    assert not (house.profile.folder / ".draft").exists()


def test_messages_of_a_lost_chat_are_in_a_chat_again(house: Any) -> None:
    house.chat("lost", "first", "second")
    (page,) = pages(house.store.database, "conversation")
    house.close()
    spoil(house.profile.database, page)
    done = bring_back(house.profile, house.key, house.clock)
    assert done.salvaged.messages == 2
    assert house.look() == {"Recovered chat": ["first", "second"]}


def test_an_answer_under_way_is_brought_back_as_it_was(house: Any) -> None:
    chat = house.chat("chat", "question")
    leaf = house.store.get(chat).leaf_id
    streaming = MessageState.STREAMING
    house.store.messages.add(chat, leaf, Role.ASSISTANT, [TextPart("half")], state=streaming)
    house.close()
    assert bring_back(house.profile, house.key, house.clock).salvaged.messages == 2
    assert house.open().recover() == 1
    assert house.texts() == {"chat": ["question", "half"]}


@pytest.mark.parametrize("loss", [WalLoss.LOST, WalLoss.REDUNDANT])
def test_the_log_is_read_as_far_as_it_counts(house: Any, tmp_path: Path, loss: WalLoss) -> None:
    """Behind a damaged frame there is more; and a log that was written back holds old pages."""
    for number in range(4):
        house.chat(f"chat {number}", "word")
    if loss is WalLoss.REDUNDANT:
        house.store.database.connection.wal_checkpoint()
        house.chat("the last", "word")
        # The next commit begins the log anew; what counts is that this one was written back.
        house.store.database.connection.wal_checkpoint()
    expected = house.texts()
    killed = house.killed(tmp_path / "killed")
    log = wal_path(killed.profile.database)
    spoil(log, 2)
    if loss is WalLoss.REDUNDANT:
        assert mark_path(killed.profile.database).exists()
    assert examine(killed.profile.database).loss is not WalLoss.NONE
    bring_back(killed.profile, house.key, house.clock)
    found = killed.look()
    assert len(found) >= len(expected) - 1
    assert found.items() <= expected.items()


def test_where_nothing_can_be_read_nothing_is_changed(house: Any) -> None:
    house.chat("chat", "word")
    house.close()
    spoil(house.profile.database, 1)
    before = files_of(house.profile.folder)
    with pytest.raises(BackupError, match="Nothing of the damaged history"):
        bring_back(house.profile, house.key, house.clock)
    assert files_of(house.profile.folder) == before


def test_a_history_of_which_every_message_is_lost_stays(house: Any) -> None:
    house.chat("chat", "word")
    lost = pages(house.store.database, "message")
    house.close()
    spoil(house.profile.database, lost[0])
    with pytest.raises(BackupError, match="Nothing of the damaged history"):
        bring_back(house.profile, house.key, house.clock)


def test_an_empty_history_is_brought_back_empty(house: Any) -> None:
    house.close()
    assert bring_back(house.profile, house.key, house.clock).salvaged.was_readable
    assert house.look() == {}


def test_a_full_disk_changes_nothing(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    house.chat("chat", "word")
    house.close()
    before = files_of(house.profile.folder)

    def fail(path: Path, key: bytes) -> None:
        raise DiskFullError("full")

    with monkeypatch.context() as patched:
        patched.setattr(bringing_back, "check_file", fail)
        with pytest.raises(DiskFullError):
            bring_back(house.profile, house.key, house.clock)
    assert files_of(house.profile.folder) == before
    assert house.look() == {"chat": ["word"]}
