"""The courier's window: all of it can be read, and nothing but a meant click is a yes."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.airlock.courier.asking import AskingStoppedError, Option, Question, Reply, Row
from app.airlock.courier.question_dialog import QuestionDialog
from app.airlock.courier.window_asker import WindowAsker
from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme
from inference.sentence import said

LEFT = Qt.MouseButton.LeftButton
QUICK_MS = 30
LONG_MS = 600_000
LONG_NAME = "an-owner-with-a-long-name/" + "a-model-" * 11 + "x"


def option(label: str, count: int = 3) -> Option:
    return Option(
        said("{label}: 1 KB", label=label),
        (Row(said("Goes to"), said("{folder}", folder=f"/models/{label}"), is_name=True),),
        tuple(
            Row(said("{file}", file=f"{label}-{n}<b>\u202e.gguf"), said("1 KB"))
            for n in range(count)
        ),
        said("Download {label}", label=label),
    )


QUESTION = Question(
    said("Download these files?"),
    said("Sent are their names."),
    (Row(said("Model"), said("{name}", name=LONG_NAME), is_name=True),),
    (option("Q4"),),
    said(""),
    takes_token=False,
    takes_proxy=False,
)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    load_fonts()
    return Theme(qapp, ThemeChoice.LIGHT, None)


@pytest.fixture
def show(qtbot, theme: Theme) -> Iterator[Callable[..., QuestionDialog]]:
    shown: list[QuestionDialog] = []

    def make(question: Question = QUESTION, guard_ms: int = QUICK_MS) -> QuestionDialog:
        dialog = QuestionDialog(theme, question, guard_ms)
        shown.append(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    yield make
    for dialog in shown:
        dialog.close()
        dialog.deleteLater()
    qtbot.wait(1)


def words_in(dialog: QuestionDialog) -> str:
    labels = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*labels, dialog.files.toPlainText()])


def test_all_of_it_can_be_read_and_nothing_is_markup(show) -> None:
    dialog = show()
    words = words_in(dialog)
    for shown in (LONG_NAME, "Sent are their names.", "/models/Q4", "Q4-2<b>‹U+202E›.gguf"):
        assert shown in words
    assert dialog.confirm.text() == "Download Q4"


def test_no_name_looks_like_two_and_none_is_hidden_in_a_choice(show) -> None:
    named = option("Q\u202e8\nx", count=2)
    dialog = show(replace(QUESTION, options=(named, option("Q4"))))
    assert len(dialog.files.toPlainText().splitlines()) == 2
    assert dialog.options.text() == "Q‹U+202E›8 x: 1 KB"
    assert "\u202e" not in dialog.options.accessibleName()


def test_a_click_after_a_moment_is_a_yes(qtbot, show) -> None:
    dialog = show()
    qtbot.waitUntil(dialog.confirm.isEnabled)
    QTest.mouseClick(dialog.confirm, LEFT)
    assert dialog.reply == Reply(0)
    assert not dialog.isVisible()


def test_a_click_that_was_meant_for_something_else_is_none(show) -> None:
    dialog = show(guard_ms=LONG_MS)
    QTest.mouseClick(dialog.confirm, LEFT)
    QTest.keyClick(dialog.confirm, Qt.Key.Key_Space)
    assert dialog.isVisible()
    assert dialog.reply is None


def test_another_window_in_front_takes_the_yes_away(qtbot, show) -> None:
    dialog = show()
    qtbot.waitUntil(dialog.confirm.isEnabled)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not dialog.confirm.isEnabled())
    QTest.mouseClick(dialog.confirm, LEFT)
    assert dialog.isVisible()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.confirm.isEnabled)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_the_keyboard_s_first_answer_is_no(qtbot, show, key: Qt.Key) -> None:
    dialog = show()
    qtbot.waitUntil(dialog.confirm.isEnabled)
    assert dialog.focusWidget() is dialog.cancel
    QTest.keyClick(dialog.focusWidget(), key)
    assert not dialog.isVisible()
    assert dialog.reply is None


def test_one_of_several_is_another_question(qtbot, show) -> None:
    question = replace(QUESTION, options=(option("Q4"), option("Q8")))
    dialog = show(question, guard_ms=LONG_MS)
    dialog._guard.setInterval(QUICK_MS)
    dialog._watch()
    qtbot.waitUntil(dialog.confirm.isEnabled)
    menu = dialog.options.menu_now()
    dialog._guard.setInterval(LONG_MS)
    menu.actions()[1].trigger()
    assert not dialog.confirm.isEnabled()
    assert dialog.confirm.text() == "Download Q8"
    assert "/models/Q8" in words_in(dialog)
    assert "/models/Q4" not in words_in(dialog)
    dialog._guard.setInterval(QUICK_MS)
    dialog._watch()
    qtbot.waitUntil(dialog.confirm.isEnabled)
    QTest.mouseClick(dialog.confirm, LEFT)
    assert dialog.reply == Reply(1)


def test_a_token_is_hidden_and_comes_back_to_be_shown(qtbot, show) -> None:
    question = replace(QUESTION, takes_token=True, problem=said("A token is needed."))
    dialog = show(question)
    assert "A token is needed." in words_in(dialog)
    QTest.keyClicks(dialog.token.edit, "hf_secret")
    assert dialog.confirm.text() == "Show me what is sent"
    assert "hf_secret" not in dialog.token.edit.displayText()
    qtbot.waitUntil(dialog.confirm.isEnabled)
    QTest.mouseClick(dialog.confirm, LEFT)
    assert dialog.reply == Reply(0, token="hf_secret")
    assert dialog.token.text == ""


def test_enter_in_the_token_s_field_before_the_moment_is_over_is_nothing(show) -> None:
    dialog = show(replace(QUESTION, takes_token=True), guard_ms=LONG_MS)
    QTest.keyClicks(dialog.token.edit, "hf_secret")
    dialog.token.submitted.emit()
    assert dialog.reply is None


def test_a_proxy_is_named_where_it_may_be(qtbot, show) -> None:
    assert not show().use_proxy.isVisible()
    dialog = show(replace(QUESTION, takes_proxy=True))
    assert not dialog.proxy.isVisible()
    QTest.mouseClick(dialog.use_proxy, LEFT)
    assert dialog.proxy.hasFocus()
    QTest.keyClicks(dialog.proxy, " http://p:3128 ")
    qtbot.waitUntil(dialog.confirm.isEnabled)
    QTest.mouseClick(dialog.confirm, LEFT)
    assert dialog.reply == Reply(0, proxy="http://p:3128")


def test_every_field_has_a_name_and_the_values_say_what_they_are(show) -> None:
    dialog = show(replace(QUESTION, takes_token=True, takes_proxy=True))
    for widget in (dialog.files, dialog.token.edit, dialog.proxy, dialog.options):
        assert widget.accessibleName()
    names = [label.accessibleName() for label in dialog.findChildren(QLabel)]
    assert f"Model: {LONG_NAME}" in names


@pytest.fixture
def large(theme: Theme) -> Iterator[None]:
    """Text of twice the size, until every dialog is gone."""
    theme.set_text(200, is_system_font=False)
    yield
    theme.set_text(100, is_system_font=False)


def test_it_fits_at_twice_the_text_size(large: None, show) -> None:
    dialog = show()
    assert dialog.width() <= 1200
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    assert dialog.confirm.geometry().right() < dialog.width()
    assert dialog.cancel.isVisible()


# ------------------------------------------------------------------------------ the asker


def press_soon(name: str) -> None:
    """Whatever question stands there next is answered by its own button."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QuestionDialog) and getattr(dialog, name).isEnabled():
            timer.stop()
            QTest.mouseClick(getattr(dialog, name), LEFT)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(10)
    press_soon.timer = timer  # type: ignore[attr-defined]


@pytest.mark.parametrize(("button", "expected"), [("confirm", Reply(0)), ("cancel", None)])
def test_the_asker_waits_for_the_answer(
    qtbot, theme: Theme, button: str, expected: Reply | None
) -> None:
    press_soon(button)
    assert WindowAsker(theme, QUICK_MS).ask(QUESTION, threading.Event()) == expected


def test_a_question_that_is_taken_back_closes(qtbot, theme: Theme) -> None:
    stopped = threading.Event()
    QTimer.singleShot(50, stopped.set)
    with pytest.raises(AskingStoppedError):
        WindowAsker(theme, LONG_MS).ask(QUESTION, stopped)
