"""A long chat: its end is shown at once, what stands before it comes, and nothing is asked
without it.
"""

from __future__ import annotations

import threading

import pytest

from app.chats.chat_record import AnswerRecord, ChatRecord
from app.chats.model import MessageState, Role, TextPart
from app.chats.recorder import answer_parts
from inference.request import Message

TURNS = 700  # more than are shown in one go


def written(history) -> int:
    """A chat of many turns below a system message."""
    store = history.store
    with store.database.write():
        chat = store.create("long")
        add = store.messages.add
        parent = add(chat.id, None, Role.SYSTEM, [TextPart("Be brief.")]).id
        for number in range(TURNS):
            question = add(chat.id, parent, Role.USER, [TextPart(f"{number}?")])
            parent = add(chat.id, question.id, Role.ASSISTANT, answer_parts(f"{number}.")).id
    return chat.id


@pytest.fixture
def held_back(monkeypatch):
    """What stands before the end is not read until this is set."""
    gate = threading.Event()
    load_above = ChatRecord.load_above

    def slow(record, history, shown):
        gate.wait(20)
        return load_above(record, history, shown)

    monkeypatch.setattr(ChatRecord, "load_above", slow)
    yield gate
    gate.set()


@pytest.fixture
def opened(hand, qtbot, open_window, shelf, held_back):
    """A window that shows the chat's end."""
    application = open_window()
    chat_id = shelf.do(application, written)
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: application.chat.shown_id == chat_id)
    return application


def questions(application) -> list[str]:
    return [turn.question for turn in application.chat.turns]


def test_the_end_is_shown_first_and_then_all_of_it(opened, qtbot, held_back):
    assert questions(opened)[-1] == f"{TURNS - 1}?"
    assert 20 < len(questions(opened)) < TURNS
    assert len(opened.page.transcript.turn_ids()) == len(questions(opened))
    held_back.set()
    qtbot.waitUntil(lambda: len(questions(opened)) == TURNS)
    assert questions(opened) == [f"{number}?" for number in range(TURNS)]
    shown = opened.page.transcript.turn_ids
    qtbot.waitUntil(lambda: len(shown()) == TURNS)
    assert shown() == tuple(turn.turn_id for turn in opened.chat.turns)
    assert opened.page.transcript.follows_end(), "the reader stays at its end"


def test_what_is_sent_meanwhile_is_asked_with_all_of_it(
    opened, qtbot, held_back, hand, fake_engine
):
    hand.ask(opened, "and now?")
    opened.chat.deleting.delete(opened.chat.turns[0].turn_id)  # not before all of it is there
    held_back.set()
    hand.wait_idle(opened)
    (request,) = fake_engine.requests
    assert len(request.messages) == 2 * TURNS + 2
    assert request.messages[0] == Message("system", "Be brief.")
    assert request.messages[1] == Message("user", "0?")
    assert len(opened.chat.turns) == TURNS + 1


def test_a_turn_that_is_not_shown_yet_can_be_gone_to(opened, qtbot, held_back):
    held_back.set()
    qtbot.waitUntil(lambda: len(questions(opened)) == TURNS)
    first = opened.chat.turns[0].turn_id
    opened.page.transcript.show_turn_at(first)
    assert opened.page.transcript.turn_ids()[0] == first


def test_a_long_chat_that_is_left_meanwhile_leaves_nothing(opened, qtbot, held_back):
    opened.page.new_chat()
    held_back.set()
    qtbot.wait(50)
    assert opened.chat.turns == ()
    assert opened.page.transcript.turn_ids() == ()


def test_a_chat_of_which_a_part_cannot_be_read_is_not_shown(
    opened, qtbot, held_back, hand, full_disk
):
    full_disk.fills("app.chats.messages.Messages.path")
    held_back.set()
    qtbot.waitUntil(lambda: bool(hand.toast_texts(opened)))
    assert opened.chat.turns == ()
    assert opened.chat.shown_id is None
    full_disk.empties()


def test_an_answer_is_not_loaded_without_its_question(shelf, open_window):
    def read(history) -> list[MessageState]:
        chat = ChatRecord()
        for number in range(3):
            answer = AnswerRecord()
            chat.ask(history, f"{number}?", answer)
            answer.finish(history, MessageState.DONE, answer_parts(f"{number}."), None)
        loaded = chat.load(history, most=3)
        assert not loaded.is_whole
        above = chat.load_above(history, loaded)
        assert [m.text for m in above] == ["0?", "0.", "1?", "1."]
        return [m.text for m in loaded.messages]

    assert shelf.do(open_window(), read) == ["2?", "2."]
