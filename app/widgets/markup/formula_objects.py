"""Formulas within a line: each is one character of a document, drawn on the text's baseline.

For `FormulaPlaces`, which owns one of these per document. Until a formula is drawn its place is
about as wide as it will be, with its source in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)

from app.theme.type_styles import Type, font_of
from app.widgets.markup.formula_drawing import EM, Drawing
from app.widgets.markup.span_formats import SOURCE

SCALE = 1.13  # the mathematical letters are smaller than the text's at the same size
_SMALL_ASCENT = 1.28  # of the text's size: what a line of fixed height has room for
_SMALL_DESCENT = 0.34
_GLYPH_EMS = 0.55
_COMMAND = re.compile(r"\\[A-Za-z]+|[{}^_&\s]")


class FormulaObjects(QPyTextObject):
    """Draws the formulas of one document."""

    def __init__(self, drawing_of: Callable[[str], Drawing | None], parent: QTextDocument) -> None:
        super().__init__(parent)
        self._drawing_of = drawing_of

    def intrinsicSize(  # noqa: N802
        self, _document: QTextDocument, _position: int, form: QTextFormat
    ) -> QSizeF:
        """How much room the line gives it."""
        char_form = form.toCharFormat()
        source, px = str(form.property(SOURCE)), char_form.font().pixelSize()
        drawing = self._drawing_of(source)
        if drawing is None:
            return QSizeF(estimated_ems(source) * px, float(px))
        scale = px * SCALE / EM
        width, ascent = drawing.width * scale, drawing.ascent * scale
        if char_form.verticalAlignment() != QTextCharFormat.VerticalAlignment.AlignMiddle:
            return QSizeF(width, max(1.0, ascent))
        half_x = _half_x(char_form.font())
        descent = drawing.descent * scale
        return QSizeF(width, max(2.0 * ascent - half_x, 2.0 * descent + half_x))

    def drawObject(  # noqa: N802
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        _document: QTextDocument,
        _position: int,
        form: QTextFormat,
    ) -> None:
        """Draw it, or its source in its place."""
        char_form = form.toCharFormat()
        source, font = str(form.property(SOURCE)), char_form.font()
        drawing = self._drawing_of(source)
        rect = QRectF(rect)
        painter.save()
        if drawing is None:
            _paint_source(painter, rect, source)
        else:
            baseline = rect.bottom()
            if char_form.verticalAlignment() == QTextCharFormat.VerticalAlignment.AlignMiddle:
                baseline = rect.top() + (rect.height() + _half_x(font)) / 2.0
            painter.translate(rect.left(), baseline)
            paint_drawing(painter, drawing, font.pixelSize() * SCALE, char_form)
        painter.restore()


def paint_drawing(painter: QPainter, drawing: Drawing, px: float, form: QTextCharFormat) -> None:
    """Fill an outline in a format's colour, its baseline at the painter's origin."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(px / EM, px / EM)
    painter.translate(-drawing.left, 0.0)
    painter.fillPath(drawing.outline, form.foreground())


def is_tall(drawing: Drawing) -> bool:
    """Whether a line of text must grow for it."""
    return is_deep(drawing) or drawing.ascent * SCALE > _SMALL_ASCENT * EM


def is_deep(drawing: Drawing) -> bool:
    """Whether a line must grow below its letters."""
    return drawing.descent * SCALE > _SMALL_DESCENT * EM


def estimated_ems(source: str) -> float:
    """About how wide a formula will be, in sizes of its text."""
    return max(1, len(_COMMAND.sub("x", source)) * 0.6) * _GLYPH_EMS


def _half_x(font: QFont) -> float:
    """As Qt reckons where the middle of an object stands."""
    return QFontMetrics(font).xHeight() / 2.0


def _paint_source(painter: QPainter, rect: QRectF, source: str) -> None:
    font = font_of(Type.CODE_CAPTION)
    words = QFontMetrics(font).elidedText(source, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.setFont(font)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), words)
