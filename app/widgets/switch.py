"""A switch: on or off, at once. A checkable button that is painted as one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.theme.metrics import SIZE, STROKE
from app.theme.theme import Theme
from app.widgets.focus_ring import KeyboardFocus


class Switch(QAbstractButton):
    """`toggled` tells every change, `clicked` the user's own."""

    def __init__(
        self, theme: Theme, name: str, *, is_on: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_locked = False
        self.setCheckable(True)
        self.setChecked(is_on)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        KeyboardFocus(theme, self, SIZE.switch // 2)
        theme.changed.connect(self.update)

    def set_locked(self, is_locked: bool) -> None:
        """Show it without letting it be changed; the keyboard still reaches it."""
        self._is_locked = is_locked
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802
        """What a click does."""
        if not self._is_locked:
            super().nextCheckState()

    def sizeHint(self) -> QSize:  # noqa: N802
        """The track."""
        return QSize(SIZE.switch_width, SIZE.switch)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the track, then the knob on its side."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, line, knob = self._colours()
        half = STROKE.hairline / 2.0
        track = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.setPen(QPen(QColor(line), STROKE.hairline))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(track, track.height() / 2.0, track.height() / 2.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(knob))
        painter.drawEllipse(self._knob())

    def _knob(self) -> QRectF:
        """At the end for on, in the direction that is read."""
        inset = (self.height() - SIZE.switch_knob) / 2.0
        is_right = self.isChecked() != self.isRightToLeft()
        left = self.width() - inset - SIZE.switch_knob if is_right else inset
        return QRectF(left, inset, SIZE.switch_knob, SIZE.switch_knob)

    def _colours(self) -> tuple[str, str, str]:
        """Of the ground, its line and the knob."""
        t = self._theme.tokens
        if not self.isEnabled():
            return t.sunken, t.line, t.disabled
        if self._is_locked:
            return t.pressed, t.line_strong, t.text3
        if self.isChecked():
            ground = t.accent_hover if self.underMouse() else t.accent
            return ground, ground, t.on_accent
        if self.underMouse():
            return t.hover, t.text3, t.text3
        return t.raised, t.line_strong, t.line_strong
