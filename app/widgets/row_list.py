"""A long list of rows of unlike heights, of which only those in sight have widgets.

For conversations of 10,000 messages. Heights are estimated until a row comes near; what is being
read never moves when rows above it change; the end is followed unless the reader scrolled up.
What the rows are is for who fills it to say (`app/widgets/rows.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget

from app.theme.theme import Theme
from app.theme.type_styles import Type
from app.widgets.focus_inside import FocusInside
from app.widgets.row_list_jump import JumpButton
from app.widgets.row_list_layout import RowLayout
from app.widgets.row_list_mark import show_mark
from app.widgets.row_list_selecting import Selecting
from app.widgets.row_list_travel import TabOrder, step_focus
from app.widgets.row_list_wheel import Glide
from app.widgets.rows import Row


class RowList(QAbstractScrollArea):
    """Rows in a column in the middle, and what it takes to read, select and reach them."""

    ACCESS_ROLE: ClassVar = QAccessible.Role.Grouping

    row_hovered = Signal(object)  # the key of the row under the pointer, or None

    def __init__(
        self, theme: Theme, name: str, parent: QWidget | None = None, *, grows: bool = True
    ) -> None:
        """One that does not grow is shown from its beginning, and offers no way to its end."""
        super().__init__(parent)
        self._theme = theme
        self._grows = grows
        self._hovered: object = None
        self._layout = RowLayout(self, self.rows_near)
        self._layout.place.follows = self._layout.place.may_follow = grows
        self._glide = Glide(theme, self.verticalScrollBar())
        self._selecting = Selecting(self, self._layout)
        self._tab_order = TabOrder(self, self._layout.live)
        self.jump = JumpButton(theme, self)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setFocusProxy(self)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(Type.READING.line_px)
        FocusInside(theme, self)
        self._connect()

    # ------------------------------------------------------------------ rows

    def rows(self) -> Sequence[Row]:
        """All rows, from the top."""
        return self._layout.rows

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show other rows, from their end, or from the beginning where they don't grow."""
        self._glide.stop()
        self._layout.place.follows = self._grows
        self._selecting.clear()
        self.replace(0, len(self._layout.rows), tuple(rows))
        if not self._grows:
            self._layout.scroll_to(0)

    def replace(self, first: int, count: int, rows: Sequence[Row]) -> None:
        """Put rows in the place of some; those of the same key keep their widgets."""
        self._selecting.on_replaced(first, self._layout.rows[first : first + count], rows)
        for index in self._layout.replace(first, count, rows):
            self._selecting.show_in(index)
        self._layout.fill()

    def column_px(self) -> int:
        """How wide the column is in which rows stand."""
        return self._layout.column_px()

    def view_at(self, index: int) -> QWidget | None:
        """A row's widget, if the row is in sight or near it."""
        return self._layout.live.at(index)

    def row_of(self, widget: QWidget | None) -> Row | None:
        """The row in which a widget is."""
        index = self._layout.live.index_of(widget)
        return None if index is None else self._layout.rows[index]

    def made(self, index: int) -> QWidget | None:
        """A row's widget, made where there was none; its row may be another after `rows_near`."""
        self.rows_near(index, index)
        self._layout.make(index)
        self._layout.fill()
        return self._layout.live.at(index)

    def refill(self) -> None:
        """Rows that were not ready for `rows_near` may be now."""
        self._layout.fill()

    def rows_near(self, first: int, last: int) -> None:
        """Called before rows come into sight: who fills the list may replace them."""

    def fill_menu(self, menu: QMenu, row: Row) -> None:
        """Called before the menu of a row opens: who fills the list may add to it."""

    # ------------------------------------------------------------------ where it is scrolled to

    def follows_end(self) -> bool:
        """Whether it stays at the end while that grows."""
        return self._layout.place.follows

    def go_to_end(self) -> None:
        """Show the end, and follow it where the list grows."""
        self._glide.stop()
        self._layout.place.follows = self._grows
        if not self._grows:
            self._layout.scroll_to(self.verticalScrollBar().maximum())
        self._layout.fill()

    def stay(self) -> None:
        """Follow the end no longer, until the reader goes there."""
        self._layout.place.follows = False

    def show_row(self, index: int, *, is_marked: bool = False) -> None:
        """Bring a row into sight; a mark fades on it."""
        self._glide.stop()
        view = self._layout.show_row(index)
        if is_marked and view is not None:
            show_mark(self._theme, view)

    def ensure_seen(self, widget: QWidget) -> None:
        """Scroll as little as it takes to see a part of a row whole, or its beginning."""
        self._glide.stop()
        self._layout.ensure_seen(widget)

    def row_at(self, y_px: int) -> int:
        """The row at a height of what is seen, or the nearest."""
        return self._layout.row_at(y_px)

    def scroll_by(self, distance_px: int) -> None:
        """Scroll at once."""
        self._layout.scroll_to(self._layout.value_px() + distance_px)

    # ------------------------------------------------------------------ selecting

    def has_selection(self) -> bool:
        """Whether there is something to copy."""
        return not self._selecting.is_empty

    def selected_text(self) -> str:
        """What is selected, in order."""
        return self._selecting.text()

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        self._selecting.copy()

    def select_all(self) -> None:
        """Select the text of all rows."""
        self._selecting.select_all()

    # ------------------------------------------------------------------ what Qt asks

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Lay the rows in sight out again; what is read stays in place."""
        super().resizeEvent(event)
        self.jump.stand_in(self.viewport().geometry())
        self._layout.measure_all()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802
        """The bar was moved: by the reader, or by the layout itself."""
        if not self._layout.is_filling:
            self._layout.scroll_to(self.verticalScrollBar().value())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Scroll."""
        self._glide.on_wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Scroll and select by the keyboard."""
        if not (self._scroll_key(event) or self._selecting.on_key(event)):
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to select."""
        self._selecting.on_press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select further."""
        self._selecting.on_move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Selected."""
        self._selecting.on_release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select a word."""
        self._selecting.on_double_click(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer to copy."""
        self._selecting.on_menu(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802
        """Tab goes from row to row, also to those that have no widgets yet."""
        return step_focus(self, self._layout.live, is_next=is_next)

    # ------------------------------------------------------------------ the steps

    def _connect(self) -> None:
        layout = self._layout
        layout.made.connect(self._on_made)
        layout.arranged.connect(self._on_arranged)
        layout.stage.hovered.connect(self._on_hovered)
        layout.stage.left.connect(lambda: self._hover(None))
        layout.stage.focus_orphaned.connect(self._on_focus_orphaned)
        self.jump.clicked.connect(self._on_jump)
        # When the views have other letters, at the end of this event.
        self._theme.changed.connect(lambda: QTimer.singleShot(0, layout, layout.measure_all))

    def _scroll_key(self, event: QKeyEvent) -> bool:
        page_px = self.viewport().height() - 2 * Type.READING.line_px
        line_px = self.verticalScrollBar().singleStep()
        steps = {
            Qt.Key.Key_PageUp: -page_px,
            Qt.Key.Key_PageDown: page_px,
            Qt.Key.Key_Up: -line_px,
            Qt.Key.Key_Down: line_px,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._glide.by(steps[key])
        elif key == Qt.Key.Key_Home:
            self._glide.stop()
            self._layout.scroll_to(0)
        elif key == Qt.Key.Key_End:
            self.go_to_end()
        else:
            return False
        return True

    def _on_made(self, index: int) -> None:
        self._selecting.show_in(index)
        self._tab_order.ask()

    def _on_arranged(self) -> None:
        bar = self.verticalScrollBar()
        is_below = bar.value() < bar.maximum()  # else the end is in sight already
        self.jump.offer(is_offered=self._grows and is_below and not self.follows_end())

    def _on_hovered(self, y_px: int) -> None:
        if self._layout.rows:
            index = self.row_at(y_px + self._layout.stage.y())
            view = self.view_at(index)
            is_below = view is not None and y_px > view.geometry().bottom()
            self._hover(None if is_below else self._layout.rows[index].key)

    def _hover(self, key: object) -> None:
        if key != self._hovered:
            self._hovered = key
            self.row_hovered.emit(key)

    def _on_jump(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.go_to_end()

    def _on_focus_orphaned(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
