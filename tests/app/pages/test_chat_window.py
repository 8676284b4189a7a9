"""Asking and answering in the window, with the mouse and the keyboard."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from inference.errors import TemplateError
from inference.events import FinishReason
from inference.request import Message

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_enter_sends_and_the_answer_streams_in(hand, open_window, fake_engine):
    application = open_window()
    hand.ask(application, "What is the capital of France?")
    hand.wait_idle(application)
    assert (
        hand.views(application)[0].question.text.toPlainText() == "What is the capital of France?"
    )
    assert hand.answer_text(application) == "Paris is the capital."
    assert application.page.composer.edit.toPlainText() == ""
    assert fake_engine.requests[0].messages == (Message("user", "What is the capital of France?"),)
    assert fake_engine.requests[0].sampler.seed == 3, "the model's recommended settings are used"
    assert fake_engine.threads
    assert threading.get_ident() not in fake_engine.threads


def test_the_send_button_sends_and_is_disabled_without_text(hand, open_window):
    application = open_window()
    button = application.page.composer.button
    assert not button.isEnabled()
    QTest.mouseClick(button, LEFT)
    assert hand.views(application) == ()
    hand.type_in(application, "Hello")
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)
    hand.wait_idle(application)
    assert hand.answer_text(application).startswith("Paris")


def test_blank_text_is_not_sent(hand, open_window):
    application = open_window()
    hand.ask(application, "   ")
    assert hand.views(application) == ()


def test_the_second_question_carries_the_conversation(hand, qtbot, open_window, fake_engine):
    application = open_window()
    hand.ask(application, "first")
    hand.wait_idle(application)
    hand.ask(application, "second")
    qtbot.waitUntil(lambda: len(fake_engine.requests) == 2)
    hand.wait_idle(application)
    assert fake_engine.requests[1].messages == (
        Message("user", "first"),
        Message("assistant", "Paris is the capital."),
        Message("user", "second"),
    )


@pytest.mark.parametrize("how", ["button", "escape"])
def test_stop_keeps_the_answer_so_far(hand, qtbot, open_window, fake_engine, how):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "go")
    qtbot.waitUntil(
        lambda: bool(hand.views(application)) and hand.answer_text(application) == "Paris"
    )
    assert application.page.composer.button.stops
    assert hand.foot_words(application).startswith("Answering")
    if how == "button":
        QTest.mouseClick(application.page.composer.button, LEFT)
    else:
        QTest.keyClick(application.window, Qt.Key.Key_Escape)
    hand.wait_idle(application)
    assert hand.answer_text(application) == "Paris"
    assert hand.foot_words(application) == "Stopped. The answer so far is kept."
    assert not application.page.composer.button.stops


def test_a_message_sent_while_answering_waits_its_turn(hand, qtbot, open_window, fake_engine):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "first")
    qtbot.waitUntil(
        lambda: bool(hand.views(application)) and hand.answer_text(application, 0) == "Paris"
    )
    hand.ask(application, "second")
    assert len(hand.views(application)) == 2
    assert hand.foot_words(application) == "Waiting"
    assert len(fake_engine.requests) == 1
    fake_engine.gate.set()
    hand.wait_idle(application)
    assert [r.messages[-1].content for r in fake_engine.requests] == ["first", "second"]
    assert len(fake_engine.requests[1].messages) == 3


def test_a_message_sent_while_loading_is_answered_after_it(hand, qtbot, open_window, fake_opener):
    fake_opener.gate = threading.Event()
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: "Mapping" in application.page.header.model.text())
    hand.ask(application, "early")
    assert hand.foot_words(application) == "Waiting"
    assert application.page.composer.button.stops
    fake_opener.gate.set()
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris is the capital.")


def test_stop_while_loading_gives_the_text_back(hand, open_window, fake_opener):
    fake_opener.gate = threading.Event()
    application = open_window(waits=False)
    hand.ask(application, "early")
    hand.type_in(application, "more")
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert hand.views(application) == ()
    assert application.page.composer.edit.toPlainText() == "early\n\nmore"
    assert application.window.windowTitle() == "Pitcher"


def test_a_model_that_cannot_load_is_said_and_can_be_tried_again(
    hand, qtbot, open_window, fake_opener
):
    fake_opener.failure = TemplateError("model.gguf: the file ends early.")
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    assert hand.toast_texts(application) == ["model.gguf: the file ends early."]
    assert application.page.header.model.text() == "No model"
    hand.ask(application, "Hello")
    assert application.page.composer.edit.toPlainText() == "Hello", "what was typed is kept"
    assert hand.views(application) == ()
    fake_opener.failure = None
    toast = application.page.toasts.toasts()[0]
    again = next(b for b in toast.findChildren(QAbstractButton) if b.text() == "Try again")
    QTest.mouseClick(again, LEFT)
    qtbot.waitUntil(lambda: application.page.header.model.text() == "Fake-135M")
    hand.ask(application, "")
    hand.wait_idle(application)
    assert hand.answer_text(application) == "Paris is the capital."


def test_new_chat_by_keyboard_leaves_the_answer_behind(hand, qtbot, open_window, fake_engine):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "first")
    qtbot.waitUntil(
        lambda: bool(hand.views(application)) and hand.answer_text(application) == "Paris"
    )
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert hand.views(application) == ()
    assert application.page.empty.isVisible()
    assert application.page.composer.edit.hasFocus()
    fake_engine.gate = None
    hand.ask(application, "second")
    hand.wait_idle(application)
    assert len(hand.views(application)) == 1
    assert hand.answer_text(application) == "Paris is the capital."
    assert fake_engine.requests[-1].messages == (Message("user", "second"),)


def test_new_chat_by_mouse_in_the_sidebar(hand, open_window):
    application = open_window()
    hand.ask(application, "first")
    hand.wait_idle(application)
    QTest.mouseClick(application.window.sidebar.new_chat, LEFT)
    assert hand.views(application) == ()
    assert application.page.header.title.text() == "New chat"


def test_an_answer_that_fails_is_said_and_the_chat_goes_on(hand, open_window, fake_engine):
    fake_engine.failure = TemplateError("The chat template failed.")
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    assert hand.toast_texts(application) == ["The chat template failed."]
    assert hand.foot_words(application) == "Not answered."
    fake_engine.failure = None
    hand.ask(application, "again")
    hand.wait_idle(application)
    assert hand.foot_words(application) == ""
    assert hand.answer_text(application) == "Paris is the capital."


def test_a_panic_of_a_native_library_becomes_a_sentence(hand, open_window, fake_engine):
    class PanicError(BaseException):
        pass

    fake_engine.failure = PanicError("the tokenizer panicked")
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    assert hand.toast_texts(application) == ["the tokenizer panicked"]


def test_the_last_question_can_be_answered_again(hand, qtbot, open_window, fake_engine):
    application = open_window()
    for question in ("one", "two"):
        hand.ask(application, question)
        hand.wait_idle(application)
    first, second = (view.foot.regenerate for view in hand.views(application))
    assert not first.is_revealed()
    fake_engine.words = ("Madrid",)
    QTest.mouseClick(second, LEFT)
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Madrid")
    hand.wait_idle(application)
    assert fake_engine.requests[-1].messages == fake_engine.requests[-2].messages
    assert hand.answer_text(application, 0) == "Paris is the capital."


def test_the_meter_names_what_fills_the_context(hand, open_window, fake_engine):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    meter = application.page.composer.meter
    assert meter.accessibleName() == "Context: 14 of 4,096 tokens"
    assert meter.toolTip().splitlines()[1:] == [
        "System prompt: 1",
        "This conversation: 2",
        "Your question: 3",
        "Chat template: 4",
        "This answer: 4",
        "Kept free for the answer: 508",
    ]
    assert "Your question: 3" in meter.accessibleDescription()
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert meter.text() == "0 of 4k"


def test_a_full_context_is_said_under_the_answer(hand, open_window, fake_engine):
    fake_engine.reason = FinishReason.LENGTH
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    assert hand.foot_words(application) == "The context is full. The answer ends here."


def test_reasoning_is_not_mixed_into_the_answer(hand, open_window, fake_engine):
    fake_engine.reasoning = ("Hmm,", " France.")
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    assert hand.answer_text(application) == "Paris is the capital."
    assert application.chat.messages[-1].reasoning == "Hmm, France."


def test_the_first_answer_is_announced_as_being_read(hand, open_window, fake_engine):
    fake_engine.words = ()
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    assert hand.answer_text(application) == ""
    assert hand.foot_words(application) == ""


def test_stopped_before_the_first_token_is_said(hand, qtbot, open_window, fake_engine):
    may_begin = threading.Event()
    began = fake_engine.generate

    def generate(request):
        may_begin.wait(60)
        yield from began(request)

    fake_engine.generate = generate
    application = open_window()
    hand.ask(application, "go")
    qtbot.waitUntil(lambda: hand.foot_words(application) == "Reading")
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    may_begin.set()
    hand.wait_idle(application)
    assert hand.foot_words(application) == "Stopped before the answer began."


def test_sending_without_a_model_can_load_it(hand, qtbot, open_window, fake_opener):
    fake_opener.failure = TemplateError("gone")
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    close = application.page.toasts.toasts()[0].findChildren(QAbstractButton)[-1]
    QTest.mouseClick(close, LEFT)
    fake_opener.failure = None
    hand.ask(application, "Hello")
    assert "nothing was sent" in hand.toast_texts(application)[0]
    toast = application.page.toasts.toasts()[0]
    again = next(b for b in toast.findChildren(QAbstractButton) if b.text() == "Try again")
    QTest.mouseClick(again, LEFT)
    qtbot.waitUntil(lambda: application.page.header.model.text() == "Fake-135M")
    assert fake_opener.loads == 2
