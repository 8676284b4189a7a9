"""Pictures of formulas: made once for a size, colour and screen, where they were to be drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.widgets.markup.formula_drawing import Drawing
from app.widgets.markup.formula_pictures import MAX_KEPT, FormulaPictures, PictureKey
from tests.app.widgets.markup.conftest import box

_RED = QColor("#c00000").rgba()


def _painted(
    pictures: FormulaPictures, drawing: Drawing, at: QPointF, scale: float = 1.0, rgba: int = _RED
) -> QImage:
    image = QImage(round(60 * scale), round(60 * scale), QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    pictures.paint(painter, PictureKey("x", 20.0, rgba, scale), drawing, at)
    painter.end()
    return image


def _inked(image: QImage) -> tuple[int, int, int, int]:
    """The edges of what is not white: left, top, right, bottom."""
    white = QColor(Qt.GlobalColor.white).rgba()
    places = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixel(x, y) != white
    ]
    across, down = [x for x, _ in places], [y for _, y in places]
    return min(across), min(down), max(across), max(down)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
def test_a_picture_stands_where_the_outline_would_and_in_its_colour(qapp, scale):
    drawing = box(50.0, 60.0, 10.0)  # at 20 px: 10 wide, 12 above the baseline, 2 below
    image = _painted(FormulaPictures(), drawing, QPointF(20.0, 30.0), scale)
    left, top, right, bottom = _inked(image)
    for found, meant in ((left, 20), (top, 18), (right, 30), (bottom, 32)):
        assert abs(found - meant * scale) <= 1
    assert image.pixel(round(25 * scale), round(25 * scale)) == _RED


def test_one_picture_serves_for_the_same_and_no_other(qapp):
    pictures = FormulaPictures()
    drawing = box(50.0, 60.0, 10.0)
    first = _painted(pictures, drawing, QPointF(5.0, 30.0))
    assert _painted(pictures, drawing, QPointF(5.0, 30.0)) == first
    assert pictures.kept() == 1
    blue = QColor("#0000c0").rgba()
    assert _painted(pictures, drawing, QPointF(5.0, 30.0), rgba=blue).pixel(10, 25) == blue
    assert pictures.kept() == 2
    pictures.forget()
    assert pictures.kept() == 0


def test_a_large_formula_is_drawn_and_not_kept(qapp):
    pictures = FormulaPictures()
    image = _painted(pictures, box(9_000.0, 100.0, 10.0), QPointF(0.0, 30.0))
    assert image.pixel(50, 20) == _RED
    assert pictures.kept() == 0


def test_no_more_pictures_are_kept_than_there_is_room_for(qapp):
    pictures = FormulaPictures()
    drawing = box(50.0, 60.0, 10.0)
    image = QImage(60, 60, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    for number in range(MAX_KEPT + 5):
        key = PictureKey(f"x{number}", 4.0, _RED, 1.0)
        pictures.paint(painter, key, drawing, QPointF(5.0, 30.0))
    painter.end()
    assert pictures.kept() == MAX_KEPT
