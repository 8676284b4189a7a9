"""Formulas as the window draws them: paths made of what the formula worker answers.

For: `FormulaRenderer`, in a worker thread; nothing here touches a widget. How LaTeX becomes an
outline is `app.markup.formula_outline`'s, in a process of its own.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QByteArray, QDataStream, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from app.airlock.formula_process import FormulaProcess
from app.markup.formula_limits import FormulaError
from app.markup.formula_outline import EM, FormulaKey
from app.markup.formula_wire import REFUSED, MalformedError, box_in, paths_in

_MAX_EMS = 400.0
_COUNT = struct.Struct(">i")
_ENDING = struct.Struct(">ii")  # where the last part begins; the rule by which it is filled
_FILL_RULE = Qt.FillRule.WindingFill.value


@dataclass(frozen=True)
class Drawing:
    """An outline whose baseline is y = 0, in hundredths of an em; it is never changed."""

    outline: QPainterPath
    left: float
    width: float
    ascent: float
    descent: float


class Refused(Enum):
    """A formula that can't be drawn: its source is shown."""

    REFUSED = "refused"


Outcome = Drawing | Refused


class FormulaDrawer(Protocol):
    """Whatever draws formulas, in a worker thread."""

    def draw(self, keys: Sequence[FormulaKey]) -> list[Outcome]:
        """What came of each, in their order; fewer where the rest is to be asked for again, never
        none. Raises WorkerUnavailableError where nothing can be drawn at all.
        """
        ...

    def close(self) -> None:
        """Draw nothing more."""
        ...


class SealedDrawer:
    """Draws in a process that can do nothing else; a `FormulaDrawer`."""

    def __init__(self, process: FormulaProcess | None = None) -> None:
        self._process = process or FormulaProcess()

    def draw(self, keys: Sequence[FormulaKey]) -> list[Outcome]:
        """As `FormulaDrawer`."""
        return [_outcome(reply) for reply in self._process.draw(keys)]

    def close(self) -> None:
        """End the process."""
        self._process.close()


def _outcome(reply: bytes) -> Outcome:
    try:
        return Refused.REFUSED if reply == REFUSED else drawing_of(reply)
    except (FormulaError, MalformedError):
        return Refused.REFUSED


def drawing_of(reply: bytes) -> Drawing:
    """The drawing in a worker's reply; raises FormulaError for one that is empty or too large, and
    MalformedError.
    """
    left, top, width, height = box_in(reply)
    if not 0 < width <= _MAX_EMS * EM or not 0 < height <= _MAX_EMS * EM:
        raise FormulaError("The formula is empty or too large.")
    outline = QPainterPath()
    for stroke_width, count, points in paths_in(reply):
        path = _path(count, points)
        outline.addPath(_line_of(path, stroke_width) if stroke_width else path)
    outline.setFillRule(Qt.FillRule.WindingFill)  # where shapes overlap both are filled
    bounds = outline.boundingRect().united(QRectF(left, top, width, height))
    if outline.isEmpty() or bounds.width() > _MAX_EMS * EM or bounds.height() > _MAX_EMS * EM:
        raise FormulaError("The formula is empty or too large.")
    return Drawing(outline, bounds.left(), bounds.width(), -bounds.top(), bounds.bottom())


def _path(count: int, points: bytes) -> QPainterPath:
    """Points as Qt's own stream has a path: one call in place of one a point."""
    packed = _COUNT.pack(count) + points + _ENDING.pack(0, _FILL_RULE)
    path = QPainterPath()
    if count:
        # With a mode beside them the stream would have the bytes' address alone.
        stream = QDataStream(QByteArray(packed))
        stream >> path
    return path


def _line_of(path: QPainterPath, width: float) -> QPainterPath:
    """A shape drawn as a line becomes the outline of that line."""
    pen = QPainterPathStroker()
    pen.setWidth(width)
    return pen.createStroke(path)
