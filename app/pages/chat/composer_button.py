"""The button that sends, or stops what is being answered."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.widgets.button import BaseButton


class SendButton(BaseButton):
    """Sends; while there is something to stop, stops."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, RADIUS.control + SPACE.tick)
        self.setFixedSize(SIZE.send, SIZE.send)
        self._stops = False
        self.set_stops(False)

    @property
    def stops(self) -> bool:
        """Whether a click stops."""
        return self._stops

    def set_stops(self, stops: bool) -> None:
        """Send or stop."""
        self._stops = stops
        name = self.tr("Stop") if stops else self.tr("Send")
        self.setAccessibleName(name)
        self.setToolTip(f"{name} (Esc)" if stops else name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """An arrow on accent, or a square on the text colour."""
        tokens = self.theme.tokens
        painter = QPainter(self)
        if self._stops:
            self.fill(painter, tokens.text2 if self.underMouse() else tokens.text)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.surface))
            side = float(SIZE.stop_square)
            corner = (self.width() - side) / 2.0
            painter.drawRoundedRect(QRectF(corner, corner, side, side), SPACE.tick, SPACE.tick)
            return
        size = float(SIZE.icon_lg)
        place = QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size)
        self.fill(painter, self._send_ground())
        ink = tokens.on_accent if self.isEnabled() else tokens.disabled
        self.theme.icons.paint(painter, Icon.SEND, place, ink)

    def _send_ground(self) -> str:
        tokens = self.theme.tokens
        if not self.isEnabled():
            return tokens.selected
        if self.isDown():
            return tokens.accent_press
        return tokens.accent_hover if self.underMouse() else tokens.accent
