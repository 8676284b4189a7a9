"""From chat to chat, through a lock and over a crash: what is shown again is what was kept."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.bridge.history_states import Locked
from app.chats.chat_record import AnswerRecord, ChatRecord
from app.chats.history_states import Ready
from app.chats.model import MessageState, Provenance, Role, TextPart
from app.chats.recorder import answer_parts
from inference.request import Message

CTRL = Qt.KeyboardModifier.ControlModifier
DONE = MessageState.DONE


def composer_text(application) -> str:
    return application.page.composer.edit.toPlainText()


def filled(history, title: str, turns: int, *, last: MessageState | None = DONE) -> int:
    """A chat in the store, as one that was said before; `last` None: it streams still."""
    chat = ChatRecord()
    for number in range(turns):
        answer = AnswerRecord()
        chat.ask(history, f"{title} {number}?", answer)
        parts = answer_parts(f"{title} {number}.", "Hm, yes.", 12_000, 486)
        if number == turns - 1 and last is None:
            answer._recorder._messages.grow(answer._recorder.message.id, parts)
        else:
            record = Provenance((("model", "Old"), ("decode_tokens_per_s", 13.6)))
            answer.finish(history, last or DONE, parts, record)
    assert chat.conversation_id is not None
    return chat.conversation_id


def show(application, qtbot, shelf, hand, title: str, turns: int) -> int:
    chat_id = shelf.do(application, lambda h: filled(h, title, turns))
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: application.chat.shown_id == chat_id)
    return chat_id


def test_the_meter_of_an_opened_chat_says_what_its_last_answer_left_in_the_context(
    open_window, qtbot, shelf
):
    application = open_window()
    figures = (("prompt_tokens", 1200), ("generated_tokens", 700), ("reasoning_tokens", 400))

    def answered(history) -> int:
        chat, answer = ChatRecord(), AnswerRecord()
        chat.ask(history, "rain?", answer)
        answer.finish(history, DONE, answer_parts("Yes.", "Hm.", 1, 400), Provenance(figures))
        assert chat.conversation_id is not None
        return chat.conversation_id

    application.chat.open_chat(shelf.do(application, answered))
    qtbot.waitUntil(lambda: application.page.composer.meter.text() == "1.5k of 4k")


def test_an_opened_chat_shows_questions_answers_and_thoughts_with_their_time(
    hand, qtbot, open_window, shelf
):
    application = open_window()
    show(application, qtbot, shelf, hand, "rain", 2)
    assert [v.question.text.toPlainText() for v in hand.views(application)] == [
        "rain 0?",
        "rain 1?",
    ]
    assert hand.answer_text(application) == "rain 1."
    turn = hand.views(application)[-1]
    assert turn.thoughts.head.words.text() == "Thought for 12 s"
    assert turn.thoughts.head.tokens.text() == "486 tokens"
    assert turn.foot.model.text() == "Old"
    assert turn.foot.speed.text() == "13.6 tokens/s"
    assert application.page.header.title.text() == "rain 0?"
    assert application.window.windowTitle() == "rain 0? – Pitcher"
    assert not application.chat.is_busy()


def test_an_opened_chat_goes_on_where_it_ended(hand, qtbot, open_window, fake_engine, shelf):
    application = open_window()
    show(application, qtbot, shelf, hand, "rain", 1)
    hand.ask(application, "and snow?")
    hand.wait_idle(application)
    assert fake_engine.requests[-1].messages == (
        Message("user", "rain 0?"),
        Message("assistant", "rain 0.", "Hm, yes."),
        Message("user", "and snow?"),
    )
    assert [m.text for m in shelf.path(application)][-2:] == ["and snow?", "Paris is the capital."]


def test_the_last_answer_of_an_opened_chat_can_be_asked_again(
    hand, qtbot, open_window, fake_engine, shelf
):
    application = open_window()
    show(application, qtbot, shelf, hand, "rain", 1)
    QTest.mouseClick(hand.views(application)[-1].foot.regenerate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris is the capital.")
    hand.wait_idle(application)
    assert len(shelf.all(application)) == 3


def test_a_chat_with_a_system_message_is_asked_with_it(
    hand, qtbot, open_window, fake_engine, shelf
):
    def begin(history):
        chat = history.store.create("from the terminal")
        add = history.store.messages.add
        system = add(chat.id, None, Role.SYSTEM, [TextPart("Be brief.")])
        question = add(chat.id, system.id, Role.USER, [TextPart("one")])
        add(chat.id, question.id, Role.ASSISTANT, [TextPart("1")])
        return chat.id

    application = open_window()
    chat_id = shelf.do(application, begin)
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: len(hand.views(application)) == 1)
    hand.ask(application, "two")
    hand.wait_idle(application)
    assert fake_engine.requests[-1].messages[0] == Message("system", "Be brief.")


def test_a_long_chat_is_shown_from_its_end_and_then_whole(hand, qtbot, open_window, shelf):
    application = open_window()
    transcript = application.page.transcript
    show(application, qtbot, shelf, hand, "rain", 60)
    assert hand.answer_text(application) == "rain 59."
    assert len(transcript.turn_ids()) == 60
    assert not transcript.views_of(transcript.turn_ids()[0]), "what isn't near has no widgets"
    qtbot.wait(20)
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum(), "its end stays in sight"


def test_a_reader_who_scrolls_up_meanwhile_stays_there(hand, qtbot, open_window, shelf):
    application = open_window()
    transcript = application.page.transcript
    show(application, qtbot, shelf, hand, "rain", 60)
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 400)
    bar.setValue(bar.maximum() - 300)
    view = transcript.view_at(transcript.row_at(200))
    place = view.mapTo(transcript, QPoint(0, 0))
    qtbot.wait(50)
    assert view.mapTo(transcript, QPoint(0, 0)) == place


def test_a_long_chat_that_is_left_while_it_is_being_shown_leaves_nothing(
    hand, qtbot, open_window, shelf
):
    application = open_window()
    show(application, qtbot, shelf, hand, "rain", 60)
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    qtbot.wait(50)
    assert hand.views(application) == ()


def test_leaving_for_another_chat_stops_the_answer_and_keeps_it(
    hand, qtbot, open_window, fake_engine, shelf
):
    application = open_window()
    chat_id = shelf.do(application, lambda h: filled(h, "rain", 1))
    fake_engine.gate = threading.Event()
    hand.ask(application, "first")
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris")
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: hand.answer_text(application) == "rain 0.")
    assert not application.page.composer.button.stops
    first = next(
        number for number, chat in enumerate(shelf.chats(application)) if chat.title == "first"
    )
    answer = shelf.path(application, first)[-1]
    assert (answer.state, answer.text) == (MessageState.STOPPED, "Paris")


def test_whoever_writes_on_stays_though_another_chat_was_asked_for(hand, qtbot, open_window, shelf):
    application = open_window()
    chat_id = shelf.do(application, lambda h: filled(h, "rain", 1))
    application.chat.open_chat(chat_id)
    hand.ask(application, "here")
    hand.wait_idle(application)
    assert application.page.header.title.text() == "here"


def test_a_chat_that_is_gone_is_not_opened_and_this_one_stays(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.ask(application, "here")
    hand.wait_idle(application)
    application.chat.open_chat(4711)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    assert "deleted" in hand.toast_texts(application)[0]
    assert len(hand.views(application)) == 1


def test_what_streamed_when_the_program_was_killed_is_shown_as_stopped(
    hand, qtbot, open_window, shelf
):
    application = open_window()
    chat_id = shelf.do(application, lambda h: filled(h, "rain", 1, last=None))
    application.history.open()  # what a start does: the history is opened anew
    qtbot.waitUntil(lambda: isinstance(application.history.state, Ready))
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: bool(hand.views(application)))
    assert hand.answer_text(application) == "rain 0."
    assert hand.foot_words(application) == "Stopped. The answer so far is kept."


def lock(application, qtbot) -> None:
    application.history.lock()
    qtbot.waitUntil(lambda: isinstance(application.history.state, Locked))


def unlock(application, qtbot) -> None:
    application.history.open()
    qtbot.waitUntil(lambda: isinstance(application.history.state, Ready))


def test_a_lock_keeps_the_answer_and_shows_nothing_until_it_is_open_again(
    hand, qtbot, open_window, fake_engine, shelf
):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "secret")
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris")
    hand.type_in(application, "typed")
    lock(application, qtbot)
    assert hand.views(application) == ()
    assert composer_text(application) == ""
    assert application.page.header.title.text() == "New chat"
    assert application.window.windowTitle() == "Pitcher"
    assert application.page.composer.meter.text() == "0 of 4k"
    assert application.window.sidebar.chats.model.rowCount() == 0
    assert application.chat.turns == ()
    unlock(application, qtbot)
    qtbot.waitUntil(lambda: len(hand.views(application)) == 1)
    assert hand.answer_text(application) == "Paris"
    assert hand.foot_words(application) == "Stopped. The answer so far is kept."
    assert composer_text(application) == "typed"
    assert application.page.header.title.text() == "secret"


def test_after_a_lock_a_new_chat_is_a_new_chat_with_what_was_typed(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.type_in(application, "half a question")
    lock(application, qtbot)
    assert composer_text(application) == ""
    unlock(application, qtbot)
    qtbot.waitUntil(lambda: composer_text(application) == "half a question")
    hand.ask(application, "")
    hand.wait_idle(application)
    assert shelf.path(application)[0].text == "half a question"


def test_a_lock_that_comes_before_the_first_draft_was_read_shows_nothing_of_it(
    hand, qtbot, open_window, shelf
):
    application = open_window()
    hand.type_in(application, "half a question")
    lock(application, qtbot)
    unlock(application, qtbot)
    # Locked in the very moment in which it is open.
    application.history.lock()
    qtbot.waitUntil(lambda: isinstance(application.history.state, Locked))
    assert application.chat.turns == ()
    unlock(application, qtbot)
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "half a question")
    assert composer_text(application) == "half a question"
    hand.ask(application, "")
    hand.wait_idle(application)
    assert shelf.path(application)[0].text == "half a question"


def test_a_temporary_chat_is_shown_again_after_a_lock(hand, qtbot, open_window, shelf):
    application = open_window()
    application.page.new_temporary_chat()
    hand.ask(application, "unseen")
    hand.wait_idle(application)
    lock(application, qtbot)
    assert hand.views(application) == ()
    unlock(application, qtbot)
    qtbot.waitUntil(lambda: len(hand.views(application)) == 1)
    assert application.page.header.temporary.isVisible()
    assert shelf.chats(application) == ()


def test_a_chat_that_is_gone_after_the_lock_gives_way_to_a_new_one(
    hand, qtbot, open_window, shelf, monkeypatch
):
    application = open_window()
    hand.ask(application, "gone soon")
    hand.wait_idle(application)
    lock(application, qtbot)
    from app.chats.errors import MissingError
    from app.chats.store import ChatStore

    def gone(*_arguments: object) -> None:
        raise MissingError("This chat was deleted. Nothing else was changed.")

    monkeypatch.setattr(ChatStore, "get", gone)
    unlock(application, qtbot)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    monkeypatch.undo()
    assert hand.views(application) == ()
    hand.ask(application, "another")
    hand.wait_idle(application)
    assert application.page.header.title.text() == "another"


def test_an_end_that_a_lock_leaves_unstored_is_told(
    hand, qtbot, open_window, fake_engine, full_disk
):
    application = open_window()
    full_disk.fills("app.chats.messages.Messages.finish")
    hand.ask(application, "go")
    qtbot.waitUntil(lambda: full_disk.tries == 1)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    lock(application, qtbot)
    assert full_disk.tries == 2, "tried once more before"


def test_what_was_sent_while_it_was_being_opened_again_stands_in_the_field(
    hand, qtbot, open_window, shelf
):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    application.history.open()
    hand.ask(application, "two")
    qtbot.waitUntil(lambda: isinstance(application.history.state, Ready))
    qtbot.waitUntil(lambda: len(hand.views(application)) == 1)
    assert composer_text(application) == "two"


@pytest.mark.parametrize("state", ["locked", "open"])
def test_locking_twice_and_opening_twice_change_nothing(hand, qtbot, open_window, state):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    if state == "locked":
        lock(application, qtbot)
        application.chat.forget()
        unlock(application, qtbot)
    application.chat.resume()
    qtbot.waitUntil(lambda: len(hand.views(application)) == 1)
    assert hand.answer_text(application) == "Paris is the capital."
