"""The dialog about the history: what it says, each thing it does, and what can't be undone."""

from __future__ import annotations

import json
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from app.bridge.history_states import Locked
from app.chats.errors import DamagedError, DiskFullError
from app.chats.history_states import NeedsPassphrase, Ready
from app.chats.store import ChatStore
from app.pages.history.history_dialog import HistoryDialog
from app.pages.history.passphrase_dialog import PassphraseDialog
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.label import Label
from tests.app.pages.history.conftest import PASSPHRASE

KEY = Qt.Key
OTHER = "clouds over the sea"
# What the offscreen platform says of itself when a dialog opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Desk:
    """The dialog over a window, and hands to use it."""

    def __init__(self, eyes) -> None:
        self.eyes = eyes
        self.application = eyes.application
        self.application.desk.open()
        dialog = self.application.desk.dialog
        assert isinstance(dialog, HistoryDialog)
        self.dialog = dialog
        self.until_idle()

    @property
    def history(self):
        return self.application.desk.jobs.history

    def until_idle(self) -> None:
        self.eyes.until(lambda: not self.application.desk.jobs.is_busy)

    def asked(self, kind: type[QDialog]) -> QDialog:
        """The one dialog above this one."""
        self.eyes.until(
            lambda: any(d.isVisible() for d in self.application.window.findChildren(kind))
        )
        found = [d for d in self.application.window.findChildren(kind) if d.isVisible()]
        assert len(found) == 1
        return found[0]

    def confirm(self) -> None:
        self.eyes.click(self.asked(ConfirmDialog).act)
        self.until_idle()

    def set_passphrase(self, passphrase: str = PASSPHRASE) -> None:
        dialog = self.asked(PassphraseDialog)
        for field in (dialog.fields.first, dialog.fields.second):
            field.edit.setText(passphrase)
        self.eyes.click(dialog.act)
        self.until_idle()

    def told(self) -> list[str]:
        return [toast.notice.text for toast in self.dialog.toasts.toasts()]


@pytest.fixture
def desk(look, home):
    home.begin()
    return Desk(look())


@pytest.fixture
def under_passphrase(look, home):
    home.begin(PASSPHRASE)
    eyes = look(passphrase=PASSPHRASE)
    eyes.until(lambda: isinstance(eyes.application.history.state, Ready))
    return Desk(eyes)


# ---------------------------------------------------------------------- how it is locked


def test_the_menu_opens_it_once_and_escape_closes_it(look, home):
    home.begin()
    eyes = look()
    eyes.press(KEY.Key_F10)
    menu = QApplication.activePopupWidget()
    next(a for a in menu.actions() if a.text() == "History…").trigger()
    menu.close()
    dialog = eyes.application.desk.dialog
    assert dialog is not None
    eyes.application.desk.open()
    assert eyes.application.desk.dialog is dialog
    assert dialog.width() == 560
    QTest.keyClick(dialog, KEY.Key_Escape)
    assert eyes.application.desk.dialog is None


def test_it_says_which_keyring_keeps_the_key(desk):
    ways = desk.dialog.ways
    assert ways.way.text().startswith("The Secret Service (GNOME Keyring")
    assert "There is no recovery passphrase" in ways.recovery.text()
    assert ways.to_passphrase.isVisible()
    assert not ways.change.isVisible()
    assert not ways.to_keyring.isVisible()
    assert not ways.remove_recovery.isVisible()


def test_a_recovery_passphrase_is_added_replaced_and_removed(desk, home):
    ways = desk.dialog.ways
    desk.eyes.click(ways.set_recovery)
    desk.set_passphrase(OTHER)
    assert desk.history.ways().has_recovery
    assert ways.set_recovery.text() == "Replace recovery passphrase…"
    assert "opens them too" in ways.recovery.text()
    desk.eyes.click(ways.set_recovery)
    desk.set_passphrase(PASSPHRASE)
    desk.eyes.click(ways.remove_recovery)
    desk.asked(ConfirmDialog).reject()
    assert desk.history.ways().has_recovery
    desk.eyes.click(ways.remove_recovery)
    desk.confirm()
    assert not desk.history.ways().has_recovery
    assert not ways.remove_recovery.isVisible()
    assert "The recovery passphrase is removed." in desk.told()


def test_a_refused_passphrase_is_said_in_its_dialog_and_another_is_taken(desk):
    desk.eyes.click(desk.dialog.ways.set_recovery)
    desk.set_passphrase("short")
    dialog = desk.asked(PassphraseDialog)
    assert "at least 8 characters" in dialog.fields.first.problem
    assert dialog.act.isEnabled()
    desk.set_passphrase(PASSPHRASE)
    assert desk.history.ways().has_recovery
    assert desk.told() == ["The recovery passphrase is set."]


