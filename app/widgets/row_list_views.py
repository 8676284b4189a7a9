"""The widgets of a list's rows that are in sight, or near it.

For `RowList`: makes them, measures them, hands them on to changed rows, and lets them go. Which
rows are near is the list's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QHoverEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.widgets.focus_ring import FocusRing
from app.widgets.rows import Row

STAGE_PX = 1_000_000  # a widget may be 16 million pixels tall, a long conversation is taller
_POINTED = (QEvent.Type.HoverEnter, QEvent.Type.HoverMove)


class Stage(QWidget):
    """What scrolls: the parent of all views, tall enough to hold those near each other."""

    ACCESS_ROLE: ClassVar = QAccessible.Role.Client

    layout_asked = Signal()  # a view has another size now
    hovered = Signal(int)  # the pointer's height in the stage
    left = Signal()
    focus_orphaned = Signal()  # the view that has the focus is about to go

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def parts_in_order(self) -> list[QWidget]:
        """The views, and what lies over them, from the top down."""
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        return sorted(self.findChildren(QWidget, options=direct), key=QWidget.y)

    def event(self, event: QEvent) -> bool:
        """Tell what concerns the list."""
        kind = event.type()
        if kind == QEvent.Type.LayoutRequest:
            self.layout_asked.emit()
        elif kind in _POINTED and isinstance(event, QHoverEvent):
            self.hovered.emit(int(event.position().y()))
        elif kind == QEvent.Type.HoverLeave:
            self.left.emit()
        return super().event(event)


class LiveViews:
    """The views by the index of their rows."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._views: dict[int, QWidget] = {}
        self.held: QWidget | None = None  # must stay, though it may be out of sight

    def __contains__(self, index: int) -> bool:
        return index in self._views

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._views))

    def at(self, index: int) -> QWidget | None:
        """The view of a row, if there is one."""
        return self._views.get(index)

    def index_of(self, widget: QWidget | None) -> int | None:
        """The row whose view a widget is, or is part of."""
        while widget is not None and widget.parentWidget() is not self._stage:
            widget = widget.parentWidget()
        for index, view in self._views.items():
            if view is widget:
                return index
        return None

    def make(self, index: int, row: Row) -> QWidget:
        """A row's view, new, and without a place yet."""
        view = row.make_view()
        view.setParent(self._stage)
        view.ensurePolished()  # the stylesheet has its say before it is measured
        self._views[index] = view
        return view

    def drop(self, index: int) -> None:
        """Let a view go."""
        self._let_go(self._views.pop(index))

    def replace(self, first: int, old: Sequence[Row], new: Sequence[Row]) -> list[int]:
        """Follow the list's change; views of the same key stay. The rows that are shown anew."""
        count = len(old)
        shift = len(new) - count
        hit = {i: v for i, v in self._views.items() if first <= i < first + count}
        self._views = {
            (i + shift if i >= first + count else i): v
            for i, v in self._views.items()
            if i not in hit
        }
        changed = []
        places = {row.key: number for number, row in enumerate(new)} if hit else {}
        for index, view in hit.items():
            number = places.get(old[index - first].key)
            if number is not None and new[number].show_in(view):
                self._views[first + number] = view
                changed.append(first + number)
            else:
                self._let_go(view)
        return changed

    def place(self, index: int, area: QRect) -> None:
        """Put a view into its place on the stage, with the focus ring that may be in it."""
        view = self._views[index]
        if view.geometry() == area and not view.isHidden():
            return
        rings = self._rings() if has_focus(view) and not view.isHidden() else {}
        moved = area.topLeft() - view.pos()
        view.setGeometry(area)
        view.show()
        for ring, place in rings.items():
            if ring.pos() == place:  # else what it surrounds moved in its view, and told it
                ring.move(place + moved)

    def move_all(self, down_px: int) -> None:
        """The stage's beginning is another one: everything on it moves."""
        for child in self._stage.findChildren(
            QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            child.move(child.x(), child.y() + down_px)

    def _rings(self) -> dict[QWidget, QPoint]:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        return {ring: ring.pos() for ring in self._stage.findChildren(FocusRing, options=direct)}

    def _let_go(self, view: QWidget) -> None:
        if has_focus(view):
            self._stage.focus_orphaned.emit()
        view.hide()
        view.deleteLater()


def has_focus(view: QWidget) -> bool:
    """Whether a view, or a part of it, has the keyboard."""
    focused = QApplication.focusWidget()
    return focused is not None and (focused is view or view.isAncestorOf(focused))


def measured_px(view: QWidget, width: int) -> int:
    """How tall a view is at a width."""
    if view.width() != width:
        view.resize(width, view.height())
    height = view.heightForWidth(width)
    return height if height >= 0 else view.sizeHint().height()
