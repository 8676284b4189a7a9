"""The conversation as a tree, in a window with its history: edited, answered again, walked."""

from __future__ import annotations

import threading

import pytest

from app.chats.model import AttachmentPart, MessageState
from app.pages.chat.turns import Attached, Branch
from inference.request import Message
from tests.app.pages.chat.conversation import PARIS, ids, shows, texts

ADD = "app.chats.messages.Messages.add"


def files(message) -> list[str]:
    return [part.text for part in message.parts if isinstance(part, AttachmentPart)]


def test_an_edited_question_is_asked_beside_the_old_one_with_all_that_followed_it(
    told, qtbot, shelf, fake_engine
):
    second = ids(told)[1]
    told.chat.branching.edit(second, "  deux ")
    shows(qtbot, told, "one", "one!", "deux", "again!")
    turn = told.chat.turns[1]
    assert (turn.turn_id, turn.question_branch) == (second, Branch(2, 2))
    assert turn.answer_branch == Branch()
    assert fake_engine.requests[-1].messages == (
        Message("user", "one"),
        Message("assistant", "one!"),
        Message("user", "deux"),
    )
    assert texts(shelf.path(told)) == ["one", "one!", "deux", "again!"]
    assert texts(shelf.all(told))[:6] == ["one", "one!", "two", "two!", "three", "three!"]


def test_an_edited_question_is_asked_with_the_files_that_it_has_then(
    told, qtbot, shelf, fake_engine
):
    second = ids(told)[1]
    told.chat.branching.edit(second, "two", (Attached("notes.txt", "the notes", 9),))
    shows(qtbot, told, "one", "one!", "two", "again!")
    assert "the notes" in fake_engine.requests[-1].messages[-1].content
    assert files(shelf.path(told)[2]) == ["the notes"]
    told.chat.branching.edit(second, "two", ())
    qtbot.waitUntil(lambda: told.chat.turns[1].question_branch == Branch(3, 3))
    shows(qtbot, told, "one", "one!", "two", "again!")
    assert fake_engine.requests[-1].messages[-1] == Message("user", "two")
    assert files(shelf.path(told)[2]) == []


def test_an_edited_question_that_nobody_can_answer_goes_to_the_field_with_its_files(told):
    file = Attached("notes.txt", "the notes", 9)
    told.chat.branching.edit(4711, "deux", (file,))
    assert told.page.composer.edit.toPlainText() == "deux"
    assert told.chat.drafts.now.files == (file,)


@pytest.mark.parametrize("words", ["two", " two\n"])
def test_a_question_saved_as_it_was_is_answered_again(told, qtbot, words):
    told.chat.branching.edit(ids(told)[1], words)
    shows(qtbot, told, "one", "one!", "two", "again!")
    assert told.chat.turns[1].answer_branch == Branch(2, 2)
    assert told.chat.turns[1].question_branch == Branch()


def test_an_emptied_question_is_not_asked(told, fake_engine):
    asked = len(fake_engine.requests)
    told.chat.branching.edit(ids(told)[1], "  ")
    told.chat.branching.edit(4711, "nobody")
    assert not told.chat.is_busy()
    assert len(fake_engine.requests) == asked


def test_any_answer_can_be_asked_for_again_and_the_chat_goes_on_from_it(told, qtbot, hand, shelf):
    told.chat.branching.regenerate(ids(told)[0])
    shows(qtbot, told, "one", "again!")
    assert told.chat.turns[0].answer_branch == Branch(2, 2)
    hand.ask(told, "four")
    shows(qtbot, told, "one", "again!", "four", "again!")
    assert texts(shelf.path(told)) == ["one", "again!", "four", "again!"]


def test_an_answer_that_comes_again_is_followed_and_one_that_is_walked_to_is_not(
    told, qtbot, hand, fake_engine
):
    fake_engine.words = tuple(f"line {number}\n\n" for number in range(80))
    first = ids(told)[0]
    told.chat.branching.regenerate(first)
    qtbot.waitUntil(lambda: not told.chat.is_busy())
    assert told.page.transcript.follows_end()
    told.chat.branching.walk(first, "answer", -1)
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    told.chat.branching.walk(first, "answer", 1)
    qtbot.waitUntil(lambda: len(told.chat.turns) == 1)
    assert not told.page.transcript.follows_end()


def test_walking_back_shows_what_followed_and_is_remembered(told, qtbot, hand, shelf):
    first = ids(told)[0]
    chat_id = told.chat.shown_id
    told.chat.branching.regenerate(first)
    shows(qtbot, told, "one", "again!")
    told.chat.branching.walk(first, "answer", -1)
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert ids(told)[0] == first, "the reader's turn stays"
    assert told.chat.turns[0].answer_branch == Branch(1, 2)
    assert [v.question.text.toPlainText() for v in hand.views(told)] == ["one", "two", "three"]
    told.page.new_chat()
    told.chat.open_chat(chat_id)
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert told.chat.turns[0].answer_branch == Branch(1, 2)
    told.chat.branching.walk(ids(told)[0], "answer", 1)
    shows(qtbot, told, "one", "again!")


