"""Selecting in a list of rows by mouse and keyboard, and copying what is selected.

For `RowList`. A drag goes on over the edge, which scrolls; two clicks select a word, three a
paragraph, Shift and a click extend. What a text does with its own selection by the keyboard is
its own affair, and ends that of the list.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QTextEdit, QWidget

from app.widgets.row_list_layout import RowLayout
from app.widgets.row_list_selection import RowSelection, Spot
from app.widgets.row_list_words import paragraph_around, word_around
from app.widgets.rows import Row, SelectableView

if TYPE_CHECKING:
    from app.widgets.row_list import RowList

_SCROLL_MS = 16
_SCROLL_PART = 4  # of the distance beyond the edge, each time
_TRIPLE_PX = 8
_PRIMARY_ROWS = 400  # more are not put on the mouse's own clipboard
_PAGE_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Selecting(QObject):
    """Turns the hands' doings into a selection, and shows it in the views."""

    def __init__(self, area: RowList, layout: RowLayout) -> None:
        super().__init__(area)
        self._area = area
        self._live = layout.live
        self._rows = layout.rows
        self._selection = RowSelection()
        self._is_dragging = False
        self._point = QPoint()
        self._doubled_s = 0.0
        self._filtered: QWidget | None = None
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(_SCROLL_MS)
        self._scrolling.timeout.connect(self._on_scroll)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to copy."""
        return self._selection.is_empty

    def text(self) -> str:
        """What is selected, in order."""
        return self._selection.text(self._rows)

    def clear(self) -> None:
        """Select nothing."""
        self._selection.clear()
        self._show()

    def select_all(self) -> None:
        """Select everything."""
        self._selection.select_all()
        self._show()

    def copy(self) -> None:
        """Put the selection on the clipboard."""
        if not self.is_empty:
            QGuiApplication.clipboard().setText(self.text())

    def show_in(self, index: int) -> None:
        """Show in a row's view what of it is selected."""
        view: object = self._live.at(index)
        if isinstance(view, SelectableView):
            part = self._selection.part_of(index)
            if part is not None:
                view.select(*part)
            else:
                view.select(0, 0)

    def on_replaced(self, first: int, old: Sequence[Row], new: Sequence[Row]) -> None:
        """Follow a change of the rows."""
        self._selection.on_replaced(first, old, new)

    # ------------------------------------------------------------------ the mouse

    def on_press(self, event: QMouseEvent) -> None:
        """Begin, extend, or take the paragraph at the third click."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        point = event.position().toPoint()
        is_third = time.monotonic() - self._doubled_s < QApplication.doubleClickInterval() / 1000
        is_near = (point - self._point).manhattanLength() <= _TRIPLE_PX
        spot = self._spot_at(point)
        if spot is None:
            return
        self._point = point
        self._is_dragging = True
        self._live.held = self._live.at(spot.index)  # it gets the moves
        if is_third and is_near:
            self._select_around(spot, is_paragraph=True)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._selection.extend(spot)
        else:
            self._selection.begin(spot)
        self._show()
        event.accept()

    def on_move(self, event: QMouseEvent) -> None:
        """Reach to the pointer; beyond the edge, scroll."""
        if not self._is_dragging:
            return
        self._point = event.position().toPoint()
        self._reach()
        if self._beyond_px():
            if not self._scrolling.isActive():
                self._scrolling.start()
        else:
            self._scrolling.stop()

    def on_release(self, event: QMouseEvent) -> None:
        """Stay at what is selected."""
        if event.button() is Qt.MouseButton.LeftButton and self._is_dragging:
            self._is_dragging = False
            self._live.held = None
            self._scrolling.stop()
            self._offer_primary()

    def on_double_click(self, event: QMouseEvent) -> None:
        """Select the word."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._point = event.position().toPoint()
        self._doubled_s = time.monotonic()
        spot = self._spot_at(self._point)
        if spot is not None:
            self._select_around(spot, is_paragraph=False)
            self._show()
            self._offer_primary()

    def on_menu(self, event: QContextMenuEvent) -> None:
        """Copy and select all, and what the list's owner adds."""
        menu = QMenu(self._area)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy"))
        copy.setEnabled(not self.is_empty)
        copy.triggered.connect(self.copy)
        menu.addAction(self.tr("Select all")).triggered.connect(self.select_all)
        if self._rows:
            self._area.fill_menu(menu, self._rows[self._area.row_at(event.pos().y())])
        menu.popup(event.globalPos())

    # ------------------------------------------------------------------ the keyboard

    def on_key(self, event: QKeyEvent) -> bool:
        """Copy and select all; False for other keys."""
        if event.matches(QKeySequence.StandardKey.Copy) and not self.is_empty:
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        else:
            return False
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """See the keys of the text that has the focus before it does."""
        if not isinstance(event, QKeyEvent):
            return False
        is_press = event.type() == QEvent.Type.KeyPress
        if event.type() == QEvent.Type.ShortcutOverride and event.matches(
            QKeySequence.StandardKey.Copy
        ):
            event.accept()
            return not self.is_empty
        if not is_press:
            return False
        if event.key() in _PAGE_KEYS and not event.modifiers():
            self._area.keyPressEvent(event)
            return True
        is_own = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not event.text()
        if is_own and not self.is_empty:
            self._selection.clear()
            self._show(but_not=watched)
        return self.on_key(event)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._filtered is not None:
            self._filtered.removeEventFilter(self)
            self._filtered = None
        self._see_entered(old, new)
        if not isinstance(new, QTextEdit | QPlainTextEdit) or not new.isReadOnly():
            return
        if self._live.index_of(new) is not None:
            self._filtered = new
            new.installEventFilter(self)

    # ------------------------------------------------------------------ the steps

    def _see_entered(self, old: QWidget | None, new: QWidget | None) -> None:
        """Tab came in from beside the list, perhaps to a row just out of sight."""
        is_inside = new is not None and self._live.index_of(new) is not None
        is_outside = old is None or not self._area.isAncestorOf(old)
        is_pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if new is not None and is_inside and is_outside and not is_pressed:
            self._area.ensure_seen(new)

    def _spot_at(self, point: QPoint) -> Spot | None:
        """The place in the text that is nearest to a point of what is seen."""
        if not self._rows:
            return None
        area = self._area.viewport()
        y_px = max(0, min(area.height() - 1, point.y()))
        index = self._area.row_at(y_px)
        view = self._live.at(index)
        if view is None:
            return Spot(index, 0)
        inside = view.mapFrom(area, QPoint(point.x(), y_px))
        text: object = view
        return Spot(index, text.position_at(inside) if isinstance(text, SelectableView) else 0)

    def _select_around(self, spot: Spot, *, is_paragraph: bool) -> None:
        around = paragraph_around if is_paragraph else word_around
        start, end = around(self._rows[spot.index].text_between(0, None), spot.position)
        self._selection.begin(Spot(spot.index, start))
        self._selection.extend(Spot(spot.index, end))

    def _reach(self) -> None:
        spot = self._spot_at(self._point)
        if spot is not None:
            self._selection.extend(spot)
            self._show()

    def _beyond_px(self) -> int:
        """How far the pointer is above or below what is seen."""
        y_px, height = self._point.y(), self._area.viewport().height()
        return min(0, y_px) + max(0, y_px - height + 1)

    def _on_scroll(self) -> None:
        beyond_px = self._beyond_px()
        step_px = beyond_px // _SCROLL_PART or (1 if beyond_px > 0 else -1)
        self._area.scroll_by(step_px)
        self._reach()

    def _show(self, but_not: QObject | None = None) -> None:
        for index in self._live:
            if self._live.at(index) is not but_not:
                self.show_in(index)

    def _offer_primary(self) -> None:
        """X11's other clipboard takes what was selected with the mouse."""
        clipboard = QGuiApplication.clipboard()
        is_short = self._selection.count_of(len(self._rows)) <= _PRIMARY_ROWS
        if clipboard.supportsSelection() and is_short and not self.is_empty:
            clipboard.setText(self.text(), QClipboard.Mode.Selection)
