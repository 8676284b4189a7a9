"""Paints what floats: a card and the soft shadow under it.

Qt's own effect would repaint the whole widget.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.theme.metrics import STROKE
from app.theme.tokens import Tokens


def shadow_margin(blur: int) -> int:
    """How much room a shadow of this blur needs below; the same is kept on every side."""
    return blur


def paint_shadow(painter: QPainter, card: QRectF, radius: float, blur: int, tokens: Tokens) -> None:
    """Darken the ground around `card`, strongest near it, offset down by a sixth of `blur`.

    Layers of rounded rectangles whose alphas add up to the theme's shadow strength.
    """
    layers = blur // 2  # fewer, stronger layers: one below 1/255 would round away
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    colour = QColor(tokens.shadow)
    colour.setAlphaF(tokens.shadow_percent / 100.0 / layers)
    painter.setBrush(colour)
    ground = card.translated(0.0, blur / 6.0)
    for layer in range(layers):
        spread = 2.0 * layer - blur / 3.0
        grown = ground.adjusted(-spread, -spread, spread, spread)
        painter.drawRoundedRect(grown, radius + spread, radius + spread)
    painter.restore()


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
