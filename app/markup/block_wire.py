"""How a text's blocks travel from the process that reads it.

For: `markup_serving` on one side, `airlock/markup_process` on the other. Blocks come in pieces,
each one JSON list that Python's own reader takes in a millisecond or two, so that no piece holds
the interpreter for long. A block is a list: its kind, its place (quotes, indent), then what it
has; spans are texts, styles and targets one after the other. Whoever reads it trusts none of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from app.markup.blocks import (
    Align,
    Block,
    Code,
    Formula,
    Line,
    Place,
    Prose,
    Rule,
    Span,
    Style,
    Table,
)

PIECE_CHARACTERS = 16_384  # about: a piece ends with the block that fills it
_PROSE, _CODE, _FORMULA, _TABLE, _RULE = "p", "c", "f", "t", "r"
_PER_SPAN = 3
_DEEPEST = 10_000  # levels of quotes or lists: the parser stops far earlier
_HEADINGS = 6
_JOINED, _MID_LINE = 1, 2
_STYLES = {number: Style(number) for number in range(1 << len(Style))}
_ALIGNS = {align.value: align for align in Align}


class MalformedError(Exception):
    """What came is not of the agreed form."""


def pieces_of(blocks: Iterable[Block]) -> Iterator[bytes]:
    """The blocks in pieces, in their order."""
    held: list[str] = []
    room = PIECE_CHARACTERS
    for block in blocks:
        held.append(json.dumps(_document(block), ensure_ascii=False, separators=(",", ":")))
        room -= len(held[-1])
        if room <= 0:
            yield _piece(held)
            held, room = [], PIECE_CHARACTERS
    if held:
        yield _piece(held)


def blocks_in(piece: bytes) -> list[Block]:
    """The blocks of a piece; raises MalformedError."""
    try:
        return [_block(document) for document in json.loads(piece.decode("utf-8", "surrogatepass"))]
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise MalformedError from error


def _piece(documents: list[str]) -> bytes:
    return f"[{','.join(documents)}]".encode("utf-8", "surrogatepass")


# ---------------------------------------------------------------------- packing


def _document(block: Block) -> list[Any]:
    place = [block.place.quotes, block.place.indent]
    match block:
        case Prose():
            flags = _flags(is_joined=block.is_joined, is_mid_line=block.is_mid_line)
            return [_PROSE, *place, flags, [_line_document(line) for line in block.lines]]
        case Code():
            flags = _flags(is_joined=block.is_joined, is_mid_line=block.is_mid_line)
            return [_CODE, *place, flags, block.text, block.language]
        case Formula():
            return [_FORMULA, *place, block.source]
        case Table():
            rows = [[_flat(cell) for cell in row] for row in (block.head, *block.rows)]
            return [_TABLE, *place, _flags(is_joined=block.is_joined), [*block.aligns], rows]
        case Rule():
            return [_RULE, *place]


def _flags(*, is_joined: bool, is_mid_line: bool = False) -> int:
    return (_JOINED if is_joined else 0) | (_MID_LINE if is_mid_line else 0)


def _line_document(line: Line) -> list[Any]:
    return [line.heading, line.marker, line.indent, _flat(line.spans)]


def _flat(spans: Iterable[Span]) -> list[Any]:
    return [each for span in spans for each in (span.text, span.style.value, span.target)]


# ---------------------------------------------------------------------- unpacking


def _block(document: list[Any]) -> Block:
    kind, quotes, indent, *rest = document
    place = Place(_level(quotes), _level(indent))
    match kind, rest:
        case "p", [flags, lines]:
            made = tuple([_line(line) for line in lines])
            if not made:
                raise MalformedError
            return Prose(made, place, _is(flags, _JOINED), _is(flags, _MID_LINE))
        case "c", [flags, text, language]:
            joined, mid_line = _is(flags, _JOINED), _is(flags, _MID_LINE)
            return Code(_text(text), _text(language), place, joined, mid_line)
        case "f", [source]:
            return Formula(_text(source), place)
        case "t", [flags, aligns, [head, *rows]]:
            return _table(place, _is(flags, _JOINED), aligns, head, rows)
        case "r", []:
            return Rule(place)
    raise MalformedError


def _table(place: Place, is_joined: bool, aligns: list[Any], head: list[Any], rows: Any) -> Table:
    columns = tuple([_ALIGNS[align] for align in aligns])
    cells = [tuple([_spans(cell) for cell in row]) for row in (head, *rows)]
    if not columns or any(len(row) != len(columns) for row in cells):
        raise MalformedError  # its view counts on as many cells in every row
    return Table(cells[0], tuple(cells[1:]), columns, place, is_joined)


def _line(document: list[Any]) -> Line:
    heading, marker, indent, flat = document
    if not 0 <= heading <= _HEADINGS:
        raise MalformedError
    return Line(_spans(flat), int(heading), _text(marker), _level(indent))


def _spans(flat: list[Any]) -> tuple[Span, ...]:
    texts, styles, targets = flat[::_PER_SPAN], flat[1::_PER_SPAN], flat[2::_PER_SPAN]
    return tuple(
        [
            Span(_text(text), _STYLES[style], _text(target))
            for text, style, target in zip(texts, styles, targets, strict=True)
        ]
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedError
    return value


def _level(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _DEEPEST:
        raise MalformedError
    return value


def _is(flags: int, flag: int) -> bool:
    return bool(flags & flag)
