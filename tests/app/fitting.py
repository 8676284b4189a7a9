"""Whether what a window shows fits: words in their rooms, widgets in their parents, no two in one
place. Says what does not, one sentence each.

For: `test_window_fits`, which brings the window's states. Words may be cut only where all of them
can be had: in a tooltip. What is scrolled is judged whole.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLayout,
    QLineEdit,
    QScrollArea,
    QToolTip,
    QWidget,
)

from app.theme.depth import shadow_margin
from app.theme.metrics import DEPTH
from app.widgets.cut_words import cut_placeholder
from app.widgets.row_list_jump import JumpButton
from app.widgets.toast import Toast
from tests.app.painted import Mark, Painting

_SLACK_PX = 1.01  # a pixel that rounding may take
_MOST_NAMES = 4
_SHADOWED = (JumpButton, Toast)  # what is out of its parent may be its shadow


def faults(root: QWidget) -> list[str]:
    """What does not fit in a window, a dialog, a menu, and in all that can be scrolled in it."""
    found = [*_faults_of(root)]
    for area in root.findChildren(QScrollArea):
        content = area.widget()
        is_scrolled = content is not None and content.height() > area.viewport().height()
        if area.isVisible() and is_scrolled:
            found += _faults_of(content)
    return list(dict.fromkeys(found))


def _faults_of(root: QWidget) -> Iterator[str]:
    painting = Painting().paint(root)
    for mark in painting.marks:
        yield from _words_out_of_room(root, mark)
        yield from _words_cut(root, mark)
    yield from _marks_on_marks(painting.marks)
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisible() and widget.window() is root.window():
            yield from _out_of_parent(widget)
            yield from _on_neighbours(widget)
            yield from _field_cut(widget)
            yield from _of_qt_cut(widget)


# ---------------------------------------------------------------------- words


def _words_out_of_room(root: QWidget, mark: Mark) -> Iterator[str]:
    room, covered = mark.room, mark.covered
    if not mark.text:
        return
    if covered.width() > room.width() + _SLACK_PX:
        yield (
            f"{_name(mark.widget)}: “{mark.text}” is {covered.width():.0f} px wide "
            f"and has {room.width():.0f}"
        )
    if covered.height() > room.height() + _SLACK_PX:
        yield (
            f"{_name(mark.widget)}: “{mark.text}” is {covered.height():.0f} px high "
            f"and has {room.height():.0f}"
        )
    across = QRectF(mark.widget.rect()).translated(mark.widget.mapTo(root, QPoint()))
    if covered.left() < across.left() - _SLACK_PX or covered.right() > across.right() + _SLACK_PX:
        yield f"{_name(mark.widget)}: “{mark.text}” leaves its widget"


def _words_cut(root: QWidget, mark: Mark) -> Iterator[str]:
    if mark.text != mark.whole and mark.whole not in _told(root, mark):
        yield f"{_name(mark.widget)}: of “{mark.whole}” is shown “{mark.text}”, with no tooltip"


def _told(root: QWidget, mark: Mark) -> str:
    """What a tooltip says where the words stand."""
    at = mark.widget.mapFrom(root, mark.covered.center().toPoint())
    return tooltip_at(mark.widget, at)


def tooltip_at(widget: QWidget, at: QPoint) -> str:
    """What is said where the mouse rests, without its markup."""
    where = widget.mapToGlobal(at)
    while widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents):
        widget = widget.parentWidget()
    QApplication.sendEvent(
        widget, QHelpEvent(QEvent.Type.ToolTip, widget.mapFromGlobal(where), where)
    )
    tip = QToolTip.text()
    _forget_tooltip()
    return html.unescape(re.sub(r"<[^>]*>", "", tip))


def _forget_tooltip() -> None:
    """At once: Qt's label stays a while, and would be styled after the widget that it is of."""
    QToolTip.hideText()
    for widget in QApplication.topLevelWidgets():
        if widget.inherits("QTipLabel"):
            widget.deleteLater()
            QApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)


