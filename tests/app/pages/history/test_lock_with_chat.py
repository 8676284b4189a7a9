"""Locking while an answer comes: it is kept, nothing of it is seen, and it is there afterwards."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from app.bridge.history_states import Locked
from app.chats.model import MessageState

CTRL = Qt.KeyboardModifier.ControlModifier
QUESTION = "What is the secret of the pitcher?"


def words_of(window) -> str:
    """All words that the window shows."""
    labels = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*labels, window.windowTitle()])


@pytest.fixture
def answering(look, home, fake_engine):
    """A window with an answer of which one word has come."""
    home.begin()
    fake_engine.gate = threading.Event()
    eyes = look()
    eyes.until(lambda: eyes.application.page.header.model.text() == "Fake-135M")
    eyes.type_in(QUESTION)
    eyes.press(Qt.Key.Key_Return)
    eyes.until(lambda: bool(eyes.application.chat.turns))
    eyes.until(lambda: eyes.application.chat.turns[-1].answer != "")
    return eyes


def test_the_answer_is_stopped_kept_hidden_and_shown_again(answering, home):
    eyes, application = answering, answering.application
    QGuiApplication.clipboard().setText("mine")
    eyes.until(lambda: "secret" in application.window.windowTitle())
    eyes.press(Qt.Key.Key_L, CTRL)
    assert "secret" not in words_of(application.window)
    assert "Paris" not in words_of(application.window)
    eyes.until_settled()
    assert isinstance(application.history.state, Locked)
    assert "secret" not in words_of(application.window)
    assert application.page.transcript.turn_ids() == ()
    assert application.page.composer.edit.toPlainText() == ""
    assert QGuiApplication.clipboard().text() == "mine"
    eyes.press(Qt.Key.Key_Return)
    eyes.until_settled()
    eyes.until(lambda: bool(application.chat.turns))
    (turn,) = application.chat.turns
    assert turn.question == QUESTION
    assert turn.answer == "Paris"
    assert "secret" in application.window.windowTitle()
    application.close()
    kept = []
    home.with_history(
        lambda history: kept.extend(
            history.store.messages.all(chat.id)
            for chat in history.store.conversations()
            if chat.title != "kept"
        )
    )
    ((question, answer),) = kept
    assert question.text == QUESTION
    assert answer.text == "Paris"
    assert answer.state is MessageState.STOPPED


def test_closing_while_answering_keeps_the_answer(answering, home):
    assert answering.application.close()
    texts = []
    home.with_history(
        lambda history: texts.extend(
            message.text
            for chat in history.store.conversations()
            for message in history.store.messages.all(chat.id)
        )
    )
    assert texts == [QUESTION, "Paris"]