def test_the_key_moves_from_the_keyring_to_a_passphrase(desk, home):
    desk.eyes.click(desk.dialog.ways.to_passphrase)
    desk.set_passphrase()
    assert home.keyring.entries == {}
    assert desk.dialog.ways.way.text() == "A passphrase opens the chats."
    assert desk.dialog.ways.change.isVisible()
    desk.application.close()
    door = home.door()
    assert isinstance(door.open(), NeedsPassphrase)
    assert isinstance(door.try_passphrase(PASSPHRASE), Ready)
    door.close()


def test_an_entry_that_cannot_be_deleted_is_told(desk, home):
    home.keyring.failure = RuntimeError("no")
    desk.eyes.click(desk.dialog.ways.to_passphrase)
    desk.set_passphrase()
    assert any("could not be deleted" in text for text in desk.told())
    assert "The passphrase opens the chats from now on." in desk.told()


def test_the_passphrase_is_changed(under_passphrase, home):
    desk = under_passphrase
    desk.eyes.click(desk.dialog.ways.change)
    desk.set_passphrase(OTHER)
    assert desk.told() == ["The passphrase is changed."]
    desk.application.close()
    door = home.door()
    door.open()
    assert isinstance(door.try_passphrase(PASSPHRASE), NeedsPassphrase)
    assert isinstance(door.try_passphrase(OTHER), Ready)
    door.close()


def test_the_key_moves_into_the_keyring_if_there_is_one(under_passphrase, home):
    desk = under_passphrase
    desk.eyes.click(desk.dialog.ways.to_keyring)
    desk.confirm()
    assert any("No keyring answers here" in text for text in desk.told())
    assert desk.history.ways().keyring is None
    home.keyring.is_here = True
    desk.eyes.click(desk.dialog.ways.to_keyring)
    desk.confirm()
    assert desk.history.ways().keyring is not None
    assert "The keyring keeps the key from now on." in desk.told()
    assert home.keyring.entries != {}


def test_while_a_job_runs_nothing_else_can_be_used(desk, home):
    home.keyring.gate = threading.Event()
    desk.eyes.click(desk.dialog.ways.to_passphrase)
    dialog = desk.asked(PassphraseDialog)
    for field in (dialog.fields.first, dialog.fields.second):
        field.edit.setText(PASSPHRASE)
    desk.eyes.press(KEY.Key_Return)
    desk.eyes.click(dialog.act)
    assert desk.application.desk.jobs.is_busy
    assert not desk.dialog.backups.back_up.isEnabled()
    assert desk.dialog.progress.text() == "Changing the passphrase"
    assert desk.dialog.done_button.isEnabled()
    assert not desk.application.desk.jobs.run("Another", lambda h: None, lambda _: None)
    dialog.reject()
    desk.dialog.accept()
    home.keyring.gate.set()
    desk.until_idle()
    assert "The passphrase opens the chats from now on." in desk.eyes.toasts()


# ---------------------------------------------------------------------- when it locks


def test_lock_now_closes_the_dialog_and_locks(desk):
    desk.eyes.click(desk.dialog.lock_now)
    assert desk.application.desk.dialog is None
    assert not desk.eyes.shows_chat()
    desk.eyes.until_settled()
    assert desk.application.history.state == Locked(asks_passphrase=False)


def test_the_time_after_which_it_locks_is_chosen_and_kept(desk, tmp_path):
    button = desk.dialog.auto_lock
    assert button.text() == "Never"
    desk.eyes.click(button)
    menu = QApplication.activePopupWidget()
    assert [a.text() for a in menu.actions()] == [
        "Never",
        "1 minute",
        "5 minutes",
        "15 minutes",
        "30 minutes",
        "60 minutes",
    ]
    QTest.keyClick(menu, KEY.Key_Down)
    QTest.keyClick(menu, KEY.Key_Down)
    QTest.keyClick(menu, KEY.Key_Return)
    assert button.text() == "5 minutes"
    assert button.accessibleName() == "Lock after: 5 minutes"
    stored = tmp_path / "settings.json"
    desk.eyes.until(stored.exists)
    desk.eyes.until(lambda: json.loads(stored.read_text())["auto_lock_minutes"] == 5)
    assert desk.application.keeping.idle._timer.isActive()
    desk.application.keeping.idle.due.emit()
    desk.eyes.until_settled()
    assert isinstance(desk.application.history.state, Locked)
    assert not desk.application.keeping.idle._timer.isActive()


# ---------------------------------------------------------------------- what is deleted


