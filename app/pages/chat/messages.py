"""A turn on the screen: the user's bubble, and the answer with its foot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.pages.chat.reasoning_block import ReasoningBlock
from app.pages.chat.turns import LIVE_STATES, Turn, TurnState
from app.theme.icons import Icon
from app.theme.metrics import MOTION, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import IconButton
from app.widgets.label import Label
from app.widgets.panel import Card, Ground
from app.widgets.pebbles import Pebbles
from app.widgets.reading_text import ReadingText


class UserBubble(QWidget):
    """What the user wrote, at the right, as wide as it needs to be."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = Card(theme, Ground.BUBBLE)
        self.text = ReadingText(self.tr("Your message"))
        self.text.append_plain(text)
        inner = QVBoxLayout(self.card)
        inner.setContentsMargins(SPACE.block, SPACE.sm, SPACE.block, SPACE.sm)
        inner.addWidget(self.text)
        padding = 2 * SPACE.block
        width = self.text.natural_width(SIZE.bubble_max - padding) + padding
        self.card.setMaximumWidth(min(SIZE.bubble_max, width))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addStretch(1)
        row.addWidget(self.card, 1000)


class AnswerFoot(QWidget):
    """Under an answer: what is going on; then copy, model and speed. One height for all."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer = ""
        self._elapsed_s = 0
        self._is_last = True
        self._is_hovered = False
        self._is_live = True
        self._has_question = True
        self._live_words = ""
        self.setFixedHeight(SIZE.answer_foot)
        self.copy = IconButton(theme, Icon.COPY, self.tr("Copy answer"), icon_size=SIZE.icon_sm)
        self.regenerate = IconButton(
            theme, Icon.REGENERATE, self.tr("Answer again"), icon_size=SIZE.icon_sm
        )
        self.pebbles = Pebbles(theme)
        self.words = Label(theme, "", Type.CAPTION, Ink.TEXT2)
        self.model = Label(theme, "", Type.CAPTION, Ink.TEXT3)
        self.speed = Label(theme, "", Type.CAPTION, Ink.TEXT3)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.xs)
        row.addWidget(self.copy)
        row.addWidget(self.regenerate)
        row.addSpacing(SPACE.sm)
        row.addWidget(self.pebbles)
        row.addWidget(self.words)
        row.addStretch(1)
        row.addWidget(self.model)
        row.addSpacing(SPACE.xs)
        row.addWidget(self.speed)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.timeout.connect(self._on_copied_over)
        self._seconds = QTimer(self)
        self._seconds.timeout.connect(self._on_second)
        self.copy.clicked.connect(self._on_copy)

    def show_turn(self, turn: Turn) -> None:
        """Show how far the answer is."""
        self._answer = turn.answer
        self._has_question = bool(turn.question)
        is_live = turn.state in LIVE_STATES or turn.state is TurnState.WAITING
        self._is_live = is_live
        # While it thinks, the thoughts' own head says so.
        self.pebbles.setVisible(is_live and turn.state is not TurnState.THINKING)
        self.copy.setVisible(not is_live and bool(turn.answer))
        if turn.state in LIVE_STATES and not self._seconds.isActive():
            self._elapsed_s = 0
            self._seconds.start(MOTION.second_ms)
        if not is_live:
            self._seconds.stop()
        self._live_words = self._words_for(turn)
        self.words.set_ink(Ink.BAD if turn.state is TurnState.FAILED else Ink.TEXT2)
        self._show_words()
        self._show_cost(turn)
        self._reveal()

    def show_prefill(self, done_tokens: int, total_tokens: int) -> None:
        """Say how much of the prompt was read."""
        self._live_words = self.tr("Reading {done} of {total} tokens").format(
            done=f"{done_tokens:,}", total=f"{total_tokens:,}"
        )
        self._show_words()

    def set_last(self, is_last: bool) -> None:
        """The last answer always shows its foot, others under the mouse."""
        self._is_last = is_last
        self._reveal()

    def set_hovered(self, is_hovered: bool) -> None:
        """The mouse is over the answer, or left it."""
        self._is_hovered = is_hovered
        self._reveal()

    def _words_for(self, turn: Turn) -> str:
        return {
            TurnState.WAITING: self.tr("Waiting"),
            TurnState.READING: self.tr("Reading"),
            TurnState.THINKING: "",
            TurnState.ANSWERING: self.tr("Answering"),
            TurnState.DONE: self._left_out_words(turn),
            TurnState.STOPPED: self._stopped_words(turn),
            TurnState.FULL: self.tr("The context is full. The answer ends here."),
            TurnState.FAILED: self.tr("Not answered."),
        }[turn.state]

    def _left_out_words(self, turn: Turn) -> str:
        if not turn.left_out:
            return ""
        words = self.tr("Answered without the first {count} messages.")
        return words.format(count=turn.left_out)

    def _stopped_words(self, turn: Turn) -> str:
        if turn.answer:
            return self.tr("Stopped. The answer so far is kept.")
        return self.tr("Stopped before the answer began.")

    def _show_words(self) -> None:
        if self._seconds.isActive() and self._elapsed_s and self._live_words:
            form = self.tr("{what}   {seconds} s")
            self.words.setText(form.format(what=self._live_words, seconds=self._elapsed_s))
        else:
            self.words.setText(self._live_words)

    def _show_cost(self, turn: Turn) -> None:
        self.model.setText(turn.model_name)
        if turn.tokens_per_s:
            words = self.tr("{speed} tokens/s").format(speed=f"{turn.tokens_per_s:.1f}")
        else:
            is_thinking = turn.state is TurnState.THINKING
            words = "" if is_thinking else self._count_words(turn.generated_tokens)
        self.speed.setText(words)

    def _count_words(self, tokens: int) -> str:
        if tokens == 1:
            return self.tr("1 token")
        return self.tr("{count} tokens").format(count=f"{tokens:,}") if tokens else ""

    def _reveal(self) -> None:
        is_shown = self._is_last or self._is_hovered
        self.copy.reveal(is_shown)
        can_ask_again = self._is_last and not self._is_live and self._has_question
        self.regenerate.setVisible(can_ask_again)
        self.model.setVisible(is_shown)
        self.speed.setVisible(is_shown)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._answer)
        self.copy.set_icon(Icon.CHECK, Ink.TEXT)
        self.copy.rename(self.tr("Copied"))
        self._copied.start(MOTION.copied_shown_ms)

    def _on_copied_over(self) -> None:
        self.copy.set_icon(Icon.COPY, Ink.TEXT2)
        self.copy.rename(self.tr("Copy answer"))

    def _on_second(self) -> None:
        self._elapsed_s += 1
        self._show_words()


class AssistantMessage(QWidget):
    """An answer: no bubble, the full column, the foot below."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reasoning = ReasoningBlock(theme)
        self.text = ReadingText(self.tr("Answer"))
        self.text.hide()
        self.foot = AnswerFoot(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        for part in (self.reasoning, self.text):
            row = QHBoxLayout()
            row.setContentsMargins(SPACE.lg, 0, SPACE.lg, 0)
            row.addWidget(part)
            column.addLayout(row)
        foot_row = QHBoxLayout()
        # The icon, not its button, stands under the text.
        foot_row.setContentsMargins(SPACE.sm, 0, SPACE.lg, 0)
        foot_row.addWidget(self.foot)
        column.addLayout(foot_row)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_turn(self, turn: Turn) -> None:
        """Show thoughts, answer and state."""
        self.reasoning.show_turn(turn)
        self.text.show_plain(turn.answer)
        self.text.setVisible(bool(turn.answer))
        self.foot.show_turn(turn)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Show what can be done with it."""
        super().enterEvent(event)
        self.foot.set_hovered(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Leave the place empty again."""
        super().leaveEvent(event)
        self.foot.set_hovered(False)


class TurnView(QWidget):
    """A question and its answer."""

    def __init__(self, theme: Theme, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = UserBubble(theme, turn.question)
        if not turn.question:
            self.question.hide()
        self.answer = AssistantMessage(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.block)
        question_row = QHBoxLayout()
        question_row.setContentsMargins(SPACE.lg, 0, SPACE.lg, 0)
        question_row.addWidget(self.question)
        column.addLayout(question_row)
        column.addWidget(self.answer)
        self.show_turn(turn)

    def show_turn(self, turn: Turn) -> None:
        """Show the turn's state."""
        self.answer.show_turn(turn)
