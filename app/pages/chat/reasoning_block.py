"""What the model thought before an answer, as widgets: its head, its last lines, its text.

While it thinks: pebbles, seconds, tokens, "Answer now", and the last three lines. When the answer
begins it folds to "Thought for 12 s". What is open is the transcript's to know.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.pages.chat.foot_words import count_words
from app.pages.chat.reasoning_parts import AnswerNowButton, LastLines, ReasoningHead
from app.pages.chat.turns import Turn, TurnState
from app.theme.metrics import MOTION, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.row_list_text import RowText

_RULE_INSET = SPACE.sm - SPACE.hair  # the rule stands under the middle of the head's icon
TEXT_INSET = _RULE_INSET + SIZE.reasoning_rule + SPACE.block


class ReasoningBar(QWidget):
    """The head, and while it thinks the button that ends it."""

    toggled = Signal()
    answer_now_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turn = Turn(0, "")
        self.head = ReasoningHead(theme)
        self.answer_now = AnswerNowButton(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.sm)
        row.addWidget(self.head)
        row.addStretch(1)
        row.addWidget(self.answer_now)
        self._seconds = QTimer(self)
        self._seconds.timeout.connect(self._say)
        self.head.clicked.connect(self.toggled)
        self.answer_now.clicked.connect(self._on_answer_now)

    def show_turn(self, turn: Turn, *, is_open: bool) -> None:
        """Show how long it thinks, or thought."""
        if turn.state is not TurnState.THINKING:
            self.answer_now.setEnabled(True)
        self._turn = turn
        is_live = turn.state is TurnState.THINKING
        if is_live and not self._seconds.isActive():
            self._seconds.start(MOTION.second_ms)
        elif not is_live:
            self._seconds.stop()
        self.answer_now.setVisible(is_live)
        self.head.show_state(is_live=is_live, is_open=is_open)
        self._say()

    def _say(self) -> None:
        turn = self._turn
        tokens = count_words(turn.reasoning_tokens)
        if turn.state is TurnState.THINKING:
            elapsed_s = int(time.monotonic() - (turn.thinking_since_s or time.monotonic()))
            seconds = self.tr("{seconds} s").format(seconds=elapsed_s)
            self.head.say(self.tr("Thinking"), seconds, tokens)
        else:
            took_s = max(1, round(turn.thinking_s or 0.0))
            self.head.say(self.tr("Thought for {seconds} s").format(seconds=took_s), "", tokens)

    def _on_answer_now(self) -> None:
        self.answer_now.setEnabled(False)
        self.answer_now_requested.emit()


class RuledWidget(QWidget):
    """Something beside the thoughts' rule: accent while they grow, then the colour of lines."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._is_live = False
        theme.changed.connect(self.update)

    def set_live(self, *, is_live: bool) -> None:
        """Whether the thoughts grow."""
        self._is_live = is_live
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the rule."""
        tokens = self.theme.tokens
        colour = tokens.accent if self._is_live else tokens.button_line
        rule = QRectF(float(_RULE_INSET), 0.0, float(SIZE.reasoning_rule), float(self.height()))
        QPainter(self).fillRect(rule, QColor(colour))


class GrowingThoughts(RuledWidget):
    """The last three lines of thoughts that come; a click shows all."""

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.lines = LastLines(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(TEXT_INSET, 0, 0, 0)
        column.addWidget(self.lines)
        self.lines.clicked.connect(self.clicked)
        self.set_live(is_live=True)


class ThoughtText(RuledWidget):
    """Some of the thoughts, to read and to select."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        inner_px = SIZE.column - TEXT_INSET
        self.text = RowText(self.tr("Thoughts"), Type.SMALL, Ink.TEXT2, self, width_px=inner_px)

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As tall as the text."""
        return self.text.heightForWidth(max(1, width - TEXT_INSET))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The text takes what the rule leaves."""
        super().resizeEvent(event)
        width = max(1, self.width() - TEXT_INSET)
        self.text.setGeometry(TEXT_INSET, 0, width, self.text.heightForWidth(width))

    def position_at(self, point: QPoint) -> int:
        """The position in the text nearest to a point."""
        return self.text.position_at(self.text.mapFrom(self, point))

    def select(self, start: int, end: int | None) -> None:
        """Mark some of the text."""
        self.text.select(start, end)
