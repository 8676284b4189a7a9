"""A ring within the edge of what fills its place: a list or an area that scrolls by the keyboard.

`focus_ring` has the ring around controls; around an area it would lie on its neighbours.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from app.theme.metrics import RADIUS, SPACE
from app.theme.theme import Theme
from app.widgets.focus_ring import FocusRing

_BY_MOUSE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)


class FocusInside(QObject):
    """Shows the ring while the area itself has the keyboard, and not by a click."""

    # Of the class: an area that goes may lose the focus when this has lost what it had.
    _ring: FocusRing | None = None

    def __init__(self, theme: Theme, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self._theme = theme
        area.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the focus and the size; never swallows an event."""
        kind = event.type()
        if kind == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            if event.reason() not in _BY_MOUSE:
                self._surround()
        elif kind == QEvent.Type.FocusOut and self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None
        elif kind == QEvent.Type.Resize and self._ring is not None:
            self._surround()
        return False

    def _surround(self) -> None:
        if self._ring is None:
            self._ring = FocusRing(self._theme, RADIUS.control, self._area)
        inset = SPACE.xs + SPACE.tick
        self._ring.surround(self._area.rect().adjusted(inset, inset, -inset, -inset))
