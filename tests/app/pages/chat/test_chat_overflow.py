"""What no longer fits into the context is named above the composer, and someone decides."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.pages.chat.foot_words import state_words
from app.pages.chat.overflow import overflow_sentence
from app.pages.chat.turns import Turn, TurnState
from app.theme.tokens import Ink
from inference.events import Overflow
from inference.request import OverflowChoice

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def crowded(hand, open_window, fake_engine):
    """A chat of two questions, whose third does not fit with them."""
    application = open_window()
    for question in ("What is the capital\nof France?", "And of\u202e Spain?"):
        application.page.composer.edit.replace_text(question)
        hand.ask(application, "")
        hand.wait_idle(application)
    fake_engine.overflow = Overflow(5210, 4096, (0, 1, 2, 3))
    hand.ask(application, "three")
    hand.wait_idle(application)
    return application


def rows(application):
    return [row.text() for row in application.page.overflow.rows]


def test_what_no_longer_fits_is_named_by_its_first_words_with_its_tokens(hand, qtbot, crowded):
    panel = crowded.page.overflow
    assert panel.isVisible()
    assert panel.title.text() == "These no longer fit"
    assert "5,210" in panel.words.text()
    assert "4,096" in panel.words.text()
    qtbot.waitUntil(lambda: rows(crowded)[0].endswith("tokens"))
    first, second = (crowded.chat.turns[number] for number in (0, 1))
    count = crowded.worker._model.engine.count_tokens
    assert rows(crowded) == [
        "“What is the capital of France?” · "
        f"{count([first.question + chr(10) + first.answer])[0]} tokens",
        f"“And of‹U+202E› Spain?” · {count([second.question + chr(10) + second.answer])[0]} tokens",
    ]
    assert "And of‹U+202E› Spain?" in panel.accessibleName()
    # It is counted beside the window, and by itself.
    qtbot.waitUntil(lambda: crowded.page.composer.meter.ink() is Ink.BAD)
    assert hand.toast_texts(crowded) == []
    assert not panel.grab().isNull()


def test_left_out_where_that_is_chosen_and_the_choice_holds_for_the_chat(
    hand, qtbot, crowded, fake_engine
):
    panel = crowded.page.overflow
    assert QApplication.focusWidget() is panel.leave_out
    assert fake_engine.requests[-1].on_overflow is OverflowChoice.STOP
    QTest.keyClick(panel.leave_out, Qt.Key.Key_Space)
    assert panel.isHidden()
    assert QApplication.focusWidget() is crowded.page.composer.edit
    qtbot.waitUntil(lambda: crowded.chat.turns[-1].answer == "Paris is the capital.")
    hand.wait_idle(crowded)
    assert len(crowded.chat.turns) == 3, "nothing is asked twice, nothing is lost"
    asked = fake_engine.requests[-1]
    assert asked.on_overflow is OverflowChoice.DROP_OLDEST
    assert asked.messages == fake_engine.requests[-2].messages
    assert crowded.chat.turns[-1].left_out == 4
    hand.ask(crowded, "four")
    hand.wait_idle(crowded)
    assert crowded.chat.turns[-1].left_out == 4, "said again"
    assert panel.isHidden()
    QTest.keyClick(crowded.window, Qt.Key.Key_N, CTRL)
    hand.ask(crowded, "new")
    hand.wait_idle(crowded)
    assert fake_engine.requests[-1].on_overflow is OverflowChoice.STOP, "a choice for one chat"


def test_the_choice_is_kept_with_the_chat_until_it_is_changed_back(
    hand, qtbot, crowded, fake_engine
):
    QTest.keyClick(crowded.page.overflow.leave_out, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: crowded.chat.turns[-1].answer == "Paris is the capital.")
    hand.wait_idle(crowded)
    chat_id = crowded.chat.shown_id
    crowded.page.new_chat()
    assert crowded.chat.settings.on_overflow is OverflowChoice.STOP
    crowded.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: crowded.chat.shown_id == chat_id)
    hand.ask(crowded, "four")
    hand.wait_idle(crowded)
    assert fake_engine.requests[-1].on_overflow is OverflowChoice.DROP_OLDEST
    assert crowded.page.overflow.isHidden(), "not asked once more"
    crowded.tuning.open()
    row = crowded.tuning.dialog.controls.choices["leave_out_oldest"]
    assert row.choice.text() == "Leave out the oldest"
    row.choice.menu_now().actions()[0].trigger()
    crowded.tuning.dialog.accept()
    hand.ask(crowded, "five")
    qtbot.waitUntil(crowded.page.overflow.isVisible)
    assert fake_engine.requests[-1].on_overflow is OverflowChoice.STOP


@pytest.mark.parametrize("how", ["button", "esc in the panel", "esc in the field"])
def test_stop_leaves_everything_as_it_is(crowded, fake_engine, how):
    panel, asked = crowded.page.overflow, len(fake_engine.requests)
    if how == "button":
        QTest.mouseClick(panel.stop, LEFT)
    elif how == "esc in the panel":
        QTest.keyClick(panel.leave_out, Qt.Key.Key_Escape)
    else:
        crowded.page.composer.edit.setFocus()
        QTest.keyClick(crowded.page.composer.edit, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert QApplication.focusWidget() is crowded.page.composer.edit
    assert len(crowded.chat.turns) == 3
    assert len(fake_engine.requests) == asked


def test_a_new_chat_can_be_begun_instead(crowded):
    panel = crowded.page.overflow
    QTest.keyClick(panel.leave_out, Qt.Key.Key_Left)
    assert QApplication.focusWidget() is panel.new_chat
    QTest.keyClick(panel.new_chat, Qt.Key.Key_Space)
    assert panel.isHidden()
    assert crowded.chat.turns == ()


def test_another_chat_takes_the_question_away(crowded):
    QTest.keyClick(crowded.window, Qt.Key.Key_N, CTRL)
    assert crowded.page.overflow.isHidden()


def test_asking_once_more_takes_the_question_away(hand, crowded, fake_engine):
    fake_engine.overflow = None
    crowded.chat.branching.regenerate(crowded.chat.turns[-1].turn_id)
    assert crowded.page.overflow.isHidden()


def test_whoever_is_writing_keeps_the_keyboard(hand, qtbot, open_window, fake_engine):
    fake_engine.overflow = Overflow(5210, 4096)
    application = open_window()
    hand.ask(application, "long")
    hand.type_in(application, "the next ")
    qtbot.waitUntil(application.page.overflow.isVisible)
    assert QApplication.focusWidget() is application.page.composer.edit


def test_a_question_too_long_by_itself_offers_a_new_chat(hand, open_window, fake_engine):
    fake_engine.overflow = Overflow(5210, 4096)
    application = open_window()
    hand.ask(application, "long")
    hand.wait_idle(application)
    panel = application.page.overflow
    assert panel.title.text() == "This message is too long"
    assert panel.leave_out.isHidden()
    assert rows(application) == []
    assert QApplication.focusWidget() is panel.new_chat
    QTest.mouseClick(panel.new_chat, LEFT)
    assert application.chat.turns == ()


def test_of_many_turns_the_first_and_the_last_are_named(hand, qtbot, open_window, fake_engine):
    application = open_window()
    for number in range(6):
        hand.ask(application, f"Question {number}")
        hand.wait_idle(application)
    fake_engine.overflow = Overflow(5210, 4096, tuple(range(12)))
    hand.ask(application, "last")
    hand.wait_idle(application)
    qtbot.waitUntil(lambda: rows(application)[0].endswith("tokens"))
    words = [row.split(" · ")[0] for row in rows(application)]
    assert words == [
        "“Question 0”",
        "“Question 1”",
        "“Question 2”",
        "and 3 more, up to “Question 5”",
    ]
    one, _, _, three = (int(row.split()[-2]) for row in rows(application))
    assert three == 3 * one
    application.page.overflow.show_tokens(-1, (1,) * 6)
    application.page.overflow.show_tokens(application.chat.turns[-1].turn_id, (1,))
    assert int(rows(application)[0].split()[-2]) == one, "counts of something else"


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(1, "Answered without the first message."), (3, "Answered without the first 3 messages.")],
)
def test_an_answer_says_how_many_messages_it_was_not_given(qapp, count: int, sentence: str) -> None:
    assert state_words(Turn(1, "q", state=TurnState.DONE, left_out=count)) == sentence


@pytest.mark.parametrize(
    ("turns", "beginning"),
    [
        ((0,), "The first message no longer fits: this chat has 5,210 tokens"),
        ((0, 1), "The first 2 messages no longer fit: this chat has 5,210 tokens"),
        ((), "This message is too long: with it the chat has 5,210 tokens"),
    ],
)
def test_what_does_not_fit_is_counted(qapp, turns: tuple[int, ...], beginning: str) -> None:
    assert overflow_sentence(Overflow(5210, 4096, turns)).startswith(beginning)
