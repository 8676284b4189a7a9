"""The door of a damaged history without a backup: what can be read is offered and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.chats.errors import BackupError
from app.chats.history_states import CannotOpen, Choice, NeedsPassphrase, Ready
from app.chats.model import Role, TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep.wal_mark import mark_path
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost

CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
WORDS = "rain on the roof"
PAGE_BYTES = 4096


@pytest.fixture
def door(tmp_path: Path) -> Iterator[HistoryDoor]:
    door = HistoryDoor(Profile(tmp_path / "history"), Holder.WINDOW, Keyrings({}), CHEAP)
    yield door
    door.close()


def begin(door: HistoryDoor, *, backs_up: bool = False) -> None:
    """A history under a passphrase, closed; its last message page is damaged, after a kill."""
    door.open()
    state = door.begin_under_passphrase(WORDS)
    assert isinstance(state, Ready)
    store, parent_id = state.history.store, None
    chat = store.create("chat")
    for number in range(30):
        parts = [TextPart(f"{number} " + "word " * 100)]
        parent_id = store.messages.add(chat.id, parent_id, Role.USER, parts).id
    if backs_up:
        state.history.back_up()
    rows = store.database.read(
        "SELECT pageno FROM dbstat WHERE name = 'message' AND pagetype = 'leaf' ORDER BY path"
    )
    state.history.close()
    with open(door.profile.database, "r+b") as file:
        file.seek((rows[-1][0] - 1) * PAGE_BYTES + 50)
        file.write(b"other bytes")
    mark_path(door.profile.database).unlink()


def unlocked(door: HistoryDoor) -> object:
    assert isinstance(door.open(), NeedsPassphrase)
    return door.try_passphrase(WORDS)


def test_without_a_backup_it_is_offered_and_opens(door: HistoryDoor) -> None:
    begin(door)
    state = unlocked(door)
    assert isinstance(state, CannotOpen)
    assert state.choices == (Choice.SALVAGE, Choice.RETRY)
    assert "there is no backup" in state.sentence
    assert "can be restored" not in state.sentence
    back = door.salvage()
    assert isinstance(back, Ready)
    (notice,) = back.notices
    assert notice.startswith("1 chats with 2")
    assert "What else was there could not be read." in notice
    (chat,) = back.history.store.conversations()
    assert len(back.history.store.messages.path(chat.leaf_id)) in range(20, 30)
    back.history.verify()
    back.history.close()
    assert isinstance(unlocked(door), Ready)


def test_with_a_backup_that_is_offered(door: HistoryDoor) -> None:
    begin(door, backs_up=True)
    state = unlocked(door)
    assert isinstance(state, CannotOpen)
    assert state.choices == (Choice.BACKUP, Choice.RETRY)


def test_an_open_history_is_closed_for_it(door: HistoryDoor) -> None:
    begin(door)
    unlocked(door)
    first = door.salvage()
    assert isinstance(first, Ready)
    again = door.salvage()
    assert isinstance(again, Ready)
    assert again.history.store.conversations()


def test_without_its_key_nothing_is_touched(door: HistoryDoor) -> None:
    begin(door)
    door.open()
    with pytest.raises(BackupError, match="locked"):
        door.salvage()
    door.close()
    with pytest.raises(BackupError, match="locked"):
        door.salvage()
