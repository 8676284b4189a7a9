"""A short word on a soft ground, such as "Starter model"."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.theme.metrics import RADIUS, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of


class Chip(QLabel):
    """Plain text in accent on its soft ground."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font_of(Type.CAPTION_MEDIUM))
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """The words with their padding."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + 2 * SPACE.sm, Type.CAPTION.line_px + 2 * SPACE.tick)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground, then the words."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent_soft))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS.chip, RADIUS.chip)
        painter.setPen(QColor(tokens.accent))
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - SPACE.sm
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)
