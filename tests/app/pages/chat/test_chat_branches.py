"""The conversation as a tree, in a window with its history: edited, answered again, walked."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from app.bridge.history_states import Locked
from app.chats.chat_settings import ChatSettings
from app.chats.history_states import Ready
from app.chats.model import MessageState
from app.pages.chat.turns import Branch, TurnState
from inference.events import FinishReason, Overflow
from inference.request import Message

LEFT = Qt.MouseButton.LeftButton
ADD = "app.chats.messages.Messages.add"
PARIS = "Paris is the capital."


def press(application, label: str) -> None:
    for toast in application.page.toasts.toasts():
        for button in toast.findChildren(QAbstractButton):
            if button.text() == label:
                QTest.mouseClick(button, LEFT)
                return
    raise AssertionError(f"no {label}")


def said(application) -> list[str]:
    return [text for turn in application.chat.turns for text in (turn.question, turn.answer)]


def ids(application) -> list[int]:
    return [turn.turn_id for turn in application.chat.turns]


def texts(messages) -> list[str]:
    return [message.text for message in messages]


@pytest.fixture
def told(hand, open_window, fake_engine):
    """A window in which one, two and three were asked and answered."""
    application = open_window()
    for question in ("one", "two", "three"):
        fake_engine.words = (f"{question}!",)
        hand.ask(application, question)
        hand.wait_idle(application)
    fake_engine.words = ("again!",)
    return application


def shows(qtbot, application, *expected: str) -> None:
    qtbot.waitUntil(lambda: said(application) == list(expected))
    qtbot.waitUntil(lambda: not application.chat.is_busy())


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


def test_a_deleted_question_takes_what_follows_with_it_and_comes_back(told, qtbot, hand, shelf):
    before = shelf.all(told)
    told.chat.branching.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    assert texts(shelf.all(told)) == ["one", "one!"]
    assert len(hand.views(told)) == 1
    press(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert shelf.all(told) == before
    assert texts(shelf.path(told)) == ["one", "one!", "two", "two!", "three", "three!"]


def test_what_was_asked_after_a_deletion_stays_as_a_branch_when_it_is_undone(
    told, qtbot, hand, shelf
):
    told.chat.branching.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    hand.ask(told, "four")
    shows(qtbot, told, "one", "one!", "four", "again!")
    press(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert told.chat.turns[1].question_branch == Branch(1, 2)
    told.chat.branching.walk(ids(told)[1], "question", 1)
    shows(qtbot, told, "one", "one!", "four", "again!")


def test_after_a_deletion_the_version_beside_it_is_shown(told, qtbot, shelf):
    second = ids(told)[1]
    told.chat.branching.edit(second, "deux")
    shows(qtbot, told, "one", "one!", "deux", "again!")
    told.chat.branching.delete(second)
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert told.chat.turns[1].question_branch == Branch()
    press(told, "Undo")
    shows(qtbot, told, "one", "one!", "deux", "again!")
    assert told.chat.turns[1].question_branch == Branch(2, 2)


def test_a_chat_can_be_emptied_and_asked_again(told, qtbot, hand, shelf):
    told.chat.branching.delete(ids(told)[0])
    shows(qtbot, told)
    assert told.page.empty.isVisible()
    assert shelf.all(told) == []
    hand.ask(told, "four")
    shows(qtbot, told, "four", "again!")
    press(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_a_deletion_can_be_undone_from_another_branch(told, qtbot):
    first, _second, third = ids(told)
    told.chat.branching.delete(third)
    shows(qtbot, told, "one", "one!", "two", "two!")
    told.chat.branching.edit(first, "uno")
    shows(qtbot, told, "uno", "again!")
    press(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_a_deletion_can_be_undone_when_its_chat_was_opened_anew(told, qtbot):
    chat_id = told.chat.shown_id
    told.chat.branching.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    told.page.new_chat()
    told.chat.open_chat(chat_id)
    shows(qtbot, told, "one", "one!")
    press(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_a_deletion_can_be_undone_while_an_answer_comes(told, qtbot, hand, fake_engine):
    told.chat.branching.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    fake_engine.gate = threading.Event()
    hand.ask(told, "four")
    qtbot.waitUntil(lambda: told.chat.turns[-1].answer == "again!")
    press(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_what_finds_no_room_to_come_back_can_be_brought_back_when_there_is_some(
    told, qtbot, hand, full_disk
):
    told.chat.branching.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    full_disk.fills("app.chats.messages.Messages.add_copy")
    press(told, "Undo")
    sentence = "What was deleted was not brought back."
    qtbot.waitUntil(lambda: any(sentence in text for text in hand.toast_texts(told)))
    full_disk.empties()
    press(told, "Try again")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_after_a_lock_what_was_deleted_is_gone(told, qtbot, hand):
    told.chat.branching.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    told.history.lock()
    qtbot.waitUntil(lambda: isinstance(told.history.state, Locked))
    told.history.open()
    qtbot.waitUntil(lambda: isinstance(told.history.state, Ready))
    shows(qtbot, told, "one", "one!")
    press(told, "Undo")
    assert any("is gone" in text for text in hand.toast_texts(told))
    shows(qtbot, told, "one", "one!")


def test_a_deletion_that_fails_changes_nothing_and_says_so(told, qtbot, hand, full_disk):
    full_disk.fills("app.chats.messages.Messages.delete")
    told.chat.branching.delete(ids(told)[1])
    qtbot.waitUntil(lambda: bool(hand.toast_texts(told)))
    assert hand.toast_texts(told)[0].endswith("Nothing was deleted.")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    full_disk.empties()
    told.chat.branching.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")


def test_an_edit_that_finds_no_room_leaves_all_as_it_was(told, qtbot, hand, full_disk, shelf):
    full_disk.fills(ADD)
    told.chat.branching.edit(ids(told)[1], "deux")
    qtbot.waitUntil(lambda: bool(hand.toast_texts(told)))
    assert hand.toast_texts(told)[0].endswith("What was there before is still there.")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    full_disk.empties()
    press(told, "Try again")
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


@pytest.mark.parametrize("reason", [FinishReason.LENGTH, FinishReason.CANCELLED])
def test_an_answer_that_did_not_come_to_its_end_goes_on(
    hand, qtbot, open_window, fake_engine, shelf, reason
):
    fake_engine.reason = reason
    fake_engine.reasoning = ("Hm.",)
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    message = shelf.path(application)[-1]
    (turn_id,) = ids(application)
    assert application.chat.turns[0].state in (TurnState.FULL, TurnState.STOPPED)
    fake_engine.reason, fake_engine.reasoning = FinishReason.STOP, ()
    fake_engine.words = (" Really.",)
    application.chat.branching.continue_answer(turn_id)
    shows(qtbot, application, "one", PARIS + " Really.")
    request = fake_engine.requests[-1]
    assert request.continues_last
    assert request.messages == (Message("user", "one"), Message("assistant", PARIS, "Hm."))
    after = shelf.path(application)[-1]
    assert (after.id, after.text, after.reasoning) == (message.id, PARIS + " Really.", "Hm.")
    assert after.state is MessageState.DONE
    assert ("continued", 1) in after.provenance.details
    assert application.chat.turns[0].answer_branch == Branch()
    application.chat.branching.continue_answer(turn_id)  # it has come to its end
    assert not application.chat.is_busy()


def test_thoughts_that_were_cut_off_go_on_with_their_time(hand, qtbot, open_window, fake_engine):
    fake_engine.reasoning, fake_engine.words = ("Hm,",), ()
    fake_engine.reason = FinishReason.CANCELLED
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    fake_engine.reasoning, fake_engine.words = (" yes.",), ("Paris",)
    fake_engine.reason = FinishReason.STOP
    application.chat.branching.continue_answer(ids(application)[0])
    shows(qtbot, application, "one", "Paris")
    turn = application.chat.turns[0]
    assert (turn.reasoning, turn.reasoning_tokens) == ("Hm, yes.", 2)
    assert turn.thinking_s is not None


def test_an_answer_for_which_there_is_no_room_to_go_on_is_what_it_was(
    hand, qtbot, open_window, fake_engine, shelf
):
    fake_engine.reason = FinishReason.LENGTH
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    before = shelf.path(application)
    fake_engine.overflow = Overflow(5000, 4096)
    application.chat.branching.continue_answer(ids(application)[0])
    shows(qtbot, application, "one", PARIS)
    assert application.chat.turns[0].state is TurnState.FULL
    qtbot.waitUntil(lambda: shelf.path(application) == before)


def test_an_answer_as_long_as_it_may_be_says_so_and_goes_on(hand, qtbot, open_window, fake_engine):
    fake_engine.reason = FinishReason.LENGTH
    application = open_window()
    application.chat.change_settings(ChatSettings(max_tokens=5))  # as the engine tells
    hand.ask(application, "one")
    hand.wait_idle(application)
    (turn_id,) = ids(application)
    assert application.chat.turns[0].state is TurnState.LIMITED
    assert "as long as" in application.page.transcript.foot(turn_id).words.text()
    chat_id = application.chat.shown_id
    application.page.new_chat()
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: application.chat.shown_id == chat_id)
    assert application.chat.turns[0].state is TurnState.LIMITED
    fake_engine.reason = FinishReason.STOP
    application.chat.branching.continue_answer(ids(application)[0])
    shows(qtbot, application, "one", PARIS + PARIS)


def test_only_the_last_answer_goes_on(told, fake_engine):
    asked = len(fake_engine.requests)
    told.chat.branching.continue_answer(ids(told)[0])
    assert not told.chat.is_busy()
    assert len(fake_engine.requests) == asked


def test_a_continued_answer_that_waits_for_a_model_that_fails_is_as_it_was(
    hand, qtbot, open_window, fake_opener, fake_engine, shelf
):
    fake_engine.reason = FinishReason.LENGTH
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    before = shelf.path(application)
    fake_opener.failure = RuntimeError("no weights")
    application.chat._answerer.model = None
    application.chat.branching.continue_answer(ids(application)[0])
    application._load()
    shows(qtbot, application, "one", PARIS)
    qtbot.waitUntil(lambda: shelf.path(application) == before)
    assert application.chat.turns[0].state is TurnState.FULL
    assert application.chat.replaying.provenance(ids(application)[0]) is not None


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
    queue.chat.branching.delete(ids(queue)[1])
    assert queue.page.composer.edit.toPlainText() == "two"
    fake_engine.gate.set()
    shows(qtbot, queue, "one", PARIS, "three", PARIS, "four", PARIS)
    assert texts(shelf.path(queue)) == ["one", PARIS, "three", PARIS, "four", PARIS]
    assert len(shelf.all(queue)) == 6


def test_the_last_that_waits_goes_back_alone(queue, qtbot, fake_engine, shelf):
    queue.chat.branching.delete(ids(queue)[3])
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
    application.chat.branching.delete(turn_id)
    shows(qtbot, application, "one", PARIS)
    assert texts(shelf.all(application)) == ["one", PARIS]


def test_before_a_history_is_open_what_waits_is_changed_and_taken_back(
    hand, qtbot, open_window, history_door, shelf, monkeypatch
):
    gate = threading.Event()
    opening = type(history_door).open

    def slow(door, limit_s=0.0, **named):
        gate.wait(10)
        return opening(door, limit_s, **named)

    monkeypatch.setattr(type(history_door), "open", slow)
    application = open_window(waits=False, door=history_door)
    hand.ask(application, "one")
    hand.ask(application, "two")
    first, second = ids(application)
    application.chat.branching.edit(first, "uno")
    application.chat.branching.delete(second)
    application.chat.branching.walk(first, "answer", 1)
    gate.set()
    shows(qtbot, application, "uno", PARIS)
    assert texts(shelf.path(application)) == ["uno", PARIS]
    assert application.page.composer.edit.toPlainText() == "two"


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
