"""What the chat page shows, and how it is reached: text, copy, focus, names, scrolling."""

from __future__ import annotations

import re
import threading

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QTextEdit, QWidget

from app.theme.icons import Icon

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_shift_enter_breaks_the_line_and_the_field_grows_to_ten_lines(hand, open_window):
    application = open_window()
    edit = application.page.composer.edit
    one_line = edit.height()
    hand.type_in(application, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    hand.type_in(application, "two")
    assert edit.toPlainText() == "one\ntwo"
    assert hand.views(application) == ()
    assert edit.height() == 2 * one_line
    for _ in range(20):
        QTest.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    assert edit.height() == 10 * one_line


def test_undo_after_sending_does_not_lose_the_line_height(hand, open_window):
    application = open_window()
    edit = application.page.composer.edit
    hand.ask(application, "one")
    hand.wait_idle(application)
    QTest.keyClick(edit, Qt.Key.Key_Z, CTRL)
    one_line = edit.height()
    hand.type_in(application, "a")
    QTest.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    assert edit.height() == 2 * one_line


def test_the_title_is_the_first_question(hand, open_window):
    application = open_window()
    hand.ask(application, "What is   water?")
    assert application.page.header.title.text() == "What is water?"
    assert application.window.windowTitle() == "What is water? – Pitcher"
    hand.wait_idle(application)


def test_model_name_and_speed_stand_under_the_answer(hand, open_window):
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    foot = hand.views(application)[0].foot
    assert foot.model.text() == "Fake-135M"
    assert foot.speed.text() == "12.3 tokens/s"
    assert application.page.composer.meter.text() == "14 of 4k"


def test_copy_puts_the_answer_on_the_clipboard_and_says_so(hand, qtbot, open_window):
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    copy = hand.views(application)[0].foot.copy
    QTest.mouseClick(copy, LEFT)
    assert QGuiApplication.clipboard().text() == "Paris is the capital."
    assert copy.accessibleName() == "Copied"
    assert copy.shown_icon() is Icon.CHECK
    qtbot.waitUntil(lambda: copy.accessibleName() == "Copy answer")
    assert copy.shown_icon() is Icon.COPY


def test_an_answer_can_be_selected_but_not_edited(hand, open_window):
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    (text,) = hand.views(application)[0].texts
    QTest.mouseDClick(text.viewport(), LEFT, pos=QPoint(10, 12))
    QTest.mouseRelease(text.viewport(), LEFT, pos=QPoint(10, 12))
    assert application.page.transcript.selected_text() == "Paris"
    assert text.textCursor().selectedText() == "Paris"
    QTest.keyClicks(text, "hacked")
    assert text.toPlainText() == "Paris is the capital."


def test_only_the_last_answer_shows_its_copy_button_until_hovered(hand, qtbot, open_window):
    application = open_window()
    for question in ("one", "two"):
        hand.ask(application, question)
        hand.wait_idle(application)
    first, second = hand.views(application)
    assert not first.foot.copy.is_revealed()
    assert second.foot.copy.is_revealed()
    place = first.foot.geometry()
    window = application.window

    def is_revealed_by_a_moving_hand() -> bool:
        # From elsewhere: the pointer may be there since the test before, or the turn move.
        QTest.mouseMove(window, QPoint(600, 600))
        QTest.mouseMove(window, first.texts[0].mapTo(window, QPoint(5, 5)))
        return first.foot.copy.is_revealed()

    qtbot.waitUntil(is_revealed_by_a_moving_hand)
    assert first.foot.geometry() == place, "nothing jumps"
    QTest.mouseMove(window, QPoint(600, 600))
    qtbot.waitUntil(lambda: not first.foot.copy.is_revealed())


def test_model_output_is_never_markup(hand, open_window, fake_engine):
    hostile = (
        '<img src="file:///etc/passwd"><b>x</b> ![a](//host/share) \ufdd0\ufdd1\ufffc\x00\ud800'
    )
    fake_engine.words = (hostile,)
    application = open_window()
    hand.ask(application, "<b>bold?</b>")
    hand.wait_idle(application)
    shown = hand.answer_text(application)
    assert shown.startswith('<img src="file:///etc/passwd"><b>x</b> a ')
    assert shown.endswith("‹U+FDD0›‹U+FDD1›‹U+FFFC›‹U+0000›‹U+D800›")
    assert hand.views(application)[0].question.text.toPlainText() == "<b>bold?</b>"
    assert "<img" in hand.views(application)[0].texts[0].toPlainText()


def test_a_models_name_and_a_question_are_never_markup_either(hand, open_window, fake_opener):
    fake_opener.name = '<img src="file:///etc/passwd">'
    application = open_window(waits=False)
    hand.ask(application, "<b>bold?</b>")
    hand.wait_idle(application)
    header = application.page.header
    assert header.model.text() == fake_opener.name
    assert "&lt;img" in header.model.toolTip()
    assert "&lt;b&gt;" in header.title.toolTip()


def test_the_starter_model_is_called_what_it_is(open_window):
    application = open_window()
    assert application.page.header.chip.isVisible()
    assert application.page.composer.hint.text() == "Starter model: its answers are often wrong."
    assert "Its answers are often wrong" in application.page.empty.model.sentence.text()
    assert "98 MB" in application.page.empty.model.sentence.text()


def test_a_chip_of_the_header_is_whole_or_not_there(qtbot, open_window):
    application = open_window()
    header, window, theme = application.page.header, application.window, application.theme
    application.page.new_temporary_chat()
    for size, percent, are_there in (
        ((1280, 800), 100, (True, True)),
        ((640, 480), 100, (True, False)),
        ((640, 480), 200, (False, False)),
    ):
        window.resize(*size)
        theme.set_text(percent, is_system_font=False)
        chips = (header.temporary, header.chip)
        qtbot.waitUntil(
            lambda chips=chips, are_there=are_there: (
                tuple(each.isVisible() for each in chips) == are_there
            )
        )
        for chip in chips:
            assert chip.isHidden() or chip.width() >= chip.sizeHint().width()
    assert application.page.composer.temporary.isVisible()


def test_another_model_is_not_called_the_starter(open_window, fake_opener):
    fake_opener.is_starter = False
    application = open_window()
    assert not application.page.header.chip.isVisible()
    assert application.page.composer.hint.text() == ""
    assert application.page.empty.model.title.text() == "Fake-135M"


def test_tab_goes_through_every_control_and_shows_a_ring(hand, open_window):
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    seen: list[str] = []
    for _ in range(30):
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


def test_every_control_has_a_name(hand, open_window):
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    application.notices.error("Something failed.")
    controls = [
        w
        for w in application.window.findChildren(QWidget)
        if isinstance(w, QAbstractButton | QTextEdit)
    ]
    assert len(controls) >= 8
    nameless = [w for w in controls if not (w.accessibleName() or w.property("text"))]
    assert nameless == []


def test_a_reader_who_scrolled_up_stays_there(hand, qtbot, open_window, fake_engine):
    fake_engine.words = ("start",) + ("\nline",) * 200
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "one")
    fake_engine.gate.set()
    hand.wait_idle(application)
    bar = application.page.transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    fake_engine.gate = threading.Event()
    hand.ask(application, "two")
    qtbot.waitUntil(lambda: len(fake_engine.requests) == 2)
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    fake_engine.gate.set()
    hand.wait_idle(application)
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
    QGuiApplication.clipboard().clear()  # its data would outlive what made it


def test_seconds_are_counted_while_the_answer_comes(
    hand, qtbot, open_window, fake_engine, monkeypatch
):
    from app.pages.chat import foot

    class Quick:
        second_ms = 20
        copied_shown_ms = 20

    monkeypatch.setattr(foot, "MOTION", Quick())
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "go")
    counted = re.compile(r"Answering +\d+ s")  # it may have read for some seconds before
    qtbot.waitUntil(lambda: counted.fullmatch(hand.foot_words(application)) is not None)
    assert hand.views(application)[0].foot.speed.text() == "1 token"
    fake_engine.gate.set()
    hand.wait_idle(application)
    assert hand.foot_words(application) == ""


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
