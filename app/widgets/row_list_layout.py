"""Where the rows of a list stand, and which of them have widgets.

For `RowList`: makes the rows in sight at once, unless they take longer than a window may stand
still, and those nearby when there is time; measures what it made, and keeps what is being read in
its place.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.theme.metrics import SIZE, SPACE
from app.widgets.row_list_heights import Heights
from app.widgets.row_list_place import TOP_PX, ListPlace, end_px
from app.widgets.row_list_views import STAGE_PX, LiveViews, Stage, has_focus, measured_px
from app.widgets.rows import HeavyRow, Row

_SLICE_S = 0.008  # how long rows that are not in sight yet may be made at a time
# So long those in sight, and of so much weight in any case: a screen that people mean has no more,
# or takes less. Of the processor's time, so that a busy machine shows the same.
_SIGHT_S = 0.04
_SIGHT_ROWS = 24
_PATIENCE = 400  # rows made for one sight, whatever their heights turn out to be
_SETTLING_MS = 120


class RowLayout(QObject):
    """Rows, their heights, the place in them, and the widgets of those near it."""

    made = Signal(int)  # a row has a new widget
    arranged = Signal()

    def __init__(self, area: QAbstractScrollArea, near: Callable[[int, int], None]) -> None:
        """`near` is called before rows come into sight, and may replace them."""
        super().__init__(area)
        self.rows: list[Row] = []
        self.stage = Stage(area.viewport())
        self.live = LiveViews(self.stage)
        self.place = ListPlace()
        self.is_filling = False
        self._area = area
        self._near = near
        self._heights = Heights()
        self._origin_px = -STAGE_PX // 2  # the distance from the list's top to the stage's
        self._idle = QTimer(self)  # makes the rows just out of sight
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._on_idle)
        self._is_behind = False  # some in sight are still to be made
        self._has_made = False
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING_MS)
        self._settling.timeout.connect(self.measure_all)
        self.stage.layout_asked.connect(self._on_layout_asked)
        self.stage.show()

    def replace(self, first: int, count: int, rows: Sequence[Row]) -> list[int]:
        """Put rows in the place of some; which of them kept their widgets."""
        old = self.rows[first : first + count]
        self.rows[first : first + count] = rows
        heights_px = self._heights.part(first, len(old))
        known_px = {row.key: px - row.gap_px for row, px in zip(old, heights_px, strict=True)}
        column_px = self._column().width()
        guesses = [_guess_px(row, known_px.get(row.key), column_px) for row in rows]
        self._heights.splice(first, count, guesses)
        self.place.on_replaced(first, count, len(rows))
        changed = self.live.replace(first, old, rows)
        for index in changed:
            self._measure(index)
        self._has_made = self._has_made or bool(changed)
        return changed

    def measure_all(self) -> None:
        """Widgets may have other heights now, or the list another width."""
        self.stage.resize(self._area.viewport().width(), STAGE_PX)
        for index in self.live:
            self._measure(index)
        self.fill()

    def fill(self) -> None:
        """Make the rows in sight, put all in their places, and go on with those nearby.

        Of a sight that takes long the rest is made in steps, between which others have their turn.
        """
        if self.is_filling or not self._seen_px():
            return
        with self._filling():
            # A step is enough until the window has had its turn, whoever asks.
            if not self._is_behind:
                self._is_behind = not self._make_sight()
            self._drop_far(2 * self._seen_px())
            self._arrange()
        self._idle.start(0)

    def make(self, index: int) -> None:
        """Give a row its widget, if it has none."""
        if index not in self.live:
            self.live.make(index, self.rows[index])
            self._measure(index)
            self._has_made = True
            self.made.emit(index)

    # ------------------------------------------------------------------ places

    def column_px(self) -> int:
        """How wide the column is in which rows stand."""
        return self._column().width()

    def value_px(self) -> int:
        """How far down the list what is seen begins."""
        return self.place.value_px(self._heights, self._seen_px())

    def scroll_to(self, value_px: int) -> None:
        """What is seen begins there, as the reader wishes."""
        value_px = max(0, min(end_px(self._heights, self._seen_px()), value_px))
        self.place.go_to(value_px, self._heights, self._seen_px())
        self.fill()

    def row_at(self, y_px: int) -> int:
        """The row at a height of what is seen, or the nearest."""
        return self._heights.index_at(y_px + self.value_px() - TOP_PX)

    def show_row(self, index: int) -> QWidget | None:
        """Bring a row into sight, a little below the top; its widget."""
        self._near(index, index)
        row = self.rows[index]
        self.place.pin(index, -(self._seen_px() // 4))
        self.fill()  # rows above may have become more than one
        found = next((i for i in range(len(self.rows)) if self.rows[i] is row), -1)
        if self._is_behind and found >= 0 and found not in self.live:
            with self._filling():
                self.make(found)
                self._arrange()
        return self.live.at(found)

    def ensure_seen(self, widget: QWidget) -> None:
        """Scroll as little as it takes to see a part of a row whole, or its beginning."""
        top_px = widget.mapTo(self.stage, QPoint(0, 0)).y() + self._origin_px - SPACE.sm
        bottom_px = top_px + widget.height() + 2 * SPACE.sm
        value_px = self.value_px()
        if bottom_px > value_px + self._seen_px():
            value_px = bottom_px - self._seen_px()
        if top_px < value_px or widget.height() > self._seen_px():
            value_px = top_px
        if value_px != self.value_px():
            self.scroll_to(value_px)

    # ------------------------------------------------------------------ the steps

    @contextmanager
    def _filling(self) -> Iterator[None]:
        """What changes rows or the bar meanwhile is part of it, and begins nothing anew."""
        self.is_filling = True
        try:
            yield
        finally:
            self.is_filling = False

    def _seen_px(self) -> int:
        return self._area.viewport().height()

    def _column(self) -> QRect:
        """Where rows stand, in the middle of the list with its scroll bar."""
        whole, seen = self._area.width(), self._area.viewport().width()
        side = max(SPACE.sm, (whole - SIZE.composer) // 2)
        return QRect(side, 0, max(1, seen - side - max(0, side - (whole - seen))), 0)

    def _measure(self, index: int) -> None:
        row, view = self.rows[index], self.live.at(index)
        if view is not None:
            self._heights.set(
                index, row.gap_px + measured_px(view, _width_of(row, self._column().width()))
            )

    def _range(self, margin_px: int) -> tuple[int, int]:
        top_px = self.value_px() - TOP_PX - margin_px
        bottom_px = top_px + self._seen_px() + 2 * margin_px
        return self._heights.index_at(top_px), self._heights.index_at(bottom_px - 1)

    def _on_layout_asked(self) -> None:
        """A widget has another size; every new one asks too, though it was just measured."""
        if self._has_made:
            self._has_made = False
            if not self._settling.isActive():
                self._settling.start()
        else:
            self.measure_all()

    def _make_next(self, margin_px: int) -> Row | None:
        """Make one row of those near; None where all are there."""
        if not self.rows:
            return None
        self._near(*self._range(margin_px))
        first, last = self._range(margin_px)
        order = range(last, first - 1, -1) if self.place.follows else range(first, last + 1)
        for index in order:
            if index not in self.live:
                self.make(index)
                return self.rows[index]
        return None

    def _make_sight(self) -> bool:
        """Make the rows in sight; False where the time for it is over before."""
        end_s = time.thread_time() + _SIGHT_S
        weight = 0
        for _ in range(1, _PATIENCE):
            row = self._make_next(0)
            if row is None:
                break
            weight += row.weight if isinstance(row, HeavyRow) else 1
            if weight >= _SIGHT_ROWS and time.thread_time() >= end_s:
                return False
        return True

    def _on_idle(self) -> None:
        """Make rows within half a screen, as many as there is time for, and drop the rest."""
        if self._is_behind:
            self._is_behind = False
            self.fill()
            return
        end_s = time.perf_counter() + _SLICE_S
        margin_px = self._seen_px() // 2
        made = 0
        with self._filling():
            while self._make_next(margin_px) is not None:
                made += 1
                if time.perf_counter() >= end_s:
                    self._idle.start(0)
                    break
            if made:
                self._arrange()

    def _drop_far(self, margin_px: int) -> None:
        first, last = self._range(margin_px) if self.rows else (0, -1)
        for index in self.live:
            view = self.live.at(index)
            is_held = view is not None and (view is self.live.held or has_focus(view))
            if not first <= index <= last and not is_held:
                self.live.drop(index)

    def _arrange(self) -> None:
        """Give every widget its place, and the bar its range and value."""
        value_px = self.value_px()
        self._hold_stage_near(value_px)
        column = self._column()
        below, top_px = -1, 0
        for index in self.live:
            row, height_px = self.rows[index], self._heights[index]
            if index != below:
                top_px = TOP_PX + self._heights.top_px(index) - self._origin_px
            left, right = row.insets_px
            width = max(1, column.width() - left - right)
            y_px = max(0, min(STAGE_PX - 1, top_px + row.gap_px))
            area = QRect(column.x() + left, y_px, width, height_px - row.gap_px)
            self.live.place(index, area)
            below, top_px = index + 1, top_px + height_px
        bar = self._area.verticalScrollBar()
        bar.setPageStep(self._seen_px())
        bar.setRange(0, end_px(self._heights, self._seen_px()))
        bar.setValue(value_px)
        self.stage.move(0, self._origin_px - value_px)
        self.place.hold(value_px, self._heights)
        self.arranged.emit()

    def _hold_stage_near(self, value_px: int) -> None:
        margin_px = STAGE_PX // 8
        if not margin_px < value_px - self._origin_px < STAGE_PX - margin_px:
            down_px = self._origin_px - (value_px - STAGE_PX // 2)
            self._origin_px -= down_px
            self.live.move_all(down_px)


def _width_of(row: Row, column_px: int) -> int:
    return max(1, column_px - sum(row.insets_px))


def _guess_px(row: Row, known_px: int | None, column_px: int) -> int:
    guess_px = row.estimate_px(_width_of(row, column_px)) if known_px is None else known_px
    return row.gap_px + guess_px
