"""Formulas within a line: each is one character of a document, drawn on the text's baseline.

For `FormulaPlaces`, which owns one of these per document. Until a formula is drawn its place is
about as wide as it will be, with its source in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)

from app.markup.formula_outline import EM
from app.theme.type_styles import Type, font_of
from app.widgets.markup.formula_drawing import Drawing
from app.widgets.markup.formula_pictures import FormulaPictures, PictureKey
from app.widgets.markup.span_formats import INK, ROOM, SOURCE

SCALE = 1.13  # the mathematical letters are smaller than the text's at the same size
_SMALL_ASCENT = 1.28  # of the text's size: what a line of fixed height has room for
_SMALL_DESCENT = 0.34
_GLYPH_EMS = 0.55
_MIDDLE_GREY = 127
_COMMAND = re.compile(r"\\[A-Za-z]+|[{}^_&\s]")
_MIDDLE = QTextCharFormat.VerticalAlignment.AlignMiddle


class FormulaObjects(QPyTextObject):
    """Draws the formulas of one document. Qt asks for the room of each at every look at its line,
    four times for each drawing: so the format has it.
    """

    def __init__(
        self,
        drawing_of: Callable[[str], Drawing | None],
        pictures: FormulaPictures,
        parent: QTextDocument,
    ) -> None:
        super().__init__(parent)
        self._drawing_of = drawing_of
        self._pictures = pictures
        self._caption: _Caption | None = None

    def intrinsicSize(  # noqa: N802
        self, _document: QTextDocument, _position: int, form: QTextFormat
    ) -> QSizeF:
        """How much room the line gives it."""
        room = form.property(ROOM)
        assert isinstance(room, QSizeF)
        return room

    def drawObject(  # noqa: N802
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        _document: QTextDocument,
        _position: int,
        form: QTextFormat,
    ) -> None:
        """Draw it, or its source in its place."""
        source, ink = str(form.property(SOURCE)), form.property(INK)
        assert isinstance(ink, QColor)
        if form.foreground().color() != ink:
            ink = _paint_covered_ground(painter, QRectF(rect), ink)
        drawing = self._drawing_of(source)
        if drawing is None:
            self._paint_source(painter, QRectF(rect), source, ink)
            return
        char_form = form.toCharFormat()
        font, area = char_form.font(), QRectF(rect)
        baseline = area.bottom()
        if char_form.verticalAlignment() == _MIDDLE:
            baseline = area.top() + (area.height() + _half_x(font)) / 2.0
        scale = painter.device().devicePixelRatioF()
        key = PictureKey(source, font.pixelSize() * SCALE, ink.rgba(), scale)
        self._pictures.paint(painter, key, drawing, QPointF(area.left(), baseline))

    def _paint_source(self, painter: QPainter, area: QRectF, source: str, ink: QColor) -> None:
        if self._caption is None or self._caption.px != Type.CODE_CAPTION.px:
            self._caption = _Caption()
        caption = self._caption
        before = painter.font(), painter.pen()
        painter.setFont(caption.font)
        painter.setPen(ink)
        painter.drawText(
            QPointF(area.left(), area.center().y() + caption.below_middle_px),
            caption.cut(source, area.width()),
        )
        painter.setFont(before[0])
        painter.setPen(before[1])


def _paint_covered_ground(painter: QPainter, area: QRectF, ink: QColor) -> QColor:
    """What is selected or found: Qt covers half of it with the ground of the words beside it, in
    which their ink is lost. Black and white stay apart. Returns the ink for it.
    """
    is_dark = ink.lightness() > _MIDDLE_GREY
    painter.fillRect(area, Qt.GlobalColor.black if is_dark else Qt.GlobalColor.white)
    return QColor(Qt.GlobalColor.white if is_dark else Qt.GlobalColor.black)


class _Caption:
    """The letters of a source that stands in a formula's place, at the present text size."""

    def __init__(self) -> None:
        self.px = Type.CODE_CAPTION.px
        self.font = font_of(Type.CODE_CAPTION)
        self._metrics = QFontMetricsF(self.font)
        self._letter_px = self._metrics.horizontalAdvance("x")
        self.below_middle_px = (self._metrics.ascent() - self._metrics.descent()) / 2.0

    def cut(self, source: str, room_px: float) -> str:
        """What of a source is shown. Letters are as wide as one another: to measure takes long."""
        if not source.isascii():
            return self._metrics.elidedText(source, Qt.TextElideMode.ElideRight, int(room_px))
        room = int(room_px / self._letter_px)
        return source if len(source) <= room else source[: max(0, room - 1)] + "…"


def room_of(drawing: Drawing | None, source: str, font: QFont, *, is_deep: bool) -> QSizeF:
    """How much room a formula takes in a line of a font, or about, before it is drawn."""
    px = font.pixelSize()
    if drawing is None:
        return QSizeF(estimated_ems(source) * px, float(px))
    scale = px * SCALE / EM
    width, ascent = drawing.width * scale, drawing.ascent * scale
    if not is_deep:
        return QSizeF(width, max(1.0, ascent))
    half_x = _half_x(font)
    descent = drawing.descent * scale
    return QSizeF(width, max(2.0 * ascent - half_x, 2.0 * descent + half_x))


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
