"""What the formula worker answers becomes paths, as Qt would have made them; what it may not say
does not.
"""

from __future__ import annotations

import math
import struct
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from app.airlock.formula_process import FormulaProcess
from app.markup.formula_limits import FormulaError
from app.markup.formula_outline import EM, FormulaKey, Outline, Shape, Step, outline_in, outline_of
from app.markup.formula_wire import MalformedError, encode_outline
from app.widgets.markup.formula_drawing import Drawing, Refused, SealedDrawer, drawing_of

BOX = (0.0, -5.0, 10.0, 10.0)


def reply_of(*points: tuple[int, float, float], box=BOX, width: float = 0.0) -> bytes:
    return encode_outline(Outline((Shape(tuple(points), width),), *box))


def elements(path: QPainterPath) -> list[tuple[object, float, float]]:
    found = (path.elementAt(i) for i in range(path.elementCount()))
    return [(each.type, each.x, each.y) for each in found]


def near(one: QPainterPath, other: QPainterPath) -> bool:
    pairs = list(zip(elements(one), elements(other), strict=True))
    return all(a[0] == b[0] and math.dist(a[1:], b[1:]) < 1e-6 for a, b in pairs)


def shown(svg: str) -> QPainterPath:
    whole = f'<svg viewBox="0 -5 10 10">{svg}</svg>'
    return drawing_of(encode_outline(outline_in(ET.fromstring(whole)))).outline


def test_curves_are_as_qt_makes_them():
    path = QPainterPath()
    path.moveTo(0, 0)
    path.lineTo(4, 0)
    path.quadTo(5, 1, 4, 3)
    path.cubicTo(3, 4, 2, 4, 1, 3)
    path.closeSubpath()
    path.moveTo(6, 1)
    path.lineTo(7, 1)
    path.lineTo(6, 2)
    path.lineTo(6, 1)
    path.closeSubpath()
    commands = "M 0 0 L 4 0 Q 5 1 4 3 C 3 4 2 4 1 3 Z M 6 1 L 7 1 L 6 2 L 6 1 Z"
    assert near(shown(f'<path d="{commands}"/>'), path)


def test_boxes_and_ellipses_are_as_qt_makes_them():
    path = QPainterPath()
    path.addRect(QRectF(1, 2, 3, 1.5))
    assert near(shown('<rect x="1" y="2" width="3" height="1.5"/>'), path)
    path = QPainterPath()
    path.addEllipse(QRectF(3, -1, 4, 2))
    assert near(shown('<ellipse cx="5" cy="0" rx="2" ry="1"/>'), path)


def test_what_is_drawn_as_a_line_is_as_wide():
    line = QPainterPath()
    line.moveTo(1, 1)
    line.lineTo(9, 1)
    pen = QPainterPathStroker()
    pen.setWidth(2)
    found = shown('<path d="M 1 1 L 9 1" stroke="black" stroke-width="2"/>')
    assert near(found, pen.createStroke(line))


def test_a_drawing_has_its_box_and_all_that_stands_out_of_it():
    drawing = drawing_of(reply_of((0, -1.0, 0.0), (1, 11.0, 7.0), (1, 5.0, 2.0)))
    assert (drawing.left, drawing.width) == (-1.0, 12.0)
    assert (drawing.ascent, drawing.descent) == (5.0, 7.0)


@pytest.mark.parametrize(
    "points",
    [
        [(1, 0.0, 0.0)],  # a line from nowhere
        [(2, 0.0, 0.0), (3, 1.0, 1.0), (3, 2.0, 2.0)],
        [(0, 0.0, 0.0), (2, 1.0, 1.0)],  # half a curve
        [(0, 0.0, 0.0), (2, 1.0, 1.0), (3, 2.0, 2.0)],
        [(0, 0.0, 0.0), (2, 1.0, 1.0), (3, 2.0, 2.0), (1, 3.0, 3.0)],
        [(0, 0.0, 0.0), (3, 1.0, 1.0)],
        [(0, 0.0, 0.0), (4, 1.0, 1.0)],
        [(0, 0.0, 0.0), (1 << 8, 1.0, 1.0)],
        [(0, 0.0, 0.0), (-1, 1.0, 1.0)],
        [(0, math.nan, 0.0), (1, 1.0, 1.0)],
        [(0, 0.0, 0.0), (1, math.inf, 1.0)],
        [(0, 0.0, 0.0), (1, 1.0, -1e300)],
    ],
)
def test_a_path_that_is_not_sound_is_refused(points):
    with pytest.raises(MalformedError):
        drawing_of(reply_of(*points))


@pytest.mark.parametrize("width", [-1.0, math.nan, math.inf])
def test_a_line_of_no_width_is_refused(width):
    with pytest.raises(MalformedError):
        drawing_of(reply_of((0, 0.0, 0.0), (1, 5.0, 5.0), width=width))


@pytest.mark.parametrize("box", [(math.nan, 0, 1, 1), (0, math.inf, 1, 1), (0, 0, 1e300, 1)])
def test_a_box_of_no_numbers_is_refused(box):
    with pytest.raises(MalformedError):
        drawing_of(reply_of((0, 0.0, 0.0), (1, 1.0, 1.0), box=box))


@pytest.mark.parametrize("box", [(0, 0, 0, 1), (0, 0, 1, -1), (0, 0, 401 * EM, 1)])
def test_what_is_empty_or_too_large_is_refused(box):
    with pytest.raises(FormulaError):
        drawing_of(reply_of((0, 0.0, 0.0), (1, 1.0, 1.0), box=box))


def test_what_draws_nothing_or_leaves_its_page_is_refused():
    with pytest.raises(FormulaError):
        drawing_of(reply_of())
    with pytest.raises(FormulaError):
        drawing_of(reply_of((0, 0.0, 0.0), (1, 500 * EM, 1.0)))


@pytest.mark.parametrize("source", [r"\hspace{1000em} x", r"\quad"])
def test_a_formula_too_wide_or_without_ink_is_refused(source):
    with pytest.raises(FormulaError):
        drawing_of(encode_outline(outline_of(FormulaKey(source))))


def test_a_reply_cut_anywhere_is_refused_or_ends_with_a_shape():
    shape = Shape(((Step.MOVE, 0.0, 0.0), (Step.LINE, 1.0, 1.0)), 1.0)
    whole = encode_outline(Outline((shape, shape), *BOX))
    ends_of_shapes = {len(whole) - (len(whole) - 32) // 2, len(whole)}
    for size in range(len(whole) + 1):
        if size in ends_of_shapes:
            drawing_of(whole[:size])
        else:
            with pytest.raises((MalformedError, FormulaError)):
                drawing_of(whole[:size])


def test_a_count_beyond_what_came_is_refused():
    reply = struct.pack(">4d", *BOX) + struct.pack(">dI", 0.0, 2**32 - 1) + bytes(40)
    with pytest.raises(MalformedError):
        drawing_of(reply)


class Answers(FormulaProcess):
    """A worker that says what it is told to."""

    def __init__(self, *replies: bytes) -> None:
        super().__init__()
        self._replies = list(replies)

    def draw(self, keys):
        return self._replies[: len(keys)]


def test_what_is_refused_malformed_or_empty_is_shown_as_its_source():
    good = reply_of((0, 0.0, 0.0), (1, 5.0, 5.0))
    drawer = SealedDrawer(Answers(good, b"", b"\x00", reply_of()))
    first, *others = drawer.draw([FormulaKey(source) for source in "abcd"])
    assert isinstance(first, Drawing)
    assert others == [Refused.REFUSED] * 3
    drawer.close()