def test_old_chats_are_deleted_only_after_a_question(desk, tmp_path):
    button = desk.dialog.delete_after
    button._take(30)
    desk.asked(ConfirmDialog).reject()
    assert button.text() == "Never"
    button._take(30)
    dialog = desk.asked(ConfirmDialog)
    desk.eyes.until(dialog.cancel.hasFocus)
    desk.confirm()
    assert button.text() == "30 days"
    stored = tmp_path / "settings.json"
    desk.eyes.until(stored.exists)
    desk.eyes.until(lambda: json.loads(stored.read_text())["delete_after_days"] == 30)
    button._take(0)
    desk.eyes.until(lambda: json.loads(stored.read_text())["delete_after_days"] == 0)


def test_a_question_is_shown_whole(desk):
    desk.eyes.click(desk.dialog.delete_all)
    dialog = desk.asked(ConfirmDialog)
    for label in dialog.findChildren(Label):
        assert label.height() >= label.heightForWidth(label.width())
    dialog.reject()


def test_all_chats_are_deleted_after_a_question_and_from_backups_too(desk, home):
    desk.history.back_up()
    gone: list[bool] = []
    desk.application.keeping.upkeep.wiped.connect(lambda: gone.append(True))
    desk.eyes.click(desk.dialog.delete_all)
    desk.eyes.until(lambda: any(d.isVisible() for d in desk.dialog.findChildren(ConfirmDialog)))
    dialog = desk.asked(ConfirmDialog)
    assert not dialog.act.isDefault()
    desk.confirm()
    desk.eyes.until(lambda: bool(gone))
    assert "Chats deleted for good: 1." in desk.told()
    desk.eyes.click(desk.dialog.delete_all)
    desk.eyes.until(lambda: "There are no chats to delete." in desk.told())
    desk.application.close()
    assert home.titles() == []


# ---------------------------------------------------------------------- backups


def test_a_backup_is_made_listed_and_restored(desk, home):
    backups = desk.dialog.backups
    desk.eyes.until(backups.none_yet.isVisible)
    desk.eyes.click(backups.back_up)
    desk.until_idle()
    desk.eyes.until(lambda: len(backups.restore_buttons()) == 1)
    assert not backups.none_yet.isVisible()
    assert any(text.startswith("Backed up: ") for text in desk.told())
    desk.history.store.create("after the backup")
    desk.eyes.click(backups.restore_buttons()[0])
    desk.asked(ConfirmDialog).reject()
    desk.eyes.click(backups.restore_buttons()[0])
    desk.eyes.click(desk.asked(ConfirmDialog).act)
    desk.eyes.until_settled()
    assert isinstance(desk.application.history.state, Ready)
    assert desk.eyes.shows_chat()
    assert any("was restored" in text for text in desk.eyes.toasts())


def test_a_backup_that_fails_is_told_where_it_is_seen(desk, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise DiskFullError("The backup could not be made: the disk is full.")

    monkeypatch.setattr(desk.history, "back_up", fail)
    desk.eyes.click(desk.dialog.backups.back_up)
    desk.until_idle()
    assert desk.told() == ["The backup could not be made: the disk is full."]
    assert desk.dialog.backups.back_up.isEnabled()


def test_a_check_reads_everything_and_tells_what_is_damaged(desk, monkeypatch):
    desk.history.back_up()
    desk.eyes.click(desk.dialog.backups.check)
    desk.until_idle()
    assert desk.told() == ["All of it, backups too, is as it was written."]

    def fail(*_arguments: object) -> None:
        raise DamagedError("Part of the history's file is damaged.")

    monkeypatch.setattr(desk.history, "verify", fail)
    monkeypatch.setattr(desk.history, "verify_backup", fail)
    desk.eyes.click(desk.dialog.backups.check)
    desk.until_idle()
    problems = desk.told()[1:]
    assert problems[0] == "Part of the history's file is damaged."
    assert problems[1].endswith("asked: Part of the history's file is damaged.")


def test_chats_that_cannot_be_counted_are_told(desk, monkeypatch):
    def fail(_store: ChatStore) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(ChatStore, "conversations", fail)
    desk.eyes.click(desk.dialog.delete_all)
    desk.eyes.until(lambda: any("were not counted" in text for text in desk.told()))


def test_without_an_open_history_there_is_no_dialog(look, home):
    home.keyring.is_here = False
    eyes = look()
    eyes.application.desk.open()
    assert eyes.application.desk.dialog is None
    jobs = eyes.application.desk.jobs
    assert not jobs.run("Reading", lambda h: None, lambda _: None)
    assert not jobs.write("Deleting", lambda h: None, lambda _: None)
