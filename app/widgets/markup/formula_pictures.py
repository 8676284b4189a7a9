"""Drawn formulas as pictures of one size and colour, each filled once.

For `FormulaObjects`: a page of a thousand formulas is drawn anew for every notice that opens over
it. A large formula is filled each time, and nothing is kept of it. Belongs to the GUI thread.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap

from app.markup.formula_outline import EM
from app.widgets.markup.formula_drawing import Drawing

MAX_KEPT = 2_048
_MAX_PIXELS = 40_000  # of one picture
_EDGE = 1  # device pixels around, for what smooth edges take


class PictureKey(NamedTuple):
    """What makes a picture another one: the letters' size in pixels, and the screen's scale."""

    source: str
    px: float
    rgba: int
    scale: float


class _Picture(NamedTuple):
    pixmap: QPixmap
    baseline: int  # device pixels below its top


class FormulaPictures:
    """The last pictures drawn."""

    def __init__(self) -> None:
        self._kept: OrderedDict[PictureKey, _Picture] = OrderedDict()

    def paint(self, painter: QPainter, key: PictureKey, drawing: Drawing, at: QPointF) -> None:
        """Draw a formula from `at` on its baseline, on the nearest whole pixels of the screen."""
        picture = self._kept.get(key) or self._made(key, drawing)
        if picture is None:
            painter.save()
            painter.translate(at)
            paint_drawing(painter, drawing, key.px, QColor.fromRgba(key.rgba))
            painter.restore()
            return
        left = (round(at.x() * key.scale) - _EDGE) / key.scale
        top = (round(at.y() * key.scale) - picture.baseline) / key.scale
        painter.drawPixmap(QPointF(left, top), picture.pixmap)

    def forget(self) -> None:
        """Keep nothing of what was drawn."""
        self._kept.clear()

    def kept(self) -> int:
        """How many there are."""
        return len(self._kept)

    def _made(self, key: PictureKey, drawing: Drawing) -> _Picture | None:
        scale = key.px / EM * key.scale
        baseline = math.ceil(drawing.ascent * scale) + _EDGE
        high = baseline + math.ceil(drawing.descent * scale) + _EDGE
        wide = math.ceil(drawing.width * scale) + 2 * _EDGE
        if wide * high > _MAX_PIXELS:
            return None
        pixmap = QPixmap(wide, max(1, high))
        pixmap.setDevicePixelRatio(key.scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.translate(_EDGE / key.scale, baseline / key.scale)
        paint_drawing(painter, drawing, key.px, QColor.fromRgba(key.rgba))
        painter.end()
        while len(self._kept) >= MAX_KEPT:
            self._kept.popitem(last=False)
        self._kept[key] = made = _Picture(pixmap, baseline)
        return made


def paint_drawing(painter: QPainter, drawing: Drawing, px: float, colour: QColor) -> None:
    """Fill an outline in a colour, its baseline at the painter's origin."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(px / EM, px / EM)
    painter.translate(-drawing.left, 0.0)
    painter.fillPath(drawing.outline, QBrush(colour))
