"""Words that find too little room: what is shown of them, and the whole in a tooltip.

For: widgets that paint one line. The words may be anyone's, so a tooltip never reads markup in
them.
"""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QToolTip, QWidget

from app.widgets.one_line import in_short

MOST_TIP_CHARS = 300  # as much as a line of text has of anything: a tip is measured many times
_LINE_EDIT_PX = 2  # Qt's own margin at both sides of a line of text


def plain_tip(text: str) -> str:
    """A text as a tooltip shows it as it stands."""
    return f"<span>{html.escape(in_short(text, MOST_TIP_CHARS))}</span>" if text else ""


def is_cut(widget: QWidget, text: str, room_px: int) -> bool:
    """Whether one line in the widget's font needs more room: as it is painted, to the fraction of
    a pixel.
    """
    right = Qt.TextElideMode.ElideRight
    return widget.fontMetrics().elidedText(text, right, room_px + 1) != text


def tells_cut(event: QEvent, widget: QWidget, cut: Callable[[], str]) -> bool:
    """Answer the mouse that rests on a widget: `cut` says what of its words is not shown whole,
    "" for nothing. The tooltip that is set stands below.
    """
    if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
        return False
    text, tip = cut(), widget.toolTip()
    if not text or text in html.unescape(tip):
        return False
    more = "" if not tip else f"<br>{tip if tip.startswith('<span>') else html.escape(tip)}"
    QToolTip.showText(event.globalPos(), plain_tip(text) + more, widget)
    return True


def cut_placeholder(field: QLineEdit) -> str:
    """The placeholder of an empty field, where it has too little room."""
    option = QStyleOptionFrame()
    field.initStyleOption(option)
    area = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field)
    room = area.marginsRemoved(field.textMargins()).width() - 2 * _LINE_EDIT_PX
    words = "" if field.text() else field.placeholderText()
    return words if is_cut(field, words, room) else ""


def paint_cut(painter: QPainter, area: QRect, text: str) -> int:
    """Draw one line in the middle of an area, as much of it as fits; returns its width."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width() + 1)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)
