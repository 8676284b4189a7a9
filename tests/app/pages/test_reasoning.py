"""The thoughts in the window: live, folded, opened, ended by the reader."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.bridge.engine_port import AnswerUpdate
from app.pages.chat.turns import Turn, TurnState, grown
from app.theme.metrics import SIZE
from inference.request import Message

# What the offscreen platform says of itself when a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton
THOUGHTS = ("Hmm,", " let", " me", " see.\n\n", "France.")


@pytest.fixture
def thinking(hand, qtbot, open_window, fake_engine):
    """A window in which the model thinks until it is let go on."""
    fake_engine.reasoning = THOUGHTS
    fake_engine.thinking_gate = threading.Event()
    application = open_window()
    hand.ask(application, "go")
    qtbot.waitUntil(
        lambda: bool(hand.views(application)) and block_of(hand, application).is_shown()
    )
    qtbot.waitUntil(lambda: application.chat.turns[-1].reasoning == "".join(THOUGHTS))
    return application


def block_of(hand, application, number=-1):
    return hand.views(application)[number].thoughts


def test_while_it_thinks_its_last_lines_move_and_the_head_counts(hand, thinking):
    block = block_of(hand, thinking)
    assert block.head.pebbles.isVisible()
    assert block.head.words.text() == "Thinking"
    assert block.head.seconds.text() == "0 s"
    assert block.head.tokens.text() == "5 tokens"
    assert block.answer_now.isVisible()
    (lines,) = block.lines
    assert lines.isVisible()
    assert lines.height() == 3 * 20
    assert not block.is_open()
    foot = hand.views(thinking)[0].foot
    assert (foot.words.text(), foot.pebbles.isVisible()) == ("", False), "said once"
    assert hand.answer_text(thinking) == ""


def test_it_folds_when_the_answer_begins_and_opens_on_a_click(hand, thinking, fake_engine):
    fake_engine.thinking_gate.set()
    hand.wait_idle(thinking)
    block = block_of(hand, thinking)
    assert block.head.words.text() == "Thought for 1 s"
    assert block.head.tokens.text() == "5 tokens"
    assert not block.is_open()
    assert not block.lines
    assert not block.answer_now.isVisible()
    QTest.mouseClick(block.head, LEFT)
    block = block_of(hand, thinking)
    assert block.text() == "Hmm, let me see.\n\nFrance."
    assert "</think>" not in block.text() + hand.answer_text(thinking)
    QTest.mouseDClick(block.pieces[0].viewport(), LEFT, pos=QPoint(8, 8))
    QTest.mouseRelease(block.pieces[0].viewport(), LEFT, pos=QPoint(8, 8))
    assert thinking.page.transcript.selected_text() == "Hmm"
    QTest.mouseClick(block.head, LEFT)
    assert not block_of(hand, thinking).is_open()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_it_opens_by_the_keyboard_and_says_what_it_is(hand, thinking, fake_engine, key):
    fake_engine.thinking_gate.set()
    hand.wait_idle(thinking)
    for _ in range(60):
        QTest.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_Tab)
        QTest.qWait(1)  # the order of Tab is told when there is time
        head = block_of(hand, thinking).head  # made anew where its row came into sight again
        if thinking.window.focusWidget() is head:
            break
    assert head.hasFocus()
    assert head.accessibleName() == "Thought for 1 s 5 tokens"
    assert head.accessibleDescription() == "The thoughts are hidden"
    QTest.keyClick(head, key)
    assert block_of(hand, thinking).is_open()
    assert head.accessibleDescription() == "The thoughts are shown"


def test_what_the_reader_chose_stays_when_the_answer_begins(hand, thinking, fake_engine):
    QTest.mouseClick(block_of(hand, thinking).lines[0], LEFT)
    assert block_of(hand, thinking).is_open()
    fake_engine.thinking_gate.set()
    hand.wait_idle(thinking)
    assert block_of(hand, thinking).is_open()
    hand.ask(thinking, "another")
    hand.wait_idle(thinking)
    assert block_of(hand, thinking, 0).is_open()
    assert block_of(hand, thinking).is_open(), "new ones are as the reader chose last"
    QTest.mouseClick(block_of(hand, thinking).head, LEFT)
    assert not block_of(hand, thinking).is_open()
    assert block_of(hand, thinking, 0).is_open(), "each stays as it was chosen"


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_answer_now_ends_the_thoughts(hand, qtbot, thinking, how):
    button = block_of(hand, thinking).answer_now
    if how == "mouse":
        QTest.mouseClick(button, LEFT)
    else:
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert not button.isEnabled(), "once is enough"
    qtbot.waitUntil(lambda: hand.answer_text(thinking) == "Paris is the capital.")
    hand.wait_idle(thinking)
    assert thinking.chat.messages[-1] == Message(
        "assistant", "Paris is the capital.", "Hmm, let me see.\n\nFrance."
    )


def test_stopping_while_it_thinks_keeps_the_thoughts(hand, thinking):
    QTest.keyClick(thinking.window, Qt.Key.Key_Escape)
    hand.wait_idle(thinking)
    block = block_of(hand, thinking)
    assert block.head.words.text() == "Thought for 1 s"
    assert not block.head.pebbles.isVisible()
    assert hand.foot_words(thinking) == "Stopped before the answer began."


def test_what_turns_out_to_be_thoughts_moves_there(hand, open_window, fake_engine):
    fake_engine.recast_words = ("So", " I", " think.")
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    assert hand.answer_text(application) == "Paris is the capital."
    QTest.mouseClick(block_of(hand, application).head, LEFT)
    block = block_of(hand, application)
    assert block.text() == "So I think."
    assert block.head.tokens.text() == "3 tokens"


def test_answering_again_thinks_again(hand, qtbot, thinking, fake_engine):
    fake_engine.thinking_gate.set()
    hand.wait_idle(thinking)
    QTest.mouseClick(block_of(hand, thinking).head, LEFT)
    fake_engine.reasoning = ("Spain",)
    QTest.mouseClick(hand.views(thinking)[0].foot.regenerate, LEFT)
    qtbot.waitUntil(lambda: thinking.chat.turns[-1].reasoning == "Spain")
    hand.wait_idle(thinking)
    assert block_of(hand, thinking).text() == "Spain", "open, as the reader chose"


def test_without_thoughts_there_is_no_block(hand, open_window):
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    assert not block_of(hand, application).is_shown()


def test_thoughts_are_never_markup(hand, open_window, fake_engine):
    fake_engine.reasoning = ('<img src="file:///etc/passwd"> \ufdd0\ud800',)
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    QTest.mouseClick(block_of(hand, application).head, LEFT)
    shown = block_of(hand, application).text()
    assert shown == '<img src="file:///etc/passwd"> ‹U+FDD0›‹U+D800›'


def test_the_last_lines_are_drawn_and_the_first_of_many_fades(qtbot, qapp):
    from app.pages.chat.reasoning_parts import LastLines
    from app.settings import ThemeChoice
    from app.theme.theme import Theme

    lines = LastLines(Theme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(lines)
    lines.resize(200, SIZE.reasoning_lines * 20)
    lines.show()

    def darkness(number):
        picture = lines.grab().toImage()
        rows = range(20 * number, 20 * number + 20)
        return sum(255 - picture.pixelColor(x, y).lightness() for x in range(200) for y in rows)

    lines.show_end_of("MMMM\nMMMM")
    first, second, third = (darkness(n) for n in range(3))
    assert first == second > third
    lines.show_end_of("x\nMMMM\nMMMM\nMMMM")
    assert darkness(0) < 0.8 * darkness(1)
    lines.show_end_of("M" * 100_000 + "\n\n")
    assert darkness(1) == darkness(2) < darkness(0) + 1


def test_thinking_is_timed_from_its_first_token_to_the_answers():
    turn = Turn(1, "q", state=TurnState.READING)
    turn = grown(turn, AnswerUpdate(1), 10.0)
    assert turn.thinking_since_s is None
    turn = grown(turn, AnswerUpdate(1, reasoning_text="a", new_tokens=1), 11.0)
    assert (turn.state, turn.thinking_s) == (TurnState.THINKING, None)
    turn = grown(turn, AnswerUpdate(1, answer_text="b", new_tokens=1), 23.5)
    assert (turn.state, turn.thinking_s) == (TurnState.ANSWERING, 12.5)
    turn = grown(turn, AnswerUpdate(1, answer_text="c", new_tokens=1), 30.0)
    assert turn.thinking_s == 12.5


def test_how_much_it_thinks_is_chosen_beside_the_message(hand, qtbot, open_window, fake_engine):
    application = open_window()
    button = application.page.composer.think
    assert button.isVisible()
    assert button.text() == "Think: auto"

    def choose(label):
        QTest.mouseClick(button, LEFT)
        menu = popup()
        action = next(a for a in menu.actions() if a.text() == label)
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

    def popup():
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        return QApplication.activePopupWidget()

    choose("At most 256 tokens of thoughts")
    assert button.text() == "Think: up to 256 tokens"
    choose("Read earlier thoughts again")
    hand.ask(application, "one")
    hand.wait_idle(application)
    request = fake_engine.requests[-1]
    assert (request.thinking, request.thinking_budget_tokens) == (None, 256)
    assert request.keep_thoughts is True
    choose("Answer at once")
    assert button.accessibleName() == "Think: off"
    hand.ask(application, "two")
    hand.wait_idle(application)
    assert fake_engine.requests[-1].thinking is False


def test_a_model_that_does_not_think_offers_no_choice(open_window, fake_engine):
    fake_engine.thinks = False
    assert not open_window().page.composer.think.isVisible()
