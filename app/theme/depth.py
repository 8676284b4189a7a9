"""Paints what floats: a card and the soft shadow under it.

Qt's own effect would repaint the whole widget.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPixmapCache

from app.theme.metrics import STROKE
from app.theme.tokens import Tokens


def shadow_margin(blur: int) -> int:
    """How much room a shadow of this blur needs below; the same is kept on every side."""
    return blur


def paint_shadow(painter: QPainter, card: QRectF, radius: float, blur: int, tokens: Tokens) -> None:
    """Darken the ground around `card`, strongest near it, offset down by a sixth of `blur`.

    Painted once for each size: whatever scrolls or grows below a toast has it drawn again. Layer
    by layer that is 0.6 ms for a toast, 2 ms for the palette, and for each layer a wait for the
    interpreter while another thread computes.
    """
    margin = shadow_margin(blur)
    scale = painter.device().devicePixelRatioF()
    corner = QPointF(math.floor(card.left()), math.floor(card.top()))
    moved = card.translated(margin - corner.x(), margin - corner.y())
    key = (
        f"shadow {moved.getRect()} {radius} {blur} {tokens.shadow} {tokens.shadow_percent} {scale}"
    )
    picture = QPixmap()
    if not QPixmapCache.find(key, picture):
        picture = _picture(moved, radius, blur, tokens, scale)
        QPixmapCache.insert(key, picture)
    painter.drawPixmap(corner - QPointF(margin, margin), picture)


def _picture(card: QRectF, radius: float, blur: int, tokens: Tokens, scale: float) -> QPixmap:
    """Layers of rounded rectangles whose alphas add up to the theme's shadow strength."""
    margin = shadow_margin(blur)
    width, height = math.ceil(card.right()) + margin, math.ceil(card.bottom()) + margin
    picture = QPixmap(math.ceil(width * scale), math.ceil(height * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    layers = blur // 2  # fewer, stronger layers: one below 1/255 would round away
    painter.setPen(Qt.PenStyle.NoPen)
    colour = QColor(tokens.shadow)
    colour.setAlphaF(tokens.shadow_percent / 100.0 / layers)
    painter.setBrush(colour)
    ground = card.translated(0.0, blur / 6.0)
    for layer in range(layers):
        spread = 2.0 * layer - blur / 3.0
        grown = ground.adjusted(-spread, -spread, spread, spread)
        painter.drawRoundedRect(grown, radius + spread, radius + spread)
    painter.end()
    return picture


def paint_card(
    painter: QPainter,
    card: QRectF,
    radius: float,
    blur: int,
    tokens: Tokens,
    outline: QPen | None = None,
) -> None:
    """Paint a card with its shadow; a hairline goes around it unless another outline is given."""
    paint_shadow(painter, card, radius, blur, tokens)
    painter.setPen(outline or QPen(QColor(tokens.line), STROKE.hairline))
    painter.setBrush(QColor(tokens.raised))
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
