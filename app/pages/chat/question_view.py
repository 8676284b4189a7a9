"""The bubble of a question: files, text, and beside it what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPoint, QRect, QRectF, QTimer
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.pages.chat.attach_chips import AttachedChip
from app.pages.chat.foot_branch import BranchWalk
from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.turns import LIVE_STATES, Turn, TurnState
from app.theme.icons import Icon
from app.theme.metrics import MOTION, RADIUS, SIZE, SPACE
from app.theme.tokens import Ink
from app.widgets.button import IconButton
from app.widgets.row_list_text import RowText


@dataclass(frozen=True)
class BubblePart:
    """Which part of a bubble a view draws: a short one is first and last at once."""

    is_first: bool = True
    is_last: bool = True


class QuestionView(QWidget):
    """At the right, as wide as its text; a part of a long question is as wide as a bubble gets."""

    ACCESS_ROLE: ClassVar = QAccessible.Role.Grouping

    def __init__(self, desk: TranscriptDesk, turn: Turn, text: str, part: BubblePart) -> None:
        super().__init__()
        self._desk = desk
        self._turn = turn
        self._shown = (turn.question, turn.attached, text, part)
        self._part = part
        self._bubble = QRect()
        self._natural: dict[int, int] = {}  # the text's width, by the widest that it may be
        self.setAccessibleName(self.tr("You wrote"))
        files = turn.attached if part.is_first else ()
        self.files = [AttachedChip(desk.theme, each, parent=self) for each in files]
        inner_px = SIZE.bubble_max - 2 * SPACE.block
        self.text = RowText(self.tr("Your message"), parent=self, width_px=inner_px)
        self.text.show_plain(text)
        self.text.setVisible(bool(turn.question))
        self.copy = self._button(Icon.COPY, self.tr("Copy message"))
        self.edit = self._button(Icon.EDIT, self.tr("Edit message"))
        self.branch = BranchWalk(desk.theme, self)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.timeout.connect(self._on_copied_over)
        self._connect()
        self.show_turn(turn)
        desk.theme.changed.connect(self._on_theme_changed)

    def shows(self, turn: Turn, text: str, part: BubblePart) -> bool:
        """Whether this is what it shows already."""
        return (turn.question, turn.attached, text, part) == self._shown

    def show_turn(self, turn: Turn) -> None:
        """Show which version it is."""
        self._turn = turn
        is_live = turn.state in (*LIVE_STATES, TurnState.WAITING)
        is_last = self._part.is_last
        self.copy.setVisible(is_last and bool(turn.question))
        self.edit.setVisible(is_last and turn.state not in LIVE_STATES)
        self.branch.show_branch(turn.question_branch, is_enabled=not is_live)
        if not is_last:
            self.branch.hide()
        self.reveal()
        self.updateGeometry()

    def reveal(self) -> None:
        """Draw what can be done while the turn is under the mouse or has the focus."""
        is_shown = self._turn.turn_id in self._desk.revealed
        self.copy.reveal(is_shown)
        self.edit.reveal(is_shown)

    # ------------------------------------------------------------------ a part of a selection

    def position_at(self, point: QPoint) -> int:
        """The position in the text nearest to a point."""
        return self.text.position_at(self.text.mapFrom(self, point))

    def select(self, start: int, end: int | None) -> None:
        """Mark some of the text."""
        self.text.select(start, end)

    def marked_area(self) -> QRect:
        """The bubble."""
        return self._bubble

    # ------------------------------------------------------------------ layout

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As tall as the bubble, and its versions below."""
        below = SIZE.toast_button if self._has_branch() else 0
        return self._bubble_height(width) + below

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put bubble and buttons in their places."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the bubble; where it goes on above or below, without corners there."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._bubble)
        painter.setPen(QColor(self._desk.theme.tokens.bubble))
        painter.setBrush(QColor(self._desk.theme.tokens.bubble))
        reach = 2.0 * RADIUS.card
        above = 0.5 if self._part.is_first else -reach
        below = -0.5 if self._part.is_last else reach
        ground = QRectF(self._bubble).adjusted(0.5, above, -0.5, below)
        painter.drawRoundedRect(ground, RADIUS.card, RADIUS.card)

    def _place(self) -> None:
        width, height = self._bubble_width(self.width()), self._bubble_height(self.width())
        self._bubble = QRect(self.width() - width, 0, width, height)
        left = self._bubble.x() + SPACE.block
        inner = width - 2 * SPACE.block
        top = self._bubble.y() + self._above()
        for chip in self.files:
            chip.setGeometry(left, top, min(inner, chip.sizeHint().width()), SIZE.attached)
            top += SIZE.attached + SPACE.xs
        self.text.setGeometry(left, top, inner, self.text.heightForWidth(inner))
        self._place_buttons()
        self.update()

    def _place_buttons(self) -> None:
        right = self._bubble.x() - SPACE.xs
        top = self._bubble.bottom() - SIZE.toast_button - SPACE.tick
        for button in (self.edit, self.copy):
            right -= SIZE.toast_button
            button.move(max(0, right), max(0, top))
        size = self.branch.sizeHint()
        self.branch.setGeometry(
            self.width() - size.width(), self._bubble.bottom() + 1, size.width(), SIZE.toast_button
        )

    def _above(self) -> int:
        return SPACE.sm if self._part.is_first else 0

    def _bubble_width(self, width: int) -> int:
        most = min(SIZE.bubble_max, width)
        if not (self._part.is_first and self._part.is_last):
            return most
        padding = 2 * SPACE.block
        if most not in self._natural:
            is_text = bool(self._turn.question)
            self._natural[most] = self.text.natural_width(most - padding) if is_text else 0
        natural = self._natural[most]
        files = max((chip.sizeHint().width() for chip in self.files), default=0)
        return min(most, max(natural, files) + padding)

    def _bubble_height(self, width: int) -> int:
        inner = self._bubble_width(width) - 2 * SPACE.block
        height = self._above() + (SPACE.sm if self._part.is_last else 0)
        height += len(self.files) * (SIZE.attached + SPACE.xs)
        return height + (self.text.heightForWidth(inner) if self._turn.question else 0)

    def _has_branch(self) -> bool:
        return self._part.is_last and self._turn.question_branch.count > 1

    # ------------------------------------------------------------------ the steps

    def _button(self, icon: Icon, name: str) -> IconButton:
        return IconButton(
            self._desk.theme,
            icon,
            name,
            size=SIZE.toast_button,
            icon_size=SIZE.icon_xs,
            parent=self,
        )

    def _connect(self) -> None:
        desk = self._desk
        self.copy.clicked.connect(self._on_copy)
        self.edit.clicked.connect(lambda: desk.edit_begun.emit(self._turn.turn_id))
        self.branch.stepped.connect(
            lambda step: desk.branch_requested.emit(self._turn.turn_id, "question", step)
        )

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._turn.question)
        self.copy.set_icon(Icon.CHECK, Ink.TEXT)
        self.copy.rename(self.tr("Copied"))
        self._copied.start(MOTION.copied_shown_ms)

    def _on_copied_over(self) -> None:
        self.copy.set_icon(Icon.COPY, Ink.TEXT2)
        self.copy.rename(self.tr("Copy message"))

    def _on_theme_changed(self) -> None:
        self._natural.clear()
        self._place()
        self.updateGeometry()
