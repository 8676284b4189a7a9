"""A line across the column."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme


class RuleView(QWidget):
    """A hairline; it has no text."""

    ACCESS_ROLE: ClassVar = QAccessible.Role.Separator

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(self.tr("Line"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """A hairline with a little room around it."""
        return QSize(SIZE.column, rule_px())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the line."""
        painter = QPainter(self)
        colour = QColor(self._theme.tokens.line)
        painter.fillRect(0, self.height() // 2, self.width(), SPACE.hair, colour)


def rule_px() -> int:
    """How tall a line across is."""
    return 2 * SPACE.xs + SPACE.hair
