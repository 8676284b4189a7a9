"""Three pebbles that rise in turn: something is going on. Still where motion is reduced."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.metrics import MOTION, SIZE
from app.theme.theme import Theme

_COUNT = 3
_REST_RADIUS = 1.9  # of the pebble at rest, in pixels; it grows as it rises
_GROWTH = 0.9
_RISE = 2.2
_REST_ALPHA = 0.45
AT_REST = 1.0 / _COUNT  # the phase in which they stand still


def paint_pebbles(painter: QPainter, area: QRectF, colour: str, phase: float = AT_REST) -> None:
    """Draw the three in an area, each at its point of the wave."""
    painter.setPen(Qt.PenStyle.NoPen)
    step = area.width() / _COUNT
    for number in range(_COUNT):
        lift = _lift(phase - number / _COUNT)
        shade = QColor(colour)
        shade.setAlphaF(_REST_ALPHA + (1.0 - _REST_ALPHA) * lift)
        painter.setBrush(shade)
        radius = _REST_RADIUS + _GROWTH * lift
        x = area.left() + (number + 0.5) * step
        painter.drawEllipse(QPointF(x, area.center().y() + 1.0 - _RISE * lift), radius, radius)


class Pebbles(QWidget):
    """Animated while visible."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._phase = AT_REST
        self._wave = QVariantAnimation(self)
        self._wave.setStartValue(0.0)
        self._wave.setEndValue(1.0)
        self._wave.setDuration(MOTION.pebbles_ms)
        self._wave.setLoopCount(-1)
        self._wave.valueChanged.connect(self._on_wave)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self._on_theme_changed)

    def is_moving(self) -> bool:
        """Whether the animation runs."""
        return self._wave.state() == QVariantAnimation.State.Running

    def sizeHint(self) -> QSize:  # noqa: N802
        """A small square."""
        return QSize(SIZE.pebbles, SIZE.pebbles)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Start moving, if motion is wanted."""
        super().showEvent(event)
        self._move_or_rest()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Stop: nothing runs unseen."""
        super().hideEvent(event)
        self._wave.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the three, each at its point of the wave."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_pebbles(painter, QRectF(self.rect()), self._theme.tokens.accent, self._phase)

    def _on_theme_changed(self) -> None:
        self._move_or_rest()
        self.update()

    def _move_or_rest(self) -> None:
        must_move = self.isVisible() and not self._theme.reduced_motion
        if must_move and not self.is_moving():
            self._wave.start()
        elif not must_move:
            self._wave.stop()

    def _on_wave(self, phase: object) -> None:
        if isinstance(phase, float):
            self._phase = phase
            self.update()


def _lift(phase: float) -> float:
    """How far a pebble has risen, 0 to 1, at a phase of the wave."""
    return max(0.0, math.cos(2.0 * math.pi * phase))
