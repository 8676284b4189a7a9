"""After a lock the chat that was open is shown again, whatever is done until it has been read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.bridge.history_states import Locked
from app.chats.errors import DiskFullError
from app.chats.history_states import Ready

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def asked(hand, open_window):
    """A window with a chat. It is locked away in the test itself: between a fixture and its test
    events are handled, and the chat would be read again.
    """
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    return application, application.chat.shown_id


def unlock(application, qtbot) -> None:
    application.keeping.lock()
    qtbot.waitUntil(lambda: isinstance(application.history.state, Locked))
    open_again(application, qtbot)


def open_again(application, qtbot) -> None:
    """Up to the moment at which the history is open: its thread reads the chat after that."""
    with qtbot.waitSignal(
        application.history.changed, check_params_cb=lambda state: isinstance(state, Ready)
    ):
        application.history.open()
    assert application.chat.turns == ()


def written(application) -> str:
    return application.page.composer.edit.toPlainText()


def test_what_is_sent_meanwhile_stands_in_its_field(asked, qtbot, shelf, fake_engine):
    application, chat_id = asked
    unlock(application, qtbot)
    assert application.chat.send("two")
    qtbot.waitUntil(lambda: application.chat.shown_id == chat_id)
    assert [turn.question for turn in application.chat.turns] == ["one"]
    assert written(application) == "two"
    assert application.chat.drafts.is_settled
    assert len(fake_engine.requests) == 1
    assert len(shelf.chats(application)) == 1


def test_a_new_chat_that_is_wanted_meanwhile_is_shown_instead(asked, qtbot, hand, shelf):
    application, chat_id = asked
    unlock(application, qtbot)
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: application.chat.drafts.is_settled)
    assert application.chat.shown_id is None
    hand.ask(application, "two")
    hand.wait_idle(application)
    assert application.chat.shown_id not in (None, chat_id)
    assert len(shelf.chats(application)) == 2


def test_another_lock_meanwhile_does_not_lose_it(asked, qtbot):
    application, chat_id = asked
    unlock(application, qtbot)
    unlock(application, qtbot)
    qtbot.waitUntil(lambda: application.chat.shown_id == chat_id)
    assert [turn.question for turn in application.chat.turns] == ["one"]


def test_where_it_can_not_be_read_what_was_sent_stands_in_a_new_chat(
    hand, qtbot, open_window, monkeypatch, fake_engine
):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    load = type(application.chat._chat.record).load

    def broken(record, *arguments, **named):
        if record.conversation_id is not None:
            raise DiskFullError("The disk is full.")
        return load(record, *arguments, **named)

    monkeypatch.setattr("app.chats.chat_record.ChatRecord.load", broken)
    unlock(application, qtbot)
    assert application.chat.send("two")
    qtbot.waitUntil(lambda: hand.toast_texts(application) == ["The disk is full."])
    qtbot.waitUntil(lambda: application.chat.drafts.is_settled)
    assert written(application) == "two"
    assert application.chat.turns == ()
    assert len(fake_engine.requests) == 1
