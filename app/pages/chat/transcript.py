"""The turns of a conversation, one under the other, in the reading column.

Follows a growing answer while its end is in sight; whoever scrolls up stays where they read. A
long conversation is shown from its end: what came before is added in slices, so that the window
goes on answering.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.pages.chat.messages import TurnView
from app.pages.chat.turns import Turn
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme

_FIRST_TURNS = 6  # more than a screen holds
_SLICE_S = 0.012
_SETTLING_MS = 500


class Transcript(QScrollArea):
    """A scrolling list of turns."""

    answer_now_requested = Signal()
    regenerate_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views: dict[int, TurnView] = {}
        self._order: list[int] = []
        self._earlier: list[Turn] = []  # not shown yet, the oldest first
        self._follows = True
        self._below_px = 0  # from what is seen to the end, while turns are added above
        self._slices = QTimer(self)
        self._slices.timeout.connect(self._on_slice)
        self._settling = QTimer(self)  # heights of the last slice come in several layouts
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING_MS)
        self.setAccessibleName(self.tr("Conversation"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._set_empty_content()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self._on_scrolled)

    def views(self) -> tuple[TurnView, ...]:
        """The turns on the screen, the oldest first."""
        return tuple(self._views[turn_id] for turn_id in self._order)

    def is_whole(self) -> bool:
        """Whether all turns are on the screen."""
        return not self._earlier

    def add(self, turn: Turn) -> None:
        """Show a new turn and go to it."""
        self._mark_last(False)
        self._column.insertWidget(self._column.count() - 1, self._new_view(turn))
        self._order.append(turn.turn_id)
        self._mark_last(True)
        self._follows = True

    def show_all(self, turns: Sequence[Turn]) -> None:
        """Show a conversation, its end at once and the rest by and by."""
        for turn in turns[-_FIRST_TURNS:]:
            self.add(turn)
        self._earlier = list(turns[:-_FIRST_TURNS])
        if self._earlier:
            self._slices.start(0)

    def show_from(self, turn_id: int, turns: Sequence[Turn]) -> None:
        """Show turns in the place of one and of all that followed it, or at the end where there
        is no such turn. The reader's place stays.
        """
        place = self.verticalScrollBar().value()
        below = self._order[self._order.index(turn_id) :] if turn_id in self._order else []
        for each in below:
            self.remove(each)
        for turn in turns:
            self.add(turn)
        self._follows = False
        self.verticalScrollBar().setValue(place)

    def view(self, turn_id: int) -> TurnView | None:
        """The view of a turn, if it is shown."""
        return self._views.get(turn_id)

    def remove(self, turn_id: int) -> None:
        """Take a turn away."""
        view = self._views.pop(turn_id, None)
        if view is not None:
            self._order.remove(turn_id)
            view.hide()
            self._column.removeWidget(view)
            view.deleteLater()
            self._mark_last(True)

    def clear(self) -> None:
        """Take all turns away."""
        self._slices.stop()
        self._settling.stop()
        self._earlier = []
        if self._order:
            self._views, self._order = {}, []
            content = self.takeWidget()
            content.hide()
            content.deleteLater()
            self._set_empty_content()
            self._place_column()
        self._follows = True

    def change(self, turn: Turn) -> None:
        """Show a turn as it is now."""
        view = self._views.get(turn.turn_id)
        if view is not None:
            view.show_turn(turn)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the column in the middle of the page, with or without a scroll bar."""
        super().resizeEvent(event)
        self._place_column()

    def _set_empty_content(self) -> None:
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setSpacing(SPACE.block)
        self._column.addStretch(1)
        self.setWidget(content)

    def _place_column(self) -> None:
        side = max(SPACE.sm, (self.width() - SIZE.composer) // 2)
        bar = self.width() - self.viewport().width()
        self._column.setContentsMargins(side, SPACE.xl, max(0, side - bar), SPACE.md)

    def _new_view(self, turn: Turn) -> TurnView:
        view = TurnView(self._theme, turn)
        self._views[turn.turn_id] = view
        view.answer.reasoning.answer_now_requested.connect(self.answer_now_requested)
        turn_id = turn.turn_id
        view.answer.foot.regenerate.clicked.connect(lambda: self.regenerate_requested.emit(turn_id))
        return view

    def _on_slice(self) -> None:
        """Add as many earlier turns above as a frame has time for."""
        if not self._earlier:
            self._slices.stop()
            self._settling.start()
        end_s = time.monotonic() + _SLICE_S
        while self._earlier and time.monotonic() < end_s:
            turn = self._earlier.pop()
            view = self._new_view(turn)
            view.answer.foot.set_last(False)
            self._column.insertWidget(0, view)
            self._order.insert(0, turn.turn_id)

    def _mark_last(self, is_last: bool) -> None:
        if self._order:
            self._views[self._order[-1]].answer.foot.set_last(is_last)

    def _on_range_changed(self, _low: int, high: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(high)
        elif self._slices.isActive() or self._settling.isActive():
            self.verticalScrollBar().setValue(high - self._below_px)

    def _on_scrolled(self, value: int) -> None:
        self._below_px = self.verticalScrollBar().maximum() - value
        self._follows = self._below_px <= SPACE.xxl