def test_versions_of_a_question_are_walked_and_the_last_one_stays(told, qtbot):
    second = ids(told)[1]
    told.chat.branching.edit(second, "deux")
    shows(qtbot, told, "one", "one!", "deux", "again!")
    told.chat.branching.walk(second, "question", -1)
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert told.chat.turns[1].question_branch == Branch(1, 2)
    told.chat.branching.walk(second, "question", -1)
    qtbot.wait(10)
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_what_is_sent_while_a_branch_is_being_read_follows_it(told, qtbot, shelf, hand):
    first = ids(told)[0]
    told.chat.branching.regenerate(first)
    shows(qtbot, told, "one", "again!")
    told.chat.branching.walk(first, "answer", -1)
    told.chat.branching.walk(first, "answer", 1)  # one is under way
    told.chat.send("four")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!", "four", "again!")
    assert texts(shelf.path(told))[-2:] == ["four", "again!"]


def test_a_branch_while_an_answer_comes_stops_and_keeps_it(told, qtbot, fake_engine, hand, shelf):
    fake_engine.gate = threading.Event()
    fake_engine.words = ("Paris", " is")
    hand.ask(told, "four")
    qtbot.waitUntil(lambda: told.chat.turns[-1].answer == "Paris")
    hand.ask(told, "five")
    fake_engine.gate = None
    told.chat.branching.regenerate(ids(told)[0])
    shows(qtbot, told, "one", "Paris is")
    assert told.page.composer.edit.toPlainText() == "five"
    stopped = [m for m in shelf.all(told) if m.text == "Paris"]
    assert [m.state for m in stopped] == [MessageState.STOPPED]
    assert "five" not in texts(shelf.all(told))


def test_an_edit_that_finds_no_room_leaves_all_as_it_was(told, qtbot, hand, full_disk, shelf):
    full_disk.fills(ADD)
    told.chat.branching.edit(ids(told)[1], "deux")
    qtbot.waitUntil(lambda: bool(hand.toast_texts(told)))
    assert hand.toast_texts(told)[0].endswith("What was there before is still there.")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    full_disk.empties()
    hand.press_toast(told, "Try again")
    shows(qtbot, told, "one", "one!", "deux", "again!")
    assert texts(shelf.path(told)) == ["one", "one!", "deux", "again!"]


@pytest.mark.parametrize("how", ["edit", "regenerate"])
def test_what_waits_for_a_model_that_fails_is_as_it_was(
    hand, qtbot, open_window, fake_opener, shelf, how
):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    fake_opener.gate = threading.Event()
    fake_opener.failure = RuntimeError("no weights")
    application.chat._answerer.model = None  # as while another model is being loaded
    (turn_id,) = ids(application)
    if how == "edit":
        application.chat.branching.edit(turn_id, "uno")
    else:
        application.chat.branching.regenerate(turn_id)
    assert application.chat.is_busy()
    hand.ask(application, "two")
    application._load()
    fake_opener.gate.set()
    shows(qtbot, application, "one", PARIS)
    assert application.page.composer.edit.toPlainText() == "two"
    assert texts(shelf.all(application)) == ["one", PARIS]
    assert texts(shelf.path(application)) == ["one", PARIS]
    application.chat.branching.regenerate(turn_id)
    assert any("No model is loaded" in text for text in hand.toast_texts(application))
    shows(qtbot, application, "one", PARIS)


def test_leaving_a_chat_in_which_something_waits_to_be_asked_again(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    application.chat._answerer.model = None
    application.chat.branching.edit(ids(application)[0], "uno")
    application.page.new_chat()
    assert texts(shelf.all(application)) == ["one", PARIS]


def test_an_answer_is_kept_when_a_message_of_another_branch_is_shown(
    told, qtbot, shelf, hand, fake_engine
):
    told.chat.branching.regenerate(ids(told)[0])
    shows(qtbot, told, "one", "again!")
    fake_engine.gate = threading.Event()
    fake_engine.words = ("Paris", " is")
    hand.ask(told, "four")
    qtbot.waitUntil(lambda: told.chat.turns[-1].answer == "Paris")
    hand.type_in(told, "and then")
    by_text = {message.text: message.id for message in shelf.all(told)}
    told.chat.open_chat(told.chat.shown_id, by_text["three!"])
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    qtbot.waitUntil(lambda: told.page.composer.edit.toPlainText() == "and then")
    (kept,) = [message for message in shelf.all(told) if message.text == "Paris"]
    assert kept.state is MessageState.STOPPED


def test_a_found_message_is_shown_on_its_branch(told, qtbot, shelf):
    chat_id = told.chat.shown_id
    first = ids(told)[0]
    told.chat.branching.regenerate(first)
    shows(qtbot, told, "one", "again!")
    by_text = {message.text: message.id for message in shelf.all(told)}
    shown: list[int] = []
    told.chat.message_shown.connect(shown.append)
    told.chat.open_chat(chat_id, by_text["three!"])
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert shown == [ids(told)[2]]
    told.chat.open_chat(chat_id, by_text["one"])
    assert shown[1:] == [ids(told)[0]]
    told.page.new_chat()
    told.chat.open_chat(chat_id, by_text["again!"])
    shows(qtbot, told, "one", "again!")
    assert shown[2:] == [ids(told)[0]]
