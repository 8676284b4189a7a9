"""The chat window, used as a person uses it: with the mouse and the keyboard."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QTextEdit, QWidget

from app.theme.icons import Icon
from app.theme.tokens import Ink
from inference.errors import TemplateError
from inference.events import FinishReason, Overflow
from inference.request import Message

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def type_in(application, text: str) -> None:
    QTest.keyClicks(application.page.composer.edit, text)


def ask(application, text: str) -> None:
    type_in(application, text)
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Return)


def views(application):
    return application.page.transcript.views()


def answer_text(application, number: int = -1) -> str:
    return views(application)[number].answer.text.toPlainText()


def foot_words(application, number: int = -1) -> str:
    return views(application)[number].answer.foot.words.text()


def wait_idle(qtbot, application) -> None:
    qtbot.waitUntil(lambda: bool(views(application)) and not application.chat.is_busy())


def toast_texts(application) -> list[str]:
    return [toast.notice.text for toast in application.page.toasts.toasts()]


def test_enter_sends_and_the_answer_streams_in(qtbot, open_window, fake_engine):
    application = open_window()
    ask(application, "What is the capital of France?")
    wait_idle(qtbot, application)
    assert views(application)[0].question.text.toPlainText() == "What is the capital of France?"
    assert answer_text(application) == "Paris is the capital."
    assert application.page.composer.edit.toPlainText() == ""
    assert fake_engine.requests[0].messages == (Message("user", "What is the capital of France?"),)
    assert fake_engine.requests[0].sampler.seed == 3, "the model's recommended settings are used"
    assert fake_engine.threads
    assert threading.get_ident() not in fake_engine.threads


def test_the_send_button_sends_and_is_disabled_without_text(qtbot, open_window):
    application = open_window()
    button = application.page.composer.button
    assert not button.isEnabled()
    QTest.mouseClick(button, LEFT)
    assert views(application) == ()
    type_in(application, "Hello")
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)
    wait_idle(qtbot, application)
    assert answer_text(application).startswith("Paris")


def test_blank_text_is_not_sent(open_window):
    application = open_window()
    ask(application, "   ")
    assert views(application) == ()


def test_shift_enter_breaks_the_line_and_the_field_grows_to_ten_lines(qtbot, open_window):
    application = open_window()
    edit = application.page.composer.edit
    one_line = edit.height()
    type_in(application, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    type_in(application, "two")
    assert edit.toPlainText() == "one\ntwo"
    assert views(application) == ()
    assert edit.height() == 2 * one_line
    for _ in range(20):
        QTest.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    assert edit.height() == 10 * one_line


def test_undo_after_sending_does_not_lose_the_line_height(qtbot, open_window):
    application = open_window()
    edit = application.page.composer.edit
    ask(application, "one")
    wait_idle(qtbot, application)
    QTest.keyClick(edit, Qt.Key.Key_Z, CTRL)
    one_line = edit.height()
    type_in(application, "a")
    QTest.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    assert edit.height() == 2 * one_line


def test_the_second_question_carries_the_conversation(qtbot, open_window, fake_engine):
    application = open_window()
    ask(application, "first")
    wait_idle(qtbot, application)
    ask(application, "second")
    qtbot.waitUntil(lambda: len(fake_engine.requests) == 2)
    wait_idle(qtbot, application)
    assert fake_engine.requests[1].messages == (
        Message("user", "first"),
        Message("assistant", "Paris is the capital."),
        Message("user", "second"),
    )


@pytest.mark.parametrize("how", ["button", "escape"])
def test_stop_keeps_the_answer_so_far(qtbot, open_window, fake_engine, how):
    fake_engine.gate = threading.Event()
    application = open_window()
    ask(application, "go")
    qtbot.waitUntil(lambda: bool(views(application)) and answer_text(application) == "Paris")
    assert application.page.composer.button.stops
    assert foot_words(application).startswith("Answering")
    if how == "button":
        QTest.mouseClick(application.page.composer.button, LEFT)
    else:
        QTest.keyClick(application.window, Qt.Key.Key_Escape)
    wait_idle(qtbot, application)
    assert answer_text(application) == "Paris"
    assert foot_words(application) == "Stopped. The answer so far is kept."
    assert not application.page.composer.button.stops


def test_a_message_sent_while_answering_waits_its_turn(qtbot, open_window, fake_engine):
    fake_engine.gate = threading.Event()
    application = open_window()
    ask(application, "first")
    qtbot.waitUntil(lambda: bool(views(application)) and answer_text(application, 0) == "Paris")
    ask(application, "second")
    assert len(views(application)) == 2
    assert foot_words(application) == "Waiting"
    assert len(fake_engine.requests) == 1
    fake_engine.gate.set()
    wait_idle(qtbot, application)
    assert [r.messages[-1].content for r in fake_engine.requests] == ["first", "second"]
    assert len(fake_engine.requests[1].messages) == 3


def test_a_message_sent_while_loading_is_answered_after_it(qtbot, open_window, fake_opener):
    fake_opener.gate = threading.Event()
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: "Mapping" in application.page.header.model.text())
    ask(application, "early")
    assert foot_words(application) == "Waiting"
    assert application.page.composer.button.stops
    fake_opener.gate.set()
    qtbot.waitUntil(lambda: answer_text(application) == "Paris is the capital.")


def test_stop_while_loading_gives_the_text_back(qtbot, open_window, fake_opener):
    fake_opener.gate = threading.Event()
    application = open_window(waits=False)
    ask(application, "early")
    type_in(application, "more")
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert views(application) == ()
    assert application.page.composer.edit.toPlainText() == "early\n\nmore"
    assert application.window.windowTitle() == "Pitcher"


def test_a_model_that_cannot_load_is_said_and_can_be_tried_again(qtbot, open_window, fake_opener):
    fake_opener.failure = TemplateError("model.gguf: the file ends early.")
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: bool(toast_texts(application)))
    assert toast_texts(application) == ["model.gguf: the file ends early."]
    assert application.page.header.model.text() == "No model"
    ask(application, "Hello")
    assert application.page.composer.edit.toPlainText() == "Hello", "what was typed is kept"
    assert views(application) == ()
    fake_opener.failure = None
    toast = application.page.toasts.toasts()[0]
    again = next(b for b in toast.findChildren(QAbstractButton) if b.text() == "Try again")
    QTest.mouseClick(again, LEFT)
    qtbot.waitUntil(lambda: application.page.header.model.text() == "Fake-135M")
    ask(application, "")
    wait_idle(qtbot, application)
    assert answer_text(application) == "Paris is the capital."


def test_new_chat_by_keyboard_leaves_the_answer_behind(qtbot, open_window, fake_engine):
    fake_engine.gate = threading.Event()
    application = open_window()
    ask(application, "first")
    qtbot.waitUntil(lambda: bool(views(application)) and answer_text(application) == "Paris")
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert views(application) == ()
    assert application.page.empty.isVisible()
    assert application.page.composer.edit.hasFocus()
    fake_engine.gate = None
    ask(application, "second")
    wait_idle(qtbot, application)
    assert len(views(application)) == 1
    assert answer_text(application) == "Paris is the capital."
    assert fake_engine.requests[-1].messages == (Message("user", "second"),)


def test_new_chat_by_mouse_in_the_sidebar(qtbot, open_window):
    application = open_window()
    ask(application, "first")
    wait_idle(qtbot, application)
    QTest.mouseClick(application.window.sidebar.new_chat, LEFT)
    assert views(application) == ()
    assert application.page.header.title.text() == "New chat"


def test_the_title_is_the_first_question(qtbot, open_window):
    application = open_window()
    ask(application, "What is   water?")
    assert application.page.header.title.text() == "What is water?"
    assert application.window.windowTitle() == "What is water? – Pitcher"
    wait_idle(qtbot, application)


def test_model_name_and_speed_stand_under_the_answer(qtbot, open_window):
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    foot = views(application)[0].answer.foot
    assert foot.model.text() == "Fake-135M"
    assert foot.speed.text() == "12.3 tokens/s"
    assert application.page.composer.meter.text() == "15 of 4k"


def test_copy_puts_the_answer_on_the_clipboard_and_says_so(qtbot, open_window):
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    copy = views(application)[0].answer.foot.copy
    QTest.mouseClick(copy, LEFT)
    assert QGuiApplication.clipboard().text() == "Paris is the capital."
    assert copy.accessibleName() == "Copied"
    assert copy.shown_icon() is Icon.CHECK
    qtbot.waitUntil(lambda: copy.accessibleName() == "Copy answer")
    assert copy.shown_icon() is Icon.COPY


def test_an_answer_can_be_selected_but_not_edited(qtbot, open_window):
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    text = views(application)[0].answer.text
    QTest.mouseDClick(text.viewport(), LEFT, pos=QPoint(10, 12))
    QTest.mouseRelease(text.viewport(), LEFT, pos=QPoint(10, 12))
    assert text.textCursor().selectedText() == "Paris"
    QTest.keyClicks(text, "hacked")
    assert text.toPlainText() == "Paris is the capital."


def test_only_the_last_answer_shows_its_copy_button_until_hovered(qtbot, open_window):
    application = open_window()
    for question in ("one", "two"):
        ask(application, question)
        wait_idle(qtbot, application)
    first, second = (view.answer for view in views(application))
    assert not first.foot.copy.is_revealed()
    assert second.foot.copy.is_revealed()
    height = first.height()
    window = application.window
    qtbot.wait(50)  # the layout settles
    # From elsewhere: the pointer may be there since the test before.
    QTest.mouseMove(window, QPoint(600, 600))
    qtbot.wait(20)
    QTest.mouseMove(window, first.text.mapTo(window, QPoint(5, 5)))
    qtbot.waitUntil(first.foot.copy.is_revealed)
    assert first.height() == height, "nothing jumps"
    QTest.mouseMove(window, QPoint(600, 600))
    qtbot.waitUntil(lambda: not first.foot.copy.is_revealed())


def test_an_answer_that_fails_is_said_and_the_chat_goes_on(qtbot, open_window, fake_engine):
    fake_engine.failure = TemplateError("The chat template failed.")
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    assert toast_texts(application) == ["The chat template failed."]
    assert foot_words(application) == "Not answered."
    fake_engine.failure = None
    ask(application, "again")
    wait_idle(qtbot, application)
    assert foot_words(application) == ""
    assert answer_text(application) == "Paris is the capital."


def test_a_panic_of_a_native_library_becomes_a_sentence(qtbot, open_window, fake_engine):
    class PanicError(BaseException):
        pass

    fake_engine.failure = PanicError("the tokenizer panicked")
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    assert toast_texts(application) == ["the tokenizer panicked"]


def test_an_overflow_offers_a_new_chat(qtbot, open_window, fake_engine):
    fake_engine.overflow = Overflow(5210, 4096)
    application = open_window()
    ask(application, "long")
    wait_idle(qtbot, application)
    (sentence,) = toast_texts(application)
    assert "5,210" in sentence
    assert "4,096" in sentence
    assert application.page.composer.meter.ink() is Ink.BAD
    toast = application.page.toasts.toasts()[0]
    button = next(b for b in toast.findChildren(QAbstractButton) if b.text() == "New chat")
    QTest.mouseClick(button, LEFT)
    assert views(application) == ()
    assert toast_texts(application) == []


def test_a_full_context_is_said_under_the_answer(qtbot, open_window, fake_engine):
    fake_engine.reason = FinishReason.LENGTH
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    assert foot_words(application) == "The context is full. The answer ends here."


def test_reasoning_is_not_mixed_into_the_answer(qtbot, open_window, fake_engine):
    fake_engine.reasoning = ("Hmm,", " France.")
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    assert answer_text(application) == "Paris is the capital."
    assert application.chat.messages[-1].reasoning == "Hmm, France."


def test_model_output_is_never_markup(qtbot, open_window, fake_engine):
    hostile = (
        '<img src="file:///etc/passwd"><b>x</b> ![a](//host/share) \ufdd0\ufdd1\ufffc\x00\ud800'
    )
    fake_engine.words = (hostile,)
    application = open_window()
    ask(application, "<b>bold?</b>")
    wait_idle(qtbot, application)
    shown = answer_text(application)
    assert shown.startswith('<img src="file:///etc/passwd"><b>x</b> ![a](//host/share) ')
    assert shown.endswith("\N{REPLACEMENT CHARACTER}" * 5)
    assert views(application)[0].question.text.toPlainText() == "<b>bold?</b>"
    assert "<img" in application.page.transcript.views()[0].answer.text.toPlainText()


def test_the_starter_model_is_called_what_it_is(open_window):
    application = open_window()
    assert application.page.header.chip.isVisible()
    assert application.page.composer.hint.text() == "Starter model: its answers are often wrong."
    assert "Its answers are often wrong" in application.page.empty.model.sentence.text()
    assert "98 MB" in application.page.empty.model.sentence.text()


def test_another_model_is_not_called_the_starter(open_window, fake_opener):
    fake_opener.is_starter = False
    application = open_window()
    assert not application.page.header.chip.isVisible()
    assert application.page.composer.hint.text() == ""
    assert application.page.empty.model.title.text() == "Fake-135M"


def test_tab_goes_through_every_control_and_shows_a_ring(qtbot, open_window):
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    seen: list[str] = []
    for _ in range(20):
        QTest.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_Tab)
        widget = application.window.focusWidget()
        if widget.accessibleName() in seen:
            break
        seen.append(widget.accessibleName())
    assert set(seen) >= {
        "New chat",
        "Network blocked. Enforced by Linux",
        "More",
        "Your message",
        "Answer",
        "Copy answer",
        "Message",
    }


def test_the_ring_follows_the_keyboard_and_not_the_mouse(qtbot, open_window):
    from app.widgets.focus_ring import FocusRing

    application = open_window()

    def rings() -> list[FocusRing]:
        return [r for r in application.window.findChildren(FocusRing) if r.isVisible()]

    assert rings() == []
    edit = application.page.composer.edit
    for _ in range(6):
        QTest.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_Tab)
        if isinstance(application.window.focusWidget(), QAbstractButton):
            break
    (ring,) = rings()
    button = application.window.focusWidget()
    assert ring.width() == button.width() + 8
    QTest.mouseClick(edit.viewport(), LEFT)
    assert rings() == []


def test_every_control_has_a_name(qtbot, open_window):
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    application.notices.error("Something failed.")
    controls = [
        w
        for w in application.window.findChildren(QWidget)
        if isinstance(w, QAbstractButton | QTextEdit)
    ]
    assert len(controls) >= 8
    nameless = [w for w in controls if not (w.accessibleName() or w.property("text"))]
    assert nameless == []


def test_a_reader_who_scrolled_up_stays_there(qtbot, open_window, fake_engine):
    fake_engine.words = ("start",) + ("\nline",) * 200
    fake_engine.gate = threading.Event()
    application = open_window()
    ask(application, "one")
    fake_engine.gate.set()
    wait_idle(qtbot, application)
    bar = application.page.transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    fake_engine.gate = threading.Event()
    ask(application, "two")
    qtbot.waitUntil(lambda: len(fake_engine.requests) == 2)
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    fake_engine.gate.set()
    wait_idle(qtbot, application)
    qtbot.wait(50)
    assert bar.value() == 0


def test_pasted_rich_text_arrives_as_text(open_window):
    from PySide6.QtCore import QMimeData

    application = open_window()
    data = QMimeData()
    data.setHtml("<i>bold</i>")
    data.setText("bold")
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_V, CTRL)
    assert application.page.composer.edit.toPlainText() == "bold"
    assert "italic" not in application.page.composer.edit.toHtml()


def test_seconds_are_counted_while_the_answer_comes(qtbot, open_window, fake_engine, monkeypatch):
    from app.pages.chat import messages

    class Quick:
        second_ms = 20
        copied_shown_ms = 20

    monkeypatch.setattr(messages, "MOTION", Quick())
    fake_engine.gate = threading.Event()
    application = open_window()
    ask(application, "go")
    qtbot.waitUntil(lambda: foot_words(application).endswith(" s"))
    assert foot_words(application).startswith("Answering")
    assert views(application)[0].answer.foot.speed.text() == "1 token"
    fake_engine.gate.set()
    wait_idle(qtbot, application)
    assert foot_words(application) == ""


def test_the_first_answer_is_announced_as_being_read(qtbot, open_window, fake_engine):
    fake_engine.words = ()
    fake_engine.gate = threading.Event()
    application = open_window()
    ask(application, "go")
    wait_idle(qtbot, application)
    assert answer_text(application) == ""
    assert foot_words(application) == ""


def test_stopped_before_the_first_token_is_said(qtbot, open_window, fake_engine):
    may_begin = threading.Event()
    began = fake_engine.generate

    def generate(request):
        may_begin.wait(5)
        yield from began(request)

    fake_engine.generate = generate
    application = open_window()
    ask(application, "go")
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    may_begin.set()
    wait_idle(qtbot, application)
    assert foot_words(application) == "Stopped before the answer began."


def test_sending_without_a_model_can_load_it(qtbot, open_window, fake_opener):
    fake_opener.failure = TemplateError("gone")
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: bool(toast_texts(application)))
    close = application.page.toasts.toasts()[0].findChildren(QAbstractButton)[-1]
    QTest.mouseClick(close, LEFT)
    fake_opener.failure = None
    ask(application, "Hello")
    assert "nothing was sent" in toast_texts(application)[0]
    toast = application.page.toasts.toasts()[0]
    again = next(b for b in toast.findChildren(QAbstractButton) if b.text() == "Try again")
    QTest.mouseClick(again, LEFT)
    qtbot.waitUntil(lambda: application.page.header.model.text() == "Fake-135M")
    assert fake_opener.loads == 2


def test_text_under_composition_hides_the_placeholder(open_window):
    from PySide6.QtGui import QInputMethodEvent
    from PySide6.QtWidgets import QApplication

    application = open_window()
    edit = application.page.composer.edit
    edit.clearFocus()

    def picture():
        return edit.grab().toImage()

    empty = picture()
    QApplication.sendEvent(edit, QInputMethodEvent("ni", []))
    composing = picture()
    QApplication.sendEvent(edit, QInputMethodEvent("", []))
    assert composing != empty
    assert picture() == empty
