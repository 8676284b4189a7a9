"""Answers that did not come to their end, and go on."""

from __future__ import annotations

import pytest

from app.chats.chat_settings import ChatSettings
from app.chats.model import MessageState
from app.pages.chat.turns import Branch, TurnState
from inference.events import FinishReason, Overflow
from inference.request import Message
from tests.app.pages.chat.conversation import PARIS, ids, shows


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
