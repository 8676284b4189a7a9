"""What is read in a conversation: Markdown as it grows, selections, thoughts; and what is found."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.pages.chat.reasoning_block import ThoughtText
from app.widgets.markup.code_view import CodeView
from app.widgets.markup.prose_view import ProseView
from app.widgets.markup.table_view import TableView
from tests.flows.journeys import CTRL

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
ANSWER = (
    "# Rain\n\nIt *falls*.\n\n",
    "```python\nprint('rain')\n```\n\n",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
    "The end.",
)


def test_markdown_grows_is_selected_across_blocks_and_copied(traveller, fake_engine):
    fake_engine.words, fake_engine.gate = ANSWER, threading.Event()
    traveller.ask("go")
    traveller.until(lambda: any(isinstance(view, ProseView) for view in traveller.views()))
    assert traveller.answer() == "Rain\n\nIt falls.", "shown before it is whole"
    fake_engine.gate.set()
    traveller.until_idle()
    code = traveller.view(0, CodeView)
    assert traveller.view(0, TableView).isVisible()
    traveller.click(code.head.copy)
    assert QGuiApplication.clipboard().text().strip() == "print('rain')"
    prose = [view for view in traveller.views() if isinstance(view, ProseView)]
    traveller.drag(prose[0], prose[-1])
    traveller.page.transcript.setFocus()
    traveller.press(Qt.Key.Key_C, CTRL)
    copied = QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().clear()
    assert copied.startswith("Rain\n\nIt falls.")
    assert "print('rain')" in copied
    assert copied.endswith("The end.")


def test_whoever_scrolled_up_stays_and_is_led_back_to_what_comes(traveller, fake_engine):
    fake_engine.words = tuple(f"line {number}\n\n" for number in range(60))
    traveller.ask_and_wait("go")
    transcript = traveller.page.transcript
    wheel(transcript, 600)
    place = transcript.verticalScrollBar().value()
    traveller.until(transcript.jump.isVisible)
    fake_engine.gate = threading.Event()
    traveller.ask("more")
    traveller.until(lambda: traveller.answer() == "line 0")
    wheel(transcript, 600)
    traveller.until(transcript.jump.isVisible)
    place = transcript.verticalScrollBar().value()
    fake_engine.gate.set()
    traveller.until_idle()
    assert transcript.verticalScrollBar().value() == place
    traveller.click(transcript.jump)
    traveller.until(transcript.follows_end)
    traveller.until(lambda: not transcript.jump.isVisible())


def wheel(transcript, up: int) -> None:
    """Turn the wheel up over a list."""
    area = transcript.viewport()
    centre = QPointF(area.rect().center())
    event = QWheelEvent(
        centre,
        QPointF(area.mapToGlobal(area.rect().center())),
        QPoint(0, up),
        QPoint(0, up),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(area, event)


def test_thoughts_live_folded_opened_copied_found_and_limited(traveller, fake_engine):
    fake_engine.reasoning = ("Hmm,", " a pelican.")
    fake_engine.thinking_gate = threading.Event()
    traveller.click(traveller.page.composer.think)
    traveller.choose("At most 256 tokens of thoughts")
    traveller.ask("go")
    traveller.until(lambda: bool(traveller.page.transcript.turn_ids()))
    traveller.until(lambda: traveller.application.chat.turns[0].reasoning == "Hmm, a pelican.")
    head = traveller.thoughts()
    assert head.head.words.text() == "Thinking"
    traveller.click(head.answer_now)
    traveller.until_idle()
    assert traveller.answer() == "Paris is the capital."
    assert fake_engine.requests[-1].thinking_budget_tokens == 256
    assert not any(isinstance(view, ThoughtText) for view in traveller.views())
    traveller.click(traveller.thoughts().head)
    assert traveller.view(0, ThoughtText).text.toPlainText() == "Hmm, a pelican."
    traveller.choose_of(0, "Copy thoughts")
    assert QGuiApplication.clipboard().text() == "Hmm, a pelican."
    QGuiApplication.clipboard().clear()
    fake_engine.thinking_gate = None
    traveller.ask_and_wait("more")
    assert traveller.view(1, ThoughtText).isVisible(), "as the reader chose last"
    # What was thought is found, from another chat too.
    traveller.press(Qt.Key.Key_N, CTRL)
    traveller.press(Qt.Key.Key_F, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "pelican")
    results = traveller.application.window.sidebar.results
    traveller.until(lambda: results.isVisible() and results.model.rowCount() > 0)
    traveller.press(Qt.Key.Key_Return)
    traveller.until(lambda: len(traveller.said()) == 4)


def test_a_hit_on_another_branch_is_shown_there_and_chats_go_and_come_back(traveller, fake_engine):
    fake_engine.words = ("A heron.",)
    traveller.ask_and_wait("birds")
    fake_engine.words = ("A crow.",)
    traveller.click(traveller.foot().regenerate)
    traveller.until_said("birds", "A crow.")
    traveller.press(Qt.Key.Key_N, CTRL)
    traveller.ask_and_wait("others")
    traveller.press(Qt.Key.Key_F, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "heron")
    results = traveller.application.window.sidebar.results
    traveller.until(lambda: results.isVisible() and results.model.rowCount() > 0)
    traveller.press(Qt.Key.Key_Return)
    traveller.until_said("birds", "A heron.")
    assert traveller.foot().branch.words.text() == "1 of 2"
    traveller.press(Qt.Key.Key_F, CTRL)
    traveller.press(Qt.Key.Key_Escape)
    view = traveller.application.window.sidebar.chats.view
    view.setFocus()
    traveller.press(Qt.Key.Key_A, CTRL)
    traveller.press(Qt.Key.Key_Delete)
    traveller.until(lambda: traveller.titles() == [])
    assert traveller.said() == []
    traveller.press_toast("Undo")
    traveller.until(lambda: sorted(traveller.titles()) == ["birds", "others"])
    # The palette goes to a chat by its name.
    traveller.press(Qt.Key.Key_K, CTRL)
    palette = traveller.application.palette.palette
    QTest.keyClicks(palette.field, "others")
    traveller.press(Qt.Key.Key_Return)
    traveller.until_said("others", "A crow.")
    assert not palette.isVisible()
