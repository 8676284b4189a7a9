"""One formula, from LaTeX to an outline that can be filled in any colour at any scale.

For: `FormulaRenderer`, in a worker thread; nothing here touches a widget. ziamath makes the
drawing, which is read as outlines: no SVG of it is given to Qt, and nothing in it names a file.
Its font is read once, from beside ziamath's own code. What fails is told as a FormulaError or as
whatever ziamath raised.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from app.widgets.markup.formula_limits import FormulaError, check_source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EM = 100.0  # outlines are made at this size and scaled when drawn
TIME_LIMIT_S = 1.5
_MAX_EMS = 400.0
_QUICK_CHARS = 200  # so little is drawn in no time, and watching the clock costs as much again
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
_EQUATION = re.compile(r"\\(?:begin|end)\s*\{(?:equation|displaymath|math)\*?\}")


@dataclass(frozen=True)
class FormulaKey:
    """A formula as it is asked for: its source, and whether it stands by itself."""

    source: str
    is_display: bool = False


@dataclass(frozen=True)
class Drawing:
    """An outline whose baseline is y = 0, in hundredths of an em; it is never changed."""

    outline: QPainterPath
    left: float
    width: float
    ascent: float
    descent: float


def draw_formula(key: FormulaKey, limit_s: float = TIME_LIMIT_S) -> Drawing:
    """Draw a formula; raises FormulaError, or what ziamath raises for what it doesn't know."""
    from ziamath.config import config
    from ziamath.zmath import Latex, loadedfonts

    font = loadedfonts["default"]
    check_source(key.source, lambda char: font.glyphindex(char) > 0)
    config.svg2 = False  # glyphs as outlines, not as references to symbols
    source = _EQUATION.sub("", _TAG.sub(r"\\qquad\\text{(\1)}", key.source))
    with _time_limit(limit_s if len(source) > _QUICK_CHARS else None):
        svg = Latex(source, size=EM, inline=not key.is_display, margin=0).svgxml()
    return _drawing_of(svg)


@contextmanager
def _time_limit(limit_s: float | None) -> Iterator[None]:
    """Raise FormulaError in this thread once the time is over."""
    if limit_s is None:
        yield
        return
    end_s = time.monotonic() + limit_s

    def look_at_clock(_frame: FrameType, _event: str, _arg: object) -> None:
        if time.monotonic() > end_s:
            raise FormulaError(f"The formula takes more than {limit_s:.1f} s.")

    before = sys.getprofile()
    sys.setprofile(look_at_clock)
    try:
        yield
    finally:
        sys.setprofile(before)


def _drawing_of(svg: Element) -> Drawing:
    left, top, width, height = (float(number) for number in svg.attrib["viewBox"].split())
    if not 0 < width <= _MAX_EMS * EM or not 0 < height <= _MAX_EMS * EM:
        raise FormulaError("The formula is empty or too large.")
    outline = QPainterPath()
    _add_shapes(svg, outline)
    outline.setFillRule(Qt.FillRule.WindingFill)  # where shapes overlap both are filled
    bounds = outline.boundingRect().united(QRectF(left, top, width, height))
    if outline.isEmpty() or bounds.width() > _MAX_EMS * EM or bounds.height() > _MAX_EMS * EM:
        raise FormulaError("The formula is empty or too large.")
    return Drawing(outline, bounds.left(), bounds.width(), -bounds.top(), bounds.bottom())


def _add_shapes(parent: Element, outline: QPainterPath) -> None:
    for element in parent:
        if element.tag == "g":
            _add_shapes(element, outline)
        else:
            outline.addPath(_filled(element, _shape(element)))


def _shape(element: Element) -> QPainterPath:
    path = QPainterPath()
    number = {name: float(value) for name, value in element.attrib.items() if _is_number(value)}
    if element.tag == "path":
        _add_commands(path, element.attrib["d"])
    elif element.tag == "rect":
        path.addRect(number["x"], number["y"], number["width"], number["height"])
    elif element.tag == "ellipse":
        wide, high = number["rx"], number["ry"]
        path.addEllipse(number["cx"] - wide, number["cy"] - high, 2 * wide, 2 * high)
    else:
        raise FormulaError(f"A drawing with <{element.tag}> is not known.")
    return path


def _is_number(value: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d*)?(e-?\d+)?", value) is not None


def _filled(element: Element, path: QPainterPath) -> QPainterPath:
    """A shape drawn as a line becomes the outline of that line."""
    if "stroke" not in element.attrib:
        return path
    pen = QPainterPathStroker()
    pen.setWidth(float(element.attrib.get("stroke-width", "1")))
    return pen.createStroke(path)


def _add_commands(path: QPainterPath, commands: str) -> None:
    """An SVG path's absolute M, L, Q, C and Z, which are all that ziamath writes."""
    words = iter(commands.split())
    for word in words:
        if word == "Z":
            path.closeSubpath()
            continue
        count = {"M": 2, "L": 2, "Q": 4, "C": 6}.get(word)
        if count is None:
            raise FormulaError(f"An outline with “{word}” is not known.")
        at = [float(next(words)) for _ in range(count)]
        if word == "M":
            path.moveTo(at[0], at[1])
        elif word == "L":
            path.lineTo(at[0], at[1])
        elif word == "Q":
            path.quadTo(at[0], at[1], at[2], at[3])
        else:
            path.cubicTo(at[0], at[1], at[2], at[3], at[4], at[5])
