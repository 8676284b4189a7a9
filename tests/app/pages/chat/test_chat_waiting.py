"""Questions that wait while an answer comes: changed, and taken back."""

from __future__ import annotations

import threading

import pytest

from app.pages.chat.turns import Attached, Branch
from inference.request import Message
from tests.app.pages.chat.conversation import PARIS, ids, shows, texts


@pytest.fixture
def queue(hand, qtbot, open_window, fake_engine):
    """One is being answered, two, three and four wait."""
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "one")
    qtbot.waitUntil(lambda: application.chat.turns[0].answer == "Paris")
    for question in ("two", "three", "four"):
        hand.ask(application, question)
    return application


def test_one_of_those_that_wait_goes_back_and_the_others_are_answered(
    queue, qtbot, fake_engine, shelf
):
    queue.chat.deleting.delete(ids(queue)[1])
    assert queue.page.composer.edit.toPlainText() == "two"
    fake_engine.gate.set()
    shows(qtbot, queue, "one", PARIS, "three", PARIS, "four", PARIS)
    assert texts(shelf.path(queue)) == ["one", PARIS, "three", PARIS, "four", PARIS]
    assert len(shelf.all(queue)) == 6


def test_the_last_that_waits_goes_back_alone(queue, qtbot, fake_engine, shelf):
    queue.chat.deleting.delete(ids(queue)[3])
    assert queue.page.composer.edit.toPlainText() == "four"
    fake_engine.gate.set()
    shows(qtbot, queue, "one", PARIS, "two", PARIS, "three", PARIS)
    assert len(shelf.all(queue)) == 6


def test_a_question_that_waits_is_changed_in_its_place(queue, qtbot, fake_engine, shelf):
    queue.chat.branching.edit(ids(queue)[2], "trois")
    queue.chat.branching.edit(ids(queue)[1], " ")
    fake_engine.gate.set()
    shows(qtbot, queue, "one", PARIS, "two", PARIS, "trois", PARIS, "four", PARIS)
    assert fake_engine.requests[2].messages[-1] == Message("user", "trois")
    assert texts(shelf.all(queue))[4] == "trois"
    assert queue.chat.turns[2].question_branch == Branch()


def test_a_question_that_waits_takes_other_files(queue, qtbot, fake_engine):
    queue.chat.branching.edit(ids(queue)[2], "", (Attached("notes.txt", "the notes", 9),))
    fake_engine.gate.set()
    qtbot.waitUntil(lambda: len(fake_engine.requests) == 4 and not queue.chat.is_busy())
    assert "the notes" in fake_engine.requests[2].messages[-1].content
    assert queue.chat.turns[2].question == ""


def test_a_change_that_finds_no_room_leaves_the_words(queue, qtbot, fake_engine, hand, full_disk):
    full_disk.fills("app.chats.messages.Messages.reword")
    queue.chat.branching.edit(ids(queue)[2], "trois")
    qtbot.waitUntil(lambda: bool(hand.toast_texts(queue)))
    fake_engine.gate.set()
    shows(qtbot, queue, "one", PARIS, "two", PARIS, "three", PARIS, "four", PARIS)


def test_what_waits_to_be_answered_again_is_let_be_when_it_is_deleted(
    hand, qtbot, open_window, shelf
):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    application.chat._answerer.model = None
    (turn_id,) = ids(application)
    application.chat.branching.regenerate(turn_id)
    application.chat.deleting.delete(turn_id)
    shows(qtbot, application, "one", PARIS)
    assert texts(shelf.all(application)) == ["one", PARIS]


def test_before_a_history_is_open_what_waits_is_changed_and_taken_back(
    hand, qtbot, open_window, history_door, shelf, monkeypatch
):
    gate = threading.Event()
    opening = type(history_door).open

    def slow(door, limit_s=0.0, **named):
        gate.wait(60)
        return opening(door, limit_s, **named)

    monkeypatch.setattr(type(history_door), "open", slow)
    application = open_window(waits=False, door=history_door)
    hand.ask(application, "one")
    hand.ask(application, "two")
    first, second = ids(application)
    application.chat.branching.edit(first, "uno")
    application.chat.deleting.delete(second)
    application.chat.branching.walk(first, "answer", 1)
    gate.set()
    shows(qtbot, application, "uno", PARIS)
    assert texts(shelf.path(application)) == ["uno", PARIS]
    assert application.page.composer.edit.toPlainText() == "two"
