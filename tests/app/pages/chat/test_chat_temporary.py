"""A temporary chat: said to be one, and stored nowhere."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.bridge.history_states import TemporaryOnly
from app.chats.history_states import Ready
from app.chats.profile import Holder
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.keyrings import Keyrings

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
STORED_NOWHERE = "Nothing of this chat is stored."


def temporary_by_keys(application) -> None:
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL | SHIFT)


def composer_text(application) -> str:
    return application.page.composer.edit.toPlainText()


@pytest.mark.parametrize("how", ["keys", "mouse"])
def test_a_temporary_chat_says_so_and_is_stored_nowhere(
    hand, qtbot, open_window, shelf, history_door, how
):
    application = open_window()
    assert not application.page.header.temporary.isVisible()
    assert application.page.empty.memory.title.text() == "Chats are kept, encrypted"
    if how == "keys":
        temporary_by_keys(application)
    else:
        QTest.mouseClick(application.page.empty.other_place, LEFT)
    assert application.page.header.temporary.isVisible()
    assert application.page.header.temporary.text() == "Temporary"
    assert application.page.empty.memory.title.text() == STORED_NOWHERE
    hand.ask(application, "canary in the mine")
    hand.wait_idle(application)
    hand.type_in(application, "canary typed")
    assert application.chat.is_temporary
    assert len(shelf.chats(application, is_temporary=True)) == 1
    assert shelf.chats(application) == ()
    assert application.window.sidebar.chats.model.rowCount() == 0
    assert application.close()
    history = history_door.open().history
    try:
        assert history.store.conversations() == ()
        assert history.store.loose_draft() == ""
    finally:
        history_door.close()


def test_a_temporary_chat_is_gone_once_it_is_left(hand, qtbot, open_window, shelf):
    application = open_window()
    temporary_by_keys(application)
    hand.ask(application, "one")
    hand.wait_idle(application)
    hand.ask(application, "two")
    hand.wait_idle(application)
    assert len(hand.views(application)) == 2
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert not application.page.header.temporary.isVisible()
    assert shelf.chats(application, is_temporary=True) == ()
    hand.ask(application, "kept")
    hand.wait_idle(application)
    assert [chat.title for chat in shelf.chats(application)] == ["kept"]


def test_the_empty_page_leads_back_to_a_chat_that_is_kept(hand, qtbot, open_window, shelf):
    application = open_window()
    temporary_by_keys(application)
    QTest.mouseClick(application.page.empty.other_place, LEFT)
    assert not application.chat.is_temporary
    hand.ask(application, "kept")
    hand.wait_idle(application)
    assert len(shelf.chats(application)) == 1


def test_without_a_history_every_chat_is_temporary(hand, qtbot, open_window, shelf):
    application = open_window()
    application.history.go_on_temporary()
    qtbot.waitUntil(lambda: isinstance(application.history.state, TemporaryOnly))
    qtbot.waitUntil(application.page.header.temporary.isVisible)
    assert not application.page.empty.other_place.isVisible()
    assert "temporary" in application.window.sidebar.chats.words.text()
    hand.ask(application, "one")
    hand.wait_idle(application)
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert application.chat.is_temporary
    hand.ask(application, "two")
    hand.wait_idle(application)
    assert [c.title for c in shelf.chats(application, is_temporary=True)] == ["two"]


def test_what_was_asked_before_anything_was_open_is_answered_in_a_temporary_chat(
    hand, qtbot, open_window, history_door, fake_opener, shelf
):
    door = HistoryDoor(history_door.profile, Holder.WINDOW, Keyrings({}), history_door._cost)
    application = open_window(door=door)
    assert not isinstance(application.history.state, Ready)
    application.history.go_on_temporary()
    qtbot.waitUntil(lambda: isinstance(application.history.state, TemporaryOnly))
    hand.ask(application, "one")
    hand.wait_idle(application)
    assert hand.answer_text(application) == "Paris is the capital."
    assert application.chat.is_temporary


def test_a_temporary_answer_that_is_left_ends(hand, qtbot, open_window, fake_engine, shelf):
    fake_engine.gate = threading.Event()
    application = open_window()
    temporary_by_keys(application)
    hand.ask(application, "go")
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris")
    temporary_by_keys(application)
    assert hand.views(application) == ()
    assert shelf.chats(application, is_temporary=True) == ()
    assert hand.toast_texts(application) == []
