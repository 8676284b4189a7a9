"""One formula, from LaTeX to outlines that can be filled in any colour at any scale.

For: the formula worker, a process of its own, as ziamath is Python through and through: in the
window's process each formula would take the interpreter from what draws the window. ziamath's
drawing is read as outlines: no SVG of it is given to Qt, and nothing in it names a file. Its font
is read once, from beside ziamath's own code. What fails is told as a FormulaError or as whatever
ziamath raised.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from types import FrameType
from typing import TYPE_CHECKING

from app.markup.formula_limits import FormulaError, check_source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EM = 100.0  # outlines are made at this size and scaled when drawn
TIME_LIMIT_S = 1.5
QUICK_CHARS = 200  # so little is drawn in no time, and watching the clock costs as much again
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
_EQUATION = re.compile(r"\\(?:begin|end)\s*\{(?:equation|displaymath|math)\*?\}")
_NUMBER = re.compile(r"-?\d+(\.\d*)?(e-?\d+)?")
_COORDINATES = {"M": 2, "L": 2, "Q": 4, "C": 6}
_QUARTER = 0.5522847498  # how far the handles of a quarter of a circle of radius 1 are


@dataclass(frozen=True)
class FormulaKey:
    """A formula as it is asked for: its source, and whether it stands by itself."""

    source: str
    is_display: bool = False


class Step(IntEnum):
    """What a point of a path is, by the numbers that Qt gives them."""

    MOVE = 0
    LINE = 1
    CURVE = 2  # the first handle; the second and the curve's end follow
    CURVE_ON = 3


Point = tuple[Step, float, float]


@dataclass(frozen=True)
class Shape:
    """A path, filled; or drawn as a line of some width, where that is not 0."""

    points: tuple[Point, ...]
    stroke_width: float = 0.0


@dataclass(frozen=True)
class Outline:
    """A formula's shapes, and the box that ziamath gives it, in hundredths of an em. The baseline
    is y = 0, and y goes down.
    """

    shapes: tuple[Shape, ...]
    left: float
    top: float
    width: float
    height: float


def outline_of(key: FormulaKey, limit_s: float = TIME_LIMIT_S) -> Outline:
    """Draw a formula; raises FormulaError, or what ziamath raises for what it doesn't know."""
    from ziamath.config import config
    from ziamath.zmath import Latex, loadedfonts

    font = loadedfonts["default"]
    check_source(key.source, lambda char: font.glyphindex(char) > 0)
    config.svg2 = False  # glyphs as outlines, not as references to symbols
    source = _EQUATION.sub("", _TAG.sub(r"\\qquad\\text{(\1)}", key.source))
    with _time_limit(limit_s if len(source) > QUICK_CHARS else None):
        svg = Latex(source, size=EM, inline=not key.is_display, margin=0).svgxml()
    return outline_in(svg)


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


def outline_in(svg: Element) -> Outline:
    """What ziamath drew; raises FormulaError for what it doesn't draw by itself."""
    left, top, width, height = (float(number) for number in svg.attrib["viewBox"].split())
    return Outline(tuple(_shapes(svg)), left, top, width, height)


def _shapes(parent: Element) -> Iterator[Shape]:
    for element in parent:
        if element.tag == "g":
            yield from _shapes(element)
        else:
            stroke = float(element.attrib.get("stroke-width", "1"))
            yield Shape(tuple(_points(element)), stroke if "stroke" in element.attrib else 0.0)


def _points(element: Element) -> Iterator[Point]:
    number = {
        name: float(value) for name, value in element.attrib.items() if _NUMBER.fullmatch(value)
    }
    if element.tag == "path":
        return _commands(element.attrib["d"])
    if element.tag == "rect":
        return _rectangle(number["x"], number["y"], number["width"], number["height"])
    if element.tag == "ellipse":
        return _ellipse(number["cx"], number["cy"], number["rx"], number["ry"])
    raise FormulaError(f"A drawing with <{element.tag}> is not known.")


def _rectangle(x: float, y: float, width: float, height: float) -> Iterator[Point]:
    yield Step.MOVE, x, y
    yield Step.LINE, x + width, y
    yield Step.LINE, x + width, y + height
    yield Step.LINE, x, y + height
    yield Step.LINE, x, y


def _ellipse(x: float, y: float, wide: float, high: float) -> Iterator[Point]:
    """Four curves, from the right one round."""
    yield Step.MOVE, x + wide, y
    for across, down in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        # From one axis to the next: the sine and cosine of the quarter's ends are 0 and 1.
        is_flat = across * down < 0
        one = (across * (_QUARTER if is_flat else 1), down * (1 if is_flat else _QUARTER))
        two = (across * (1 if is_flat else _QUARTER), down * (_QUARTER if is_flat else 1))
        end = (across if is_flat else 0, 0 if is_flat else down)
        yield Step.CURVE, x + wide * one[0], y + high * one[1]
        yield Step.CURVE_ON, x + wide * two[0], y + high * two[1]
        yield Step.CURVE_ON, x + wide * end[0], y + high * end[1]


def _commands(commands: str) -> Iterator[Point]:
    """An SVG path's absolute M, L, Q, C and Z, which are all that ziamath writes."""
    start = here = (0.0, 0.0)
    words = iter(commands.split())
    for word in words:
        if word == "Z":
            if here != start:
                yield Step.LINE, *start
            here = start
            continue
        count = _COORDINATES.get(word)
        if count is None:
            raise FormulaError(f"An outline with “{word}” is not known.")
        at = [float(next(words)) for _ in range(count)]
        if word == "Q":
            x, y, *end = at
            at = [*_toward(here, x, y), *_toward((end[0], end[1]), x, y), *end]
        here = (at[-2], at[-1])
        if word == "M":
            start = here
            yield Step.MOVE, *here
        elif word == "L":
            yield Step.LINE, *here
        else:
            yield Step.CURVE, at[0], at[1]
            yield Step.CURVE_ON, at[2], at[3]
            yield Step.CURVE_ON, *here


def _toward(end: tuple[float, float], x: float, y: float) -> tuple[float, float]:
    """A cubic curve's handle at one end of a curve that has one handle for both."""
    return end[0] + (x - end[0]) * 2.0 / 3.0, end[1] + (y - end[1]) * 2.0 / 3.0
