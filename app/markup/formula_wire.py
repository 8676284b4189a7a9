"""How formulas travel to the worker that draws them, and their outlines back.

For: `formula_serving` on one side, and `widgets/markup/formula_drawing` on the other. A job is
JSON: pairs of a source and whether it stands by itself. A reply is nothing where a formula can't
be drawn, else its box and its shapes, packed as Qt's own streams have them: each point 20 bytes,
what it is and where, big-endian. Whoever reads it trusts none of it.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator, Sequence

from app.markup.formula_outline import FormulaKey, Outline

JOB_LIMIT_BYTES = 2**20
REPLY_LIMIT_BYTES = 8 * 2**20
REFUSED = b""
POINT_BYTES = 20
_BOX = struct.Struct(">4d")
_SHAPE = struct.Struct(">dI")  # the width of its line, and how many points
_POINT = struct.Struct(">idd")
# What a path is made of: each begins with a move, and a curve has three points. Qt takes that for
# granted, and would read beyond the end.
_SOUND = re.compile(rb"\x00(?:\x00|\x01|\x02\x03\x03)*", re.DOTALL)
_MOST = 1e6  # hundredths of an em: no formula is as large


class MalformedError(Exception):
    """What came is not of the agreed form."""


def encode_job(keys: Sequence[FormulaKey]) -> bytes:
    """A job to draw these."""
    return json.dumps([[key.source, key.is_display] for key in keys]).encode()


def decode_job(payload: bytes) -> list[FormulaKey]:
    """What is to be drawn."""
    return [FormulaKey(source, is_display) for source, is_display in json.loads(payload)]


def encode_outline(outline: Outline) -> bytes:
    """A formula that was drawn."""
    parts = [_BOX.pack(outline.left, outline.top, outline.width, outline.height)]
    for shape in outline.shapes:
        parts.append(_SHAPE.pack(shape.stroke_width, len(shape.points)))
        parts += [_POINT.pack(*point) for point in shape.points]
    return b"".join(parts)


def box_in(reply: bytes) -> tuple[float, float, float, float]:
    """Left, top, width and height; raises MalformedError."""
    if len(reply) < _BOX.size:
        raise MalformedError
    left, top, width, height = _BOX.unpack_from(reply)
    if not all(abs(number) <= _MOST for number in (left, top, width, height)):  # nor NaN
        raise MalformedError
    return left, top, width, height


def paths_in(reply: bytes) -> Iterator[tuple[float, int, bytes]]:
    """Of each shape the width of its line, how many points it has, and these; raises
    MalformedError where a path is not sound.
    """
    at = _BOX.size
    while at < len(reply):
        if len(reply) - at < _SHAPE.size:
            raise MalformedError
        stroke_width, count = _SHAPE.unpack_from(reply, at)
        at += _SHAPE.size
        points = reply[at : at + count * POINT_BYTES]
        at += len(points)
        if len(points) < count * POINT_BYTES or not 0.0 <= stroke_width <= _MOST:
            raise MalformedError
        _check(points)
        yield stroke_width, count, points


def _check(points: bytes) -> None:
    """Steps are bytes that slices find at once; Qt leaves out points that are no numbers, after
    which a curve would lack one.
    """
    kinds = points[3::POINT_BYTES]
    high = points[0::POINT_BYTES] + points[1::POINT_BYTES] + points[2::POINT_BYTES]
    if (kinds and not _SOUND.fullmatch(kinds)) or high.strip(b"\0"):
        raise MalformedError
    for _kind, x, y in _POINT.iter_unpack(points):
        if not (abs(x) <= _MOST and abs(y) <= _MOST):  # nor NaN
            raise MalformedError
