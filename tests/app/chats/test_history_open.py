"""An open history: its ways, locking, closing; and a temporary one, which has no file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.chats.errors import BackupError, StoreError, VaultError
from app.chats.history import History, TemporaryHistory
from app.chats.history_states import FirstTime, NeedsPassphrase, Ready
from app.chats.model import MessageState, TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep.wal_mark import examine
from app.chats.upkeep.wipe import Wiped
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from tests.app.chats.vault.conftest import FakeKeyring

LIMIT_S = 30.0
WORDS, OTHERS = "rain on the roof", "sun on the roof"


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def door(tmp_path: Path, keyring: FakeKeyring, monkeypatch) -> Iterator[HistoryDoor]:
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)
    keyrings = Keyrings({KeyringKind.SECRET_SERVICE: keyring})
    cheap = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
    door = HistoryDoor(Profile(tmp_path / "history"), Holder.WINDOW, keyrings, cheap)
    yield door
    door.close()


@pytest.fixture
def history(door: HistoryDoor) -> History:
    state = door.open(LIMIT_S)
    assert isinstance(state, Ready)
    state.history.store.start("hello", (TextPart("hello"),))
    return state.history


def test_locking_forgets_the_key_and_keeps_others_out(history: History, door: HistoryDoor):
    history.lock_now()
    with pytest.raises(StoreError, match="closed"):
        history.store.conversations()
    with pytest.raises(VaultError):
        history.ways()
    second = HistoryDoor(door.profile, Holder.COMMAND, Keyrings({}))
    assert "window" in second.open(LIMIT_S).sentence
    state = door.open(LIMIT_S)
    assert isinstance(state, Ready)
    assert len(state.history.store.conversations()) == 1


def test_a_portable_copy_begins_under_a_passphrase_that_goes_with_it(
    door: HistoryDoor, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr("app.chats.profile_opening.portable_home", lambda: tmp_path)
    state = door.open(LIMIT_S)
    assert isinstance(state, FirstTime)
    assert "from one computer to another" in state.sentence
    assert isinstance(door.begin_under_passphrase("a long enough passphrase"), Ready)
    door.close()
    elsewhere = HistoryDoor(door.profile, Holder.WINDOW, Keyrings({}))
    assert isinstance(elsewhere.open(LIMIT_S), NeedsPassphrase)
    elsewhere.close()


def test_a_portable_copy_whose_key_is_in_a_keyring_already_is_opened_by_it(
    history: History, door: HistoryDoor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    history.lock_now()
    monkeypatch.setattr("app.chats.profile_opening.portable_home", lambda: tmp_path)
    assert isinstance(door.open(LIMIT_S), Ready)


def test_closing_twice_is_closing_once_and_a_clean_exit(history: History, door: HistoryDoor):
    history.close()
    history.close()
    assert examine(door.profile.database).was_clean


def test_a_backup_after_leaving_is_not_made(history: History):
    history.close()
    assert history.back_up_if_due() is None
    with pytest.raises(VaultError):
        history.back_up()


def test_from_the_keyring_to_a_passphrase_and_back_backups_too(history: History, door: HistoryDoor,
                                                               keyring: FakeKeyring):  # fmt: skip
    backup = history.back_up()
    assert history.move_to_passphrase(WORDS, LIMIT_S) == ""
    assert keyring.entries == {}
    assert history.ways().has_passphrase
    history.set_passphrase(OTHERS)
    assert (backup.folder / "vault.json").read_bytes() == door.profile.envelope.read_bytes()
    history.lock_now()
    assert door.open(LIMIT_S) == NeedsPassphrase()
    assert isinstance(door.try_passphrase(WORDS), NeedsPassphrase)
    state = door.try_passphrase(OTHERS)
    assert isinstance(state, Ready)
    state.history.move_to_keyring(KeyringKind.SECRET_SERVICE, LIMIT_S)
    assert len(keyring.entries) == 1
    assert not state.history.ways().has_passphrase


def test_a_recovery_passphrase_comes_and_goes(history: History):
    history.set_recovery(WORDS)
    assert history.ways().has_recovery
    history.remove_recovery()
    assert not history.ways().has_recovery


def test_retention_and_wiping_go_through_it(history: History):
    (chat,) = history.store.conversations()
    assert history.apply_retention(30) == Wiped()
    assert history.wipe([chat.id]).chats == 1
    assert history.store.conversations() == ()


def test_a_temporary_history_has_the_same_face_and_no_file(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    history = TemporaryHistory()
    question = history.store.start("hello", (TextPart("hello"),))
    recorder = history.record_answer(question.conversation_id, question.id)
    recorder.finish(MessageState.DONE, (TextPart("and hello"),))
    assert [hit.title for hit in history.store.search("and")] == ["hello"]
    assert history.backups() == ()
    assert history.back_up_if_due() is None
    assert history.apply_retention(1) == Wiped()
    with pytest.raises(BackupError, match="temporary"):
        history.back_up()
    with pytest.raises(VaultError, match="temporary"):
        history.ways()
    assert history.wipe([question.conversation_id]) == Wiped(1)
    history.lock_now()
    history.close()
    with pytest.raises(StoreError):
        history.store.conversations()
    assert list(tmp_path.iterdir()) == []
