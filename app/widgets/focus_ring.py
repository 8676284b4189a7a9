"""The ring around what has keyboard focus: 2 px, 2 px away, never clipped by its widget.

One ring a container, drawn above its children. It shows when focus came by the keyboard and
hides when it came by the mouse.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from shiboken6 import isValid

from app.theme.metrics import STROKE
from app.theme.theme import Theme

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_REACH = STROKE.ring + STROKE.ring_gap


class FocusRing(QWidget):
    """What is drawn; its parent is the container of the focused widget."""

    def __init__(self, theme: Theme, radius: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._radius = radius
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def surround(self, area: QRect) -> None:
        """Go around an area of the parent."""
        self.setGeometry(area.adjusted(-_REACH, -_REACH, _REACH, _REACH))
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.tokens.accent), float(STROKE.ring)))
        half = STROKE.ring / 2.0
        radius = self._radius + _REACH - half
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius
        )


class KeyboardFocus(QObject):
    """Watches one widget and shows a ring around it while the keyboard has it."""

    # Of the class: a widget that goes with its page is hidden, or loses the focus, when this has
    # lost what it had.
    _ring: FocusRing | None = None
    _widget: QWidget | None = None

    def __init__(self, theme: Theme, widget: QWidget, radius: int) -> None:
        super().__init__(widget)
        self._theme = theme
        self._widget = widget
        self._radius = radius
        self._followed: list[QWidget] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the focus and the widget's place; never swallows an event."""
        kind = event.type()
        if self._widget is None:
            return False
        if kind in (QEvent.Type.Move, QEvent.Type.Resize):
            if self._ring is not None:
                self._show()
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            if self._ring is not None and watched is self._widget:
                self._hide()
        elif (
            isinstance(event, QFocusEvent)
            and event.gotFocus()
            and event.reason() in _BY_KEYBOARD
            and watched is self._widget
        ):
            self._show()
        return False

    def _show(self) -> None:
        widget = self._widget
        assert widget is not None
        container = _container_of(widget)
        if self._ring is None:
            self._ring = FocusRing(self._theme, self._radius, container)
            self._follow(widget, container)
        corner = widget.mapTo(container, QPoint(0, 0))
        self._ring.surround(QRect(corner, widget.size()))

    def _hide(self) -> None:
        if self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None
            for parent in self._followed:
                if isValid(parent):
                    parent.removeEventFilter(self)
            self._followed = []

    def _follow(self, widget: QWidget, container: QWidget) -> None:
        """What stands between moves with the widget in it."""
        parent = widget.parentWidget()
        while parent is not None and parent is not container:
            parent.installEventFilter(self)
            self._followed.append(parent)
            parent = parent.parentWidget()


def _container_of(widget: QWidget) -> QWidget:
    """What scrolls with the widget, else its window: nearer parents would clip the ring."""
    child = widget
    while not child.isWindow() and (parent := child.parentWidget()) is not None:
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            return child
        child = parent
    return child
