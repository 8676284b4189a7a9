"""A short word on a soft ground, such as "Starter model"."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.cut_words import is_cut, paint_cut, tells_cut


class Chip(QLabel):
    """Plain text in an ink that has a soft ground: accent, ok, warn or bad."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ink = Ink.ACCENT
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font_of(Type.CAPTION_MEDIUM))
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def say(self, text: str, ink: Ink = Ink.ACCENT) -> None:
        """Another word, in another ink; it is not shown where there is none."""
        self._ink = ink
        self.setText(text)
        self.setVisible(bool(text))
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        """The words with their padding."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + 2 * SPACE.sm, Type.CAPTION.line_px + 2 * SPACE.tick)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A few letters."""
        return QSize(SIZE.icon_xs + 2 * SPACE.sm, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """A word that is cut is said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground, then the words."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(tokens, f"{self._ink.value}_soft")))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS.chip, RADIUS.chip)
        painter.setPen(QColor(tokens.ink(self._ink)))
        side = SPACE.sm if not self._is_cut() else SPACE.xs
        paint_cut(painter, self.rect().adjusted(side, 0, -side, 0), self.text())

    def _cut_words(self) -> str:
        return self.text() if self._is_cut() else ""

    def _is_cut(self) -> bool:
        return is_cut(self, self.text(), self.width() - 2 * SPACE.sm)
