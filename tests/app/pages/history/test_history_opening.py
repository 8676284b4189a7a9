"""What is seen and can be written while the history is being opened, and that takes its time."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from app.chats.history_states import CannotOpen
from app.theme.metrics import MOTION

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def quick_patience(monkeypatch):
    """A moment is over at once."""
    monkeypatch.setattr("app.bridge.history_worker._FIRST_WAIT_S", 0.02)


def test_a_keyring_is_waited_for_and_escape_stops_that(look, home, quick_patience):
    home.begin()
    home.keyring.gate = threading.Event()
    eyes = look(settles=False)
    eyes.until(lambda: eyes.page.screen_now() is eyes.page.waiting)
    eyes.until(eyes.page.waiting.stop.isVisible)
    assert "keyring" in eyes.page.waiting.title.text()
    assert eyes.page.waiting.stop.hasFocus()
    eyes.press(KEY.Key_Escape)
    eyes.until_settled()
    assert isinstance(eyes.application.history.state, CannotOpen)
    assert "had not answered" in eyes.page.problem.sentence.text()
    assert eyes.page.problem.retry.hasFocus()
    home.keyring.gate.set()
    eyes.press(KEY.Key_Return)
    eyes.until_settled()
    assert eyes.shows_chat()


def test_a_keyring_that_answers_late_opens_the_history_by_itself(look, home, quick_patience):
    home.begin()
    home.keyring.gate = threading.Event()
    eyes = look(settles=False)
    eyes.until(eyes.page.waiting.stop.isVisible)
    home.keyring.gate.set()
    eyes.until_settled()
    assert eyes.shows_chat()


def test_opening_is_seen_only_when_it_takes_longer_than_a_moment(look, home):
    home.begin()
    home.keyring.gate = threading.Event()
    eyes = look(settles=False)
    assert eyes.shows_chat()
    eyes.page._patience.setInterval(0)
    eyes.page._patience.start()
    eyes.until(lambda: not eyes.shows_chat())
    assert eyes.page.waiting.title.text() == "Opening the chats"
    assert not eyes.page.waiting.stop.isVisible()
    home.keyring.gate.set()
    eyes.until_settled()
    assert eyes.shows_chat()
    assert MOTION.patience_ms >= 300


# ---------------------------------------------------------------------- who writes meanwhile


@pytest.fixture
def slow(home, look):
    """A window whose chats are opened when the event is set, and not before."""

    def come(**options):
        home.keyring.gate = threading.Event()
        return look(settles=False, **options), home.keyring.gate

    return come


def end_patience(eyes) -> None:
    """A moment is over."""
    assert eyes.page._patience.isActive()
    eyes.page._patience.stop()
    eyes.page._patience.timeout.emit()


@pytest.mark.parametrize("is_new", [False, True])
def test_who_writes_while_the_chats_are_opened_is_left_at_it(slow, home, is_new):
    """Once the page of the opening came over a new user’s first question, and had its Return."""
    if not is_new:
        home.begin()
    eyes, gate = slow(is_new=is_new)
    for letter in "Hello":
        eyes.type_in(letter)
    end_patience(eyes)
    eyes.press(KEY.Key_Return)
    assert eyes.shows_chat()
    gate.set()
    eyes.until_settled()
    chat = eyes.application.chat
    eyes.until(lambda: bool(chat.turns) and not chat.is_busy())
    assert [turn.question for turn in chat.turns] == ["Hello"]
    assert chat.shown_id is not None, "it is kept"


def test_a_question_that_waits_for_the_chats_is_not_covered(slow, home):
    home.begin()
    eyes, gate = slow()
    eyes.type_in("Hello")
    eyes.press(KEY.Key_Return)
    end_patience(eyes)
    assert eyes.shows_chat()
    gate.set()
    eyes.until_settled()


def test_what_is_typed_while_the_chats_are_opened_comes_to_the_chat(slow, home):
    home.begin()
    eyes, gate = slow()
    end_patience(eyes)
    assert eyes.page.screen_now() is eyes.page.waiting
    eyes.press(KEY.Key_J, CTRL)
    eyes.press(KEY.Key_F9)
    assert eyes.page.screen_now() is eyes.page.waiting
    for letter in "Hi ½":
        eyes.type_in(letter)  # to where the keyboard is by then
    assert eyes.shows_chat()
    edit = eyes.application.page.composer.edit
    assert edit.toPlainText() == "Hi ½"
    gate.set()
    eyes.until_settled()
    assert edit.hasFocus()


@pytest.mark.parametrize("page", ["first_run", "help"])
def test_a_page_that_lies_over_the_chat_stays(slow, home, page):
    home.begin()
    eyes, gate = slow()
    over = getattr(eyes.application, page)
    over.open()
    end_patience(eyes)
    assert over.is_open
    gate.set()
    eyes.until_settled()
    assert over.is_open


def test_what_is_typed_while_a_keyring_may_ask_comes_to_no_chat(slow, home, quick_patience):
    home.begin()
    eyes, gate = slow()
    eyes.until(eyes.page.waiting.stop.isVisible)
    eyes.type_in("a password")
    eyes.page.hide_chats_at_once()
    eyes.type_in("while it is locked")
    assert not eyes.shows_chat()
    assert eyes.application.page.composer.edit.toPlainText() == ""
    gate.set()
    eyes.until_settled()
