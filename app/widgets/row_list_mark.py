"""A mark on a row that was searched for, which fades."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEasingCurve, QRect, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme.metrics import MOTION, RADIUS
from app.theme.theme import Theme


@runtime_checkable
class MarkedView(Protocol):
    """A view of which only a part is marked."""

    def marked_area(self) -> QRect:
        """That part, in the view's coordinates."""
        ...


class RowMark(QWidget):
    """A ground under a view's text, as wide as the view, for a moment."""

    def __init__(self, theme: Theme, view: QWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._strength = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        marked: object = view
        self.setGeometry(marked.marked_area() if isinstance(marked, MarkedView) else view.rect())
        self.lower()
        self.show()
        fade = QVariantAnimation(self)
        fade.setStartValue(1.0)
        fade.setEndValue(1.0 if theme.reduced_motion else 0.0)
        fade.setDuration(MOTION.mark_shown_ms)
        fade.setEasingCurve(QEasingCurve.Type.InQuad)
        fade.valueChanged.connect(self._on_faded)
        fade.finished.connect(self.deleteLater)
        fade.start()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._strength)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.mark))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS.chip, RADIUS.chip)

    def _on_faded(self, strength: object) -> None:
        if isinstance(strength, float):
            self._strength = strength
            self.update()


def show_mark(theme: Theme, view: QWidget) -> None:
    """Mark a view for a moment."""
    RowMark(theme, view)
