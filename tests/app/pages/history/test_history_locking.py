"""Locking a window with a history, and opening one by a passphrase that came with the start."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.bridge.history_states import Locked, TemporaryOnly
from app.chats.history_states import Ready
from tests.app.pages.history.conftest import PASSPHRASE

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
# What the offscreen platform says of itself when a dialog opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


# ---------------------------------------------------------------------- locking


def test_locking_hides_everything_at_once_and_the_keyring_opens_it_again(look, home, qtbot):
    home.begin()
    eyes = look()
    application = eyes.application
    application.page.title_changed.emit("Secret plans")
    assert application.window.windowTitle() == "Secret plans – Pitcher"
    eyes.press(KEY.Key_L, CTRL)
    assert not eyes.shows_chat(), "before the disk has answered"
    assert application.window.windowTitle() == "Pitcher"
    assert not application.window.sidebar.new_chat.isVisible()
    eyes.until_settled()
    assert application.history.state == Locked(asks_passphrase=False)
    assert not eyes.page.unlocking.field.isVisible()
    assert eyes.page.unlocking.unlock.hasFocus()
    application.page.title_changed.emit("Secret plans")
    assert application.window.windowTitle() == "Pitcher"
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    assert eyes.shows_chat()
    assert application.window.sidebar.new_chat.isVisible()


def test_a_locked_window_asks_for_its_passphrase(look, home):
    home.begin(PASSPHRASE)
    eyes = look()
    eyes.type_in(PASSPHRASE)
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    eyes.press(KEY.Key_L, CTRL)
    eyes.until_settled()
    assert eyes.application.history.state == Locked(asks_passphrase=True)
    assert eyes.page.unlocking.field.text == ""
    eyes.type_in("rain on the road")
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    assert eyes.page.unlocking.field.problem != ""
    eyes.type_in(PASSPHRASE)
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    assert eyes.shows_chat()


def test_locking_closes_menus_and_dialogs(look, home):
    home.begin()
    eyes = look()
    application = eyes.application
    application.palette.show_shortcuts()
    assert QApplication.activeModalWidget() is not None
    application.keeping.lock()
    assert QApplication.activeModalWidget() is None
    eyes.until_settled()
    application.window.activateWindow()
    eyes.until(application.window.isActiveWindow)
    eyes.press(KEY.Key_F10)
    menu = QApplication.activePopupWidget()
    enabled = {a.text().split("\t")[0]: a.isEnabled() for a in menu.actions()}
    assert not enabled["Lock now"]
    assert not enabled["History…"]
    menu.close()


def test_no_new_chat_begins_while_it_is_locked(look, home):
    home.begin()
    eyes = look()
    eyes.application.keeping.lock()
    eyes.until_settled()
    calls: list[bool] = []
    eyes.application.window.new_chat_requested.connect(lambda: calls.append(True))
    eyes.press(KEY.Key_N, CTRL)
    assert calls == []


def test_the_model_that_loads_meanwhile_is_there_afterwards(look, home, fake_opener):
    home.keyring.is_here = False
    eyes = look()
    eyes.until(lambda: eyes.application.page.header.model.text() == "Fake-135M")
    assert not eyes.shows_chat()
    eyes.press(KEY.Key_Escape)
    eyes.until_settled()
    assert eyes.application.page.header.model.text() == "Fake-135M"


def test_a_history_that_was_left_can_be_opened_from_the_menu(look, home):
    home.begin(PASSPHRASE)
    eyes = look()
    eyes.press_alt(KEY.Key_T, TemporaryOnly)
    eyes.until_settled()
    eyes.press(KEY.Key_F10)
    menu = QApplication.activePopupWidget()
    action = next(a for a in menu.actions() if a.text() == "Open the history")
    action.trigger()
    menu.close()
    eyes.until_settled()
    assert eyes.page.screen_now() is eyes.page.unlocking


def test_under_960_the_header_has_the_network_state_but_no_new_chat(look, home):
    home.keyring.is_here = False
    eyes = look(width=700, height=480)
    header = eyes.page.header
    assert header.lock.isVisible()
    assert header.sidebar.isVisible()
    assert not header.new_chat.isVisible()
    eyes.click(header.sidebar)
    assert eyes.application.window.sidebar.isVisible()


# ---------------------------------------------------------------------- given with the start


@pytest.mark.parametrize("is_new", [True, False])
def test_a_passphrase_given_with_the_start_asks_nobody(look, home, is_new):
    home.keyring.is_here = False
    if not is_new:
        home.begin(PASSPHRASE)
    eyes = look(passphrase=PASSPHRASE)
    eyes.until(lambda: isinstance(eyes.application.history.state, Ready))
    assert eyes.shows_chat()


def test_a_given_passphrase_also_recovers(look, home):
    home.begin()
    home.with_history(lambda history: history.set_recovery(PASSPHRASE))
    home.keyring.is_here = False
    eyes = look(passphrase=PASSPHRASE)
    eyes.until(lambda: isinstance(eyes.application.history.state, Ready))


def test_a_given_passphrase_that_is_wrong_is_said_and_another_asked_for(look, home):
    home.begin(PASSPHRASE)
    eyes = look(settles=False, passphrase="rain on the road")
    eyes.until(lambda: eyes.page.unlocking.field.problem != "")
    eyes.type_in(PASSPHRASE)
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    assert eyes.shows_chat()


def test_a_given_passphrase_that_is_refused_as_a_new_one_is_said(look, home):
    home.keyring.is_here = False
    eyes = look(settles=False, passphrase="short")
    eyes.until(lambda: eyes.page.screen_now() is eyes.page.first_time)
    assert "at least 8" in eyes.page.first_time.sentence.text()


def test_a_given_passphrase_that_nobody_needs_is_forgotten(look, home):
    home.begin()
    eyes = look(passphrase=PASSPHRASE)
    assert eyes.shows_chat()
    assert eyes.application.keeping._given is None
