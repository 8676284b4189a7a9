"""Painted grounds: a flat one with an edge line, and a card with rounded corners."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.theme.metrics import RADIUS, STROKE
from app.theme.theme import Theme


class Ground(StrEnum):
    """The grounds a panel may have, by the role's name in `Tokens`."""

    WINDOW = "window"
    SURFACE = "surface"
    RAISED = "raised"
    OK_SOFT = "ok_soft"
    BAD_SOFT = "bad_soft"
    SUNKEN = "sunken"


class Edge(StrEnum):
    """Which side of a flat panel has a hairline."""

    NONE = "none"
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"


class Panel(QWidget):
    """A flat ground that fills the widget, with a hairline on one side."""

    def __init__(
        self, theme: Theme, ground: Ground, edge: Edge = Edge.NONE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ground = ground
        self._edge = edge
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Fill, then draw the line."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        area = self.rect()
        painter.fillRect(area, QColor(getattr(tokens, self._ground.value)))
        painter.setPen(QColor(tokens.line))
        if self._edge is Edge.TOP:
            painter.drawLine(area.topLeft(), area.topRight())
        elif self._edge is Edge.RIGHT:
            painter.drawLine(area.topRight(), area.bottomRight())
        elif self._edge is Edge.BOTTOM:
            painter.drawLine(area.bottomLeft(), area.bottomRight())


class Card(QWidget):
    """A ground with rounded corners, with or without an outline."""

    def __init__(
        self,
        theme: Theme,
        ground: Ground,
        radius: int = RADIUS.card,
        *,
        outlined: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ground = ground
        self._radius = radius
        self._outlined = outlined
        theme.changed.connect(self.update)

    def set_ground(self, ground: Ground) -> None:
        """Have another ground."""
        self._ground = ground
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(getattr(tokens, self._ground.value)))
        line = tokens.line if self._outlined else getattr(tokens, self._ground.value)
        painter.setPen(QPen(QColor(line), STROKE.hairline))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, self._radius, self._radius)