def _marks_on_marks(marks: list[Mark]) -> Iterator[str]:
    """Within one widget; between widgets their places say it."""
    for one, other in combinations(marks, 2):
        if one.widget is other.widget and (one.text or other.text):
            both = one.covered.intersected(other.covered)
            if min(both.width(), both.height()) > _SLACK_PX:
                yield f"{_name(one.widget)}: “{one.text}” and “{other.text}” lie on one another"


def _field_cut(widget: QWidget) -> Iterator[str]:
    if not isinstance(widget, QLineEdit):
        return
    words = cut_placeholder(widget)
    if words and words not in tooltip_at(widget, widget.rect().center()):
        yield f"{_name(widget)}: “{words}” is cut, with no tooltip"


def _of_qt_cut(widget: QWidget) -> Iterator[str]:
    """Buttons and labels that Qt paints itself, as in its file dialog."""
    if not isinstance(widget, QAbstractButton | QLabel) or not _is_of_qt(widget):
        return
    if isinstance(widget, QLabel) and widget.wordWrap():
        return
    if widget.text() and widget.sizeHint().width() > widget.width() + _SLACK_PX:
        yield f"{_name(widget)}: “{widget.text()}” has {widget.width()} px"


def _is_of_qt(widget: QWidget) -> bool:
    return type(widget).__module__.startswith("PySide6.")


# ---------------------------------------------------------------------- places


def _out_of_parent(widget: QWidget) -> Iterator[str]:
    parent = widget.parentWidget()
    if parent is None or widget.isWindow():
        return
    shadow = shadow_margin(DEPTH.popover) if isinstance(widget, _SHADOWED) else 0
    place, room = widget.geometry(), parent.rect().adjusted(-shadow, -shadow, shadow, shadow)
    if place.isEmpty():
        return
    can_go = _scrolls(parent)
    is_out_across = place.left() < room.left() or place.right() > room.right()
    if is_out_across and not can_go & Qt.Orientation.Horizontal:
        yield f"{_name(widget)}: from {place.left()} to {place.right()} of {parent.width()} px"
    is_out_down = place.top() < room.top() or place.bottom() > room.bottom()
    if is_out_down and not can_go & Qt.Orientation.Vertical:
        yield f"{_name(widget)}: down from {place.top()} to {place.bottom()} of {parent.height()}"


def _scrolls(parent: QWidget) -> Qt.Orientation:
    """In which directions what lies in it can be scrolled to."""
    area = parent.parentWidget()
    found = Qt.Orientation(0)
    if not isinstance(area, QAbstractScrollArea) or area.viewport() is not parent:
        return found
    never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if area.horizontalScrollBarPolicy() != never:
        found |= Qt.Orientation.Horizontal
    if area.verticalScrollBarPolicy() != never:
        found |= Qt.Orientation.Vertical
    return found


def _on_neighbours(parent: QWidget) -> Iterator[str]:
    placed = [each for each in _laid_out(parent) if each.isVisible()]
    for one, other in combinations(placed, 2):
        if not one.geometry().intersected(other.geometry()).isEmpty():
            yield f"{_name(one)} and {_name(other)} lie on one another"


def _laid_out(parent: QWidget) -> list[QWidget]:
    """What its layouts place; not what floats above it.

    Their items are not asked for: what PySide holds of an item outlives it, and crashed later,
    where another object had come to lie there.
    """
    layout = parent.layout()
    layouts = [] if layout is None else [layout, *layout.findChildren(QLayout)]
    children = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [each for each in children if any(one.indexOf(each) >= 0 for one in layouts)]


def _name(widget: QWidget) -> str:
    """Where it stands, from the nearest named class of ours."""
    names = []
    one: QWidget | None = widget
    while one is not None and len(names) < _MOST_NAMES:
        if type(one).__module__.startswith("app."):
            names.append(type(one).__name__)
        one = one.parentWidget()
    return ".".join(reversed(names)) or type(widget).__name__
