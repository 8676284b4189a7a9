"""The turns of a conversation, one under the other, in the reading column.

Follows a growing answer while its end is in sight; whoever scrolls up stays where they read.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.pages.chat.messages import TurnView
from app.pages.chat.turns import Turn
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme


class Transcript(QScrollArea):
    """A scrolling list of turns."""

    answer_now_requested = Signal()
    regenerate_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views: dict[int, TurnView] = {}
        self._follows = True
        self.setAccessibleName(self.tr("Conversation"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setSpacing(SPACE.block)
        self._column.addStretch(1)
        self.setWidget(content)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self._on_scrolled)

    def views(self) -> tuple[TurnView, ...]:
        """The turns on the screen, the oldest first."""
        return tuple(self._views.values())

    def add(self, turn: Turn) -> None:
        """Show a new turn and go to it."""
        self._mark_last(False)
        view = TurnView(self._theme, turn)
        self._views[turn.turn_id] = view
        view.answer.reasoning.answer_now_requested.connect(self.answer_now_requested)
        turn_id = turn.turn_id
        view.answer.foot.regenerate.clicked.connect(lambda: self.regenerate_requested.emit(turn_id))
        self._column.insertWidget(self._column.count() - 1, view)
        self._mark_last(True)
        self._follows = True

    def view(self, turn_id: int) -> TurnView | None:
        """The view of a turn, if it is shown."""
        return self._views.get(turn_id)

    def remove(self, turn_id: int) -> None:
        """Take a turn away."""
        view = self._views.pop(turn_id, None)
        if view is not None:
            view.hide()
            self._column.removeWidget(view)
            view.deleteLater()
            self._mark_last(True)

    def clear(self) -> None:
        """Take all turns away."""
        for turn_id in tuple(self._views):
            self.remove(turn_id)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the column in the middle of the page, with or without a scroll bar."""
        super().resizeEvent(event)
        side = max(SPACE.sm, (self.width() - SIZE.composer) // 2)
        bar = self.width() - self.viewport().width()
        self._column.setContentsMargins(side, SPACE.xl, max(0, side - bar), SPACE.md)

    def _mark_last(self, is_last: bool) -> None:
        if self._views:
            list(self._views.values())[-1].answer.foot.set_last(is_last)

    def _on_range_changed(self, _low: int, high: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(high)

    def _on_scrolled(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - SPACE.xxl
