"""The round button that leads back to the end of a list, for whoever scrolled up."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.theme.depth import paint_shadow, shadow_margin
from app.theme.icons import Icon
from app.theme.metrics import DEPTH, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Tokens
from app.widgets.button import BaseButton

_MARGIN = shadow_margin(DEPTH.composer)


class JumpButton(BaseButton):
    """Floats in the middle above the end; its shadow is part of the widget."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, SIZE.jump // 2, parent)
        self._area = QRect()
        self._painted: QPixmap | None = None
        self._made_for: tuple[Tokens, float] | None = None
        words = self.tr("Jump to latest")
        self.setAccessibleName(words)
        self.setToolTip(words)
        self._fit()
        theme.text_changed.connect(self._fit)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def stand_in(self, area: QRect) -> None:
        """Take the place at the bottom of an area."""
        self._area = area
        bottom = area.bottom() - SPACE.sm + _MARGIN
        self.move(area.center().x() - self.width() // 2, bottom - self.height())
        self.raise_()

    def offer(self, *, is_offered: bool) -> None:
        """Show it, or take it away and the focus with it."""
        if is_offered == self.isHidden():
            self.setVisible(is_offered)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        """Only the disc is the button, not its shadow."""
        away = QPointF(pos) - self._disc().center()
        return math.hypot(away.x(), away.y()) <= SIZE.jump / 2.0

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw shadow, disc and arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self.theme.tokens
        disc = self._disc()
        painter.drawPixmap(0, 0, self._shadow())
        painter.setPen(QPen(QColor(tokens.button_line), STROKE.hairline))
        painter.setBrush(QColor(self.quiet_ground() or tokens.raised))
        half = STROKE.hairline / 2.0
        painter.drawEllipse(disc.adjusted(half, half, -half, -half))
        size = float(SIZE.icon)
        place = QRectF(0.0, 0.0, size, size)
        place.moveCenter(disc.center())
        self.theme.icons.paint(painter, Icon.UNFOLDED, place, tokens.text)

    def _fit(self) -> None:
        """As large as all that is pressed, at any text size."""
        self.radius = SIZE.jump // 2
        self._made_for = None
        side = SIZE.jump + 2 * _MARGIN
        self.setFixedSize(side, side)
        if not self._area.isEmpty():
            self.stand_in(self._area)

    def _shadow(self) -> QPixmap:
        """Painted once: whatever scrolls below has the button drawn again."""
        made_for = (self.theme.tokens, self.devicePixelRatioF())
        if self._painted is None or self._made_for != made_for:
            self._made_for = made_for
            self._painted = QPixmap(self.size() * self.devicePixelRatioF())
            self._painted.setDevicePixelRatio(self.devicePixelRatioF())
            self._painted.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._painted)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_shadow(painter, self._disc(), SIZE.jump / 2.0, DEPTH.composer, self.theme.tokens)
            painter.end()
        return self._painted

    def _disc(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
