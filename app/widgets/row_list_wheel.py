"""Scrolling that is smooth: a touchpad's pixels as they come, a wheel's steps in a short glide."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QScrollBar

from app.theme.metrics import MOTION
from app.theme.theme import Theme

_STEP = 120  # what a wheel's notch counts
_LINES = 3


class Glide(QObject):
    """Moves a scroll bar."""

    def __init__(self, theme: Theme, bar: QScrollBar) -> None:
        super().__init__(bar)
        self._theme = theme
        self._bar = bar
        self._rest = 0.0  # of a pixel, from wheels finer than a notch
        self._whole_px = 0  # of the glide under way, and how much of it was gone
        self._gone_px = 0
        self._glide = QVariantAnimation(self)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._on_moved)

    def stop(self) -> None:
        """Stay where it is."""
        self._glide.stop()
        self._whole_px = self._gone_px = 0

    def on_wheel(self, event: QWheelEvent) -> None:
        """Scroll as a wheel or a touchpad says."""
        pixels = event.pixelDelta().y()
        if pixels:
            self.stop()
            self._bar.setValue(self._bar.value() - pixels)
        else:
            self._rest -= event.angleDelta().y() / _STEP * _LINES * self._bar.singleStep()
            whole = int(self._rest)
            self._rest -= whole
            self.by(whole)
        event.accept()

    def by(self, distance_px: int) -> None:
        """Go on by a distance, on top of what is under way."""
        self._glide.stop()
        self._whole_px += distance_px - self._gone_px
        self._gone_px = 0
        duration_ms = self._theme.duration_ms(MOTION.scroll_ms)
        if duration_ms:
            self._glide.setDuration(duration_ms)
            self._glide.start()
        else:
            self._on_moved(1.0)

    def _on_moved(self, part: object) -> None:
        """By steps and not to places: rows above may change their height meanwhile."""
        if isinstance(part, float):
            step_px = round(self._whole_px * part) - self._gone_px
            self._gone_px += step_px
            if step_px:
                self._bar.setValue(self._bar.value() + step_px)
