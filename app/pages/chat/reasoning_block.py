"""What the model thought before an answer: three moving lines, then one line that opens.

While it thinks: pebbles, seconds, tokens, "Answer now", and the last three lines. When the
answer begins it folds to "Thought for 12 s". What the reader chose for a message stays.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.pages.chat.reasoning_parts import AnswerNowButton, LastLines, ReasoningHead
from app.pages.chat.turns import Turn, TurnState
from app.theme.metrics import MOTION, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.reading_text import ReadingText

_RULE_INSET = SPACE.sm - SPACE.hair  # the rule stands under the middle of the head's icon
_TEXT_INSET = _RULE_INSET + SIZE.reasoning_rule + SPACE.block


class ReasoningBody(QWidget):
    """The thoughts beside their rule: accent while they grow, then the colour of lines."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_live = False
        self.last_lines = LastLines(theme)
        self.text = ReadingText(self.tr("Thoughts"), Type.SMALL, Ink.TEXT2)
        column = QVBoxLayout(self)
        column.setContentsMargins(_TEXT_INSET, 0, 0, 0)
        column.addWidget(self.last_lines)
        column.addWidget(self.text)
        theme.changed.connect(self.update)

    def show_thoughts(self, thoughts: str, *, is_live: bool, is_open: bool) -> None:
        """All of them, or the last lines while they grow; folded, the body is hidden."""
        self._is_live = is_live
        self.last_lines.setVisible(is_live and not is_open)
        self.text.setVisible(is_open)
        if is_open:
            self.text.show_plain(thoughts)
        elif is_live:
            self.last_lines.show_end_of(thoughts)
        self.setVisible(is_open or is_live)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the rule."""
        tokens = self._theme.tokens
        colour = tokens.accent if self._is_live else tokens.button_line
        rule = QRectF(float(_RULE_INSET), 0.0, float(SIZE.reasoning_rule), float(self.height()))
        QPainter(self).fillRect(rule, QColor(colour))


class ReasoningBlock(QWidget):
    """Head and body; hidden where there are no thoughts."""

    answer_now_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turn: Turn | None = None
        self._wants_open: bool | None = None  # None: the reader has not chosen
        self.head = ReasoningHead(theme)
        self.answer_now = AnswerNowButton(theme)
        self.body = ReasoningBody(theme)
        row = QHBoxLayout()
        row.setSpacing(SPACE.sm)
        row.addWidget(self.head)
        row.addStretch(1)
        row.addWidget(self.answer_now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE.sm)
        column.setSpacing(SPACE.xs)
        column.addLayout(row)
        column.addWidget(self.body)
        self._seconds = QTimer(self)
        self._seconds.timeout.connect(self._say)
        self.head.clicked.connect(self._on_toggled)
        self.body.last_lines.clicked.connect(self._on_toggled)
        self.answer_now.clicked.connect(self._on_answer_now)
        self.hide()

    def is_open(self) -> bool:
        """Whether all thoughts are shown."""
        return bool(self._wants_open)

    def show_turn(self, turn: Turn) -> None:
        """Show the turn's thoughts."""
        if not turn.reasoning:
            if self._turn is not None and self._turn.reasoning:
                self._wants_open = None  # asked again: a new message
            self.answer_now.setEnabled(True)
        self._turn = turn
        self.setVisible(bool(turn.reasoning))
        is_live = turn.state is TurnState.THINKING
        if is_live and not self._seconds.isActive():
            self._seconds.start(MOTION.second_ms)
        elif not is_live:
            self._seconds.stop()
        self.answer_now.setVisible(is_live)
        self._show()

    def _show(self) -> None:
        turn = self._turn
        if turn is None or not turn.reasoning:
            return
        is_live = turn.state is TurnState.THINKING
        self.head.show_state(is_live=is_live, is_open=self.is_open())
        self.body.show_thoughts(turn.reasoning, is_live=is_live, is_open=self.is_open())
        self._say()

    def _say(self) -> None:
        turn = self._turn
        if turn is None:
            return
        tokens = self._token_words(turn.reasoning_tokens)
        if turn.state is TurnState.THINKING:
            elapsed_s = int(time.monotonic() - (turn.thinking_since_s or time.monotonic()))
            seconds = self.tr("{seconds} s").format(seconds=elapsed_s)
            self.head.say(self.tr("Thinking"), seconds, tokens)
        else:
            took_s = max(1, round(turn.thinking_s or 0.0))
            self.head.say(self.tr("Thought for {seconds} s").format(seconds=took_s), "", tokens)

    def _token_words(self, tokens: int) -> str:
        if tokens == 1:
            return self.tr("1 token")
        return self.tr("{count} tokens").format(count=f"{tokens:,}") if tokens else ""

    def _on_toggled(self) -> None:
        self._wants_open = not self.is_open()
        self._show()

    def _on_answer_now(self) -> None:
        self.answer_now.setEnabled(False)
        self.answer_now_requested.emit()
