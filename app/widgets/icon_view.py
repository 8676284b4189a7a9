"""An icon that is only looked at."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.icons import Icon
from app.theme.metrics import Growing
from app.theme.theme import Theme
from app.theme.tokens import Ink


class IconView(QWidget):
    """One icon; the words beside it carry its meaning."""

    def __init__(
        self, theme: Theme, icon: Icon, ink: Ink, size: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._ink = ink
        self._size = Growing(size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_icon(self, icon: Icon) -> None:
        """Show another icon."""
        self._icon = icon
        self.update()

    def set_ink(self, ink: Ink) -> None:
        """Show it in another colour's role."""
        self._ink = ink
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """The icon's square."""
        return QSize(self._size.px, self._size.px)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the icon."""
        painter = QPainter(self)
        place = QRectF(0.0, 0.0, self._size.px, self._size.px)
        self._theme.icons.paint(painter, self._icon, place, self._theme.tokens.ink(self._ink))
