"""Tab through the controls of a list's rows, in the order in which they are seen.

For `RowList`. Rows out of sight have no widgets, so that Qt's own order ends at the edge: here the
next rows are made when the focus gets there, and the order of those made is told to Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.widgets.row_list_views import LiveViews

if TYPE_CHECKING:
    from app.widgets.row_list import RowList

_FAR = 200  # rows without any control that are passed over in one step


def step_focus(area: RowList, live: LiveViews, *, is_next: bool) -> bool:
    """Give the focus to the next control, or the one before; after the last it leaves."""
    here = QApplication.focusWidget()
    index = live.index_of(here) if here is not area else None
    if here is None or index is None:
        if not is_next or (here is not area and here is not None):
            return _leave(area, is_next=is_next)
        index = area.row_at(0) - 1
    else:
        area.ensure_seen(here)
        index = live.index_of(here) or 0
        beside = _beside(live.at(index), here, is_next=is_next)
        if beside is not None:
            return _take(area, beside, is_next=is_next)
    found = _beyond(area, index, is_next=is_next)
    if found is not None:
        return _take(area, found, is_next=is_next)
    if not is_next and here is not area:
        area.setFocus(Qt.FocusReason.BacktabFocusReason)
        return True
    return _leave(area, is_next=is_next)


class TabOrder(QObject):
    """Tells Qt, when there is time, where the controls of new views stand in the order of Tab.

    Within the list `step_focus` knows; this is for whoever comes from beside it.
    """

    def __init__(self, area: QWidget, live: LiveViews) -> None:
        super().__init__(area)
        self._area = area
        self._live = live
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)

    def ask(self) -> None:
        """There are new views: quick for those that are shown, and slow before."""
        self._timer.start(0)

    def _on_time(self) -> None:
        before = self._area
        for index in self._live:
            for stop in _stops(self._live.at(index)):
                if before.nextInFocusChain() is not stop:
                    QWidget.setTabOrder(before, stop)
                before = stop


def _beside(view: QWidget | None, here: QWidget, *, is_next: bool) -> QWidget | None:
    """The next control in the same row."""
    stops = [stop for stop in _stops(view) if _is_open(stop) or stop is here]
    if here not in stops:
        return None
    at = stops.index(here) + (1 if is_next else -1)
    return stops[at] if 0 <= at < len(stops) else None


def _beyond(area: RowList, index: int, *, is_next: bool) -> QWidget | None:
    """The first control of the rows after, or the last of those before."""
    for _far in range(_FAR):
        count = len(area.rows())
        index += 1 if is_next else -1
        if not 0 <= index < count:
            return None
        if not is_next:
            area.rows_near(index, index)
            index += len(area.rows()) - count
        view = area.made(index)
        stops = [stop for stop in _stops(view) if _is_open(stop)]
        if stops:
            return stops[0 if is_next else -1]
    return None


def _stops(view: QWidget | None) -> list[QWidget]:
    """What takes the focus by Tab in a view, the view too, in the order of its making."""
    if view is None:
        return []
    return [each for each in (view, *view.findChildren(QWidget)) if _takes_tab(each)]


def _takes_tab(widget: QWidget) -> bool:
    wants = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(wants) and widget.focusProxy() is None


def _is_open(widget: QWidget) -> bool:
    return widget.isEnabled() and widget.isVisible()


def _take(area: RowList, widget: QWidget, *, is_next: bool) -> bool:
    area.ensure_seen(widget)
    reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
    widget.setFocus(reason)
    return True


def _leave(area: RowList, *, is_next: bool) -> bool:
    """To what comes after the list, or before it."""
    other = _in_chain(area, is_next=is_next)
    while other is not None and other is not area:
        if not _is_part(area, other) and _takes_tab(other) and _is_open(other):
            reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
            other.setFocus(reason)
            return True
        other = _in_chain(other, is_next=is_next)
    return False


def _in_chain(widget: QWidget, *, is_next: bool) -> QWidget | None:
    return widget.nextInFocusChain() if is_next else widget.previousInFocusChain()


def _is_part(area: RowList, widget: QWidget) -> bool:
    """Whether a widget is part of the list's rows; its button for the end is not."""
    return area.viewport().isAncestorOf(widget) or widget is area.viewport()
