"""The door to a history: every state it can come to, and that nothing is lost on the way."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.chats import profile_opening
from app.chats.database import Database
from app.chats.errors import BackupError, DiskFullError, PassphraseRefusedError
from app.chats.history import History
from app.chats.history_states import (
    CannotOpen,
    Choice,
    DoorState,
    FirstTime,
    InUse,
    KeyringWaits,
    NeedsPassphrase,
    NoHistory,
    OnNetworkShare,
    Ready,
)
from app.chats.model import MessageState, Role, TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from tests.app.chats.vault.conftest import FakeKeyring

LIMIT_S = 30.0
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
WORDS = "rain on the roof"


@dataclass
class Home:
    """A profile and a desktop; `door` is a program that starts."""

    folder: Path
    keyring: FakeKeyring = field(default_factory=FakeKeyring)
    doors: list[HistoryDoor] = field(default_factory=list)

    def door(self, holder: Holder = Holder.WINDOW) -> HistoryDoor:
        keyrings = Keyrings({KeyringKind.SECRET_SERVICE: self.keyring})
        door = HistoryDoor(Profile(self.folder), holder, keyrings, CHEAP)
        self.doors.append(door)
        return door

    def open(self) -> History:
        return ready(self.door().open(LIMIT_S))

    def begin(self, text: str = "hello") -> None:
        history = self.open()
        say(history, text)
        history.close()


def ready(state: DoorState) -> History:
    assert isinstance(state, Ready), state
    return state.history


def cannot(state: DoorState) -> CannotOpen:
    assert isinstance(state, CannotOpen), state
    return state


def say(history: History, text: str) -> int:
    chat = history.store.create(text)
    return history.store.messages.add(chat.id, None, Role.USER, (TextPart(text),)).id


def said(history: History) -> list[str]:
    return sorted(chat.title for chat in history.store.conversations())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "history")
    yield home
    for door in home.doors:
        door.close()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(60)


@pytest.fixture
def without_keyring(home: Home) -> Home:
    home.keyring.is_here = False
    return home


@pytest.fixture
def under_passphrase(without_keyring: Home) -> Home:
    door = without_keyring.door()
    door.open(LIMIT_S)
    history = ready(door.begin_under_passphrase(WORDS))
    say(history, "hello")
    history.close()
    return without_keyring


def damage(file: Path, offset: int = 5000) -> None:
    with open(file, "r+b") as stream:
        stream.seek(offset)
        byte = stream.read(1)[0]
        stream.seek(offset)
        stream.write(bytes([byte ^ 0x10]))


# ---------------------------------------------------------------------- opening


def test_the_first_start_begins_a_history_in_the_keyring_and_the_next_one_finds_it(home: Home):
    home.begin()
    assert len(home.keyring.entries) == 1
    history = home.open()
    assert said(history) == ["hello"]
    assert history.ways().keyring is KeyringKind.SECRET_SERVICE


def test_without_a_keyring_the_first_time_a_passphrase_is_chosen(without_keyring: Home):
    door = without_keyring.door()
    state = door.open(LIMIT_S)
    assert isinstance(state, FirstTime)
    assert "No keyring answers here" in state.sentence
    with pytest.raises(PassphraseRefusedError):
        door.begin_under_passphrase("short")
    assert not door.profile.database.exists()
    assert said(ready(door.begin_under_passphrase(WORDS))) == []


def test_a_passphrase_opens_and_a_wrong_one_changes_nothing(under_passphrase: Home):
    door = under_passphrase.door()
    state = door.open(LIMIT_S)
    assert state == NeedsPassphrase()
    wrong = door.try_passphrase("sun on the roof")
    assert isinstance(wrong, NeedsPassphrase)
    assert "does not open this history" in wrong.why
    assert said(ready(door.try_passphrase(WORDS))) == ["hello"]


def test_nothing_is_begun_where_nothing_shall_be(home: Home):
    assert home.door().open(LIMIT_S, begins=False) == NoHistory()
    assert home.keyring.entries == {}
    assert not (home.folder / "vault.json").exists()


def test_a_keyring_that_is_slow_is_waited_for(home: Home):
    home.begin()
    home.keyring.gate = threading.Event()
    door = home.door()
    assert isinstance(door.open(0.01), KeyringWaits)
    assert isinstance(door.wait_on(0.01), KeyringWaits)
    home.keyring.gate.set()
    assert said(ready(door.wait_on(LIMIT_S))) == ["hello"]


def test_waiting_is_given_up_and_tried_again_later(home: Home):
    home.begin()
    home.keyring.gate = threading.Event()
    door = home.door()
    door.open(0.01)
    door.cancel()
    state = cannot(door.wait_on(LIMIT_S))
    assert "had not answered" in state.sentence
    assert Choice.RETRY in state.choices
    home.keyring.gate.set()
    assert said(ready(door.open(LIMIT_S))) == ["hello"]


def test_a_keyring_that_keeps_nothing_leads_to_a_passphrase(home: Home):
    home.keyring.keeps = False
    state = home.door().open(LIMIT_S)
    assert isinstance(state, FirstTime)
    assert "did not keep the key" in state.sentence


def test_a_missing_entry_never_begins_a_second_history(home: Home):
    home.begin()
    before = home.keyring.entries.copy()
    home.keyring.entries.clear()
    database = (home.folder / "history.db").read_bytes()
    state = cannot(home.door().open(LIMIT_S))
    assert "no key for this history" in state.sentence
    assert (home.folder / "history.db").read_bytes() == database
    home.doors[-1].close()
    home.keyring.entries.update(before)
    assert said(home.open()) == ["hello"]


def test_a_recovery_passphrase_opens_what_the_keyring_no_longer_does(home: Home):
    history = home.open()
    say(history, "hello")
    history.set_recovery(WORDS)
    history.close()
    home.keyring.failure = RuntimeError("locked")
    home.keyring.is_here = False
    door = home.door()
    assert Choice.PASSPHRASE in cannot(door.open(LIMIT_S)).choices
    assert said(ready(door.try_passphrase(WORDS))) == ["hello"]


def test_one_program_at_a_time_and_the_second_is_told_which(home: Home):
    history = home.open()
    second = home.door(Holder.COMMAND)
    state = second.open(LIMIT_S)
    assert isinstance(state, InUse)
    assert "window" in state.sentence
    with pytest.raises(BackupError, match="could not be taken"):
        second.restore()
    history.close()
    ready(second.open(LIMIT_S))


def test_a_network_share_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.chats.profile.share_kind", lambda folder: "NFS")
    state = home.door().open(LIMIT_S)
    assert isinstance(state, OnNetworkShare)
    assert "NFS" in state.sentence
    assert not home.folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a folder away")
def test_a_folder_of_another_user_is_a_sentence(home: Home):
    home.folder.mkdir()
    os.chown(home.folder, 12345, -1)
    assert "belongs to another user" in cannot(home.door().open(LIMIT_S)).sentence


# ---------------------------------------------------------------------- after a crash


def test_what_was_streaming_is_stopped_with_its_text_after_a_crash(home: Home):
    history = home.open()
    question = history.store.start("hello", (TextPart("hello"),))
    recorder = history.record_answer(question.conversation_id, question.id)
    recorder.grow((TextPart("and hello"),), 1000)
    crash(home)
    history = home.open()
    answer = history.store.messages.get(recorder.message.id)
    assert (answer.state, answer.text) == (MessageState.STOPPED, "and hello")


def test_only_after_an_unclean_exit_every_page_is_read(home: Home, monkeypatch):
    checked: list[Database] = []
    monkeypatch.setattr(profile_opening, "check_quickly", checked.append)
    home.begin()
    home.begin("again")
    assert checked == []
    home.open()
    crash(home)
    home.open()
    assert len(checked) == 1


def test_a_damaged_log_is_gone_on_after_and_said(home: Home):
    history = home.open()
    for number in range(4):
        say(history, f"hello {number}")
    log = home.folder / "history.db-wal"
    taken = log.read_bytes()
    crash(home)
    log.write_bytes(taken)
    damage(log, len(taken) // 2)
    state = home.door().open(LIMIT_S)
    assert isinstance(state, Ready)
    assert any("set-aside" in notice for notice in state.notices)


def crash(home: Home) -> None:
    """The program is gone, and nothing of it was closed: its files are as they are now."""
    door = home.doors[-1]
    files = {file: file.read_bytes() for file in home.folder.glob("history.*") if file.is_file()}
    door.close()
    for file, stored in files.items():
        file.write_bytes(stored)


# ---------------------------------------------------------------------- backups


def test_a_damaged_database_is_replaced_by_the_newest_backup_in_one_action(home: Home):
    history = home.open()
    say(history, "hello")
    history.back_up()
    say(history, "later")
    history.close()
    damage(home.folder / "history.db", 100)
    door = home.door()
    state = cannot(door.open(LIMIT_S))
    assert Choice.BACKUP in state.choices
    restored = door.restore()
    assert said(ready(restored)) == ["hello"]
    assert any("set-aside" in notice for notice in restored.notices)


def test_a_missing_vault_file_comes_back_with_a_backup_and_its_passphrase(under_passphrase: Home):
    door = under_passphrase.door()
    door.open(LIMIT_S)
    history = ready(door.try_passphrase(WORDS))
    history.back_up()
    history.close()
    for name in ("vault.json", "vault.copy.json"):
        (under_passphrase.folder / name).unlink()
    door = under_passphrase.door()
    assert Choice.BACKUP in cannot(door.open(LIMIT_S)).choices
    assert isinstance(door.restore(), NeedsPassphrase)
    assert isinstance(door.try_passphrase("sun on the roof"), NeedsPassphrase)
    assert said(ready(door.try_passphrase(WORDS))) == ["hello"]


def test_a_damaged_backup_is_passed_over_for_an_older_one(under_passphrase: Home):
    door = under_passphrase.door()
    door.open(LIMIT_S)
    history = ready(door.try_passphrase(WORDS))
    history.back_up()
    newest = history.back_up()
    history.close()
    damage(newest.database)
    under_passphrase.folder.joinpath("history.db").unlink()
    for name in ("vault.json", "vault.copy.json"):
        (under_passphrase.folder / name).unlink()
    door = under_passphrase.door()
    door.open(LIMIT_S)
    door.restore()
    assert said(ready(door.try_passphrase(WORDS))) == ["hello"]


def test_an_open_history_is_restored_from_a_backup_of_its_own(home: Home):
    history = home.open()
    say(history, "hello")
    backup = history.back_up()
    door = home.doors[-1]
    restored = ready(door.restore(backup))
    assert said(restored) == ["hello"]
    restored.close()
    assert said(home.open()) == ["hello"]


def test_without_a_backup_there_is_nothing_to_restore(home: Home):
    home.begin()
    home.keyring.entries.clear()
    door = home.door()
    door.open(LIMIT_S)
    with pytest.raises(BackupError, match="no backup"):
        door.restore()


def test_the_days_backup_is_made_once(home: Home):
    history = home.open()
    made = history.back_up_if_due()
    assert made is not None
    assert history.back_up_if_due() is None
    assert history.backups() == (made,)
    history.verify()
    history.verify_backup(made)


def test_a_full_disk_before_a_migration_keeps_everything_as_it_is(home: Home, monkeypatch):
    home.begin()

    def full(*arguments: object, **named: object) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(profile_opening, "migrate", full)
    door = home.door()
    assert cannot(door.open(LIMIT_S)) == CannotOpen("The disk is full.")
    monkeypatch.undo()
    assert said(ready(door.open(LIMIT_S))) == ["hello"]


# ---------------------------------------------------------------------- the wipe


def test_wiping_everything_needs_no_passphrase_and_leaves_no_key(home: Home):
    home.begin()
    assert home.door().wipe_everything(LIMIT_S) == ""
    assert home.keyring.entries == {}
    assert not (home.folder / "history.db").exists()
    assert home.door().open(LIMIT_S, begins=False) == NoHistory()


def test_a_keyring_that_keeps_the_entry_of_a_wiped_history_is_named(home: Home):
    home.begin()
    home.keyring.is_here = False
    assert "by hand" in home.door().wipe_everything(LIMIT_S)
    assert not (home.folder / "history.db").exists()


@pytest.fixture(autouse=True)
def small_margin(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None] | None:
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)
    return None
