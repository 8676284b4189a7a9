"""The door to a history after a crash, with damage, and with backups to go back to."""

from __future__ import annotations

import pytest

from app.chats import history_entry
from app.chats.database import Database
from app.chats.errors import BackupError, DiskFullError
from app.chats.history_states import (
    CannotOpen,
    Choice,
    NeedsPassphrase,
    Ready,
)
from app.chats.model import MessageState, TextPart
from tests.app.chats.history_home import (
    LIMIT_S,
    WORDS,
    Home,
    cannot,
    crash,
    damage,
    ready,
    said,
    say,
)

pytestmark = pytest.mark.usefixtures("small_margin")


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
    monkeypatch.setattr(history_entry, "check_quickly", checked.append)
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

    monkeypatch.setattr(history_entry, "migrate", full)
    door = home.door()
    assert cannot(door.open(LIMIT_S)) == CannotOpen("The disk is full.")
    monkeypatch.undo()
    assert said(ready(door.open(LIMIT_S))) == ["hello"]
