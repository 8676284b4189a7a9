"""What the program is, in two sentences under its icon.

For: an empty chat, and the first page that a new user sees.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.theme.assets import asset
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.label import Label


class Logo(QWidget):
    """The program's icon, sharp at any scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = QSvgRenderer(str(asset("icons", "pitcher.svg")), self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """A square."""
        return QSize(SIZE.logo, SIZE.logo)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        self._drawing.render(QPainter(self), QRectF(0, 0, SIZE.logo, SIZE.logo))


class Promise(QWidget):
    """The icon, what is promised, and how it is kept."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        promise = self.tr("A private assistant that stays on this computer")
        facts = self.tr(
            "Pitcher runs the model here, on your own processor. No account, no server."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.lg)
        column.addWidget(Logo())
        column.addSpacing(SPACE.sm)
        column.addWidget(Label(theme, promise, Type.DISPLAY, wrap=True))
        column.addWidget(Label(theme, facts, Type.READING, Ink.TEXT2, wrap=True))
