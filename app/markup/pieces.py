"""Long texts cut into pieces that are each quick to draw.

For: the making of blocks. A cut never loses a character: pieces joined give the whole again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.markup.blocks import Code, Line, Place, Prose, Span, Style, Table

PROSE_CHARACTERS = 2_000
PROSE_LINES = 40
# What costs more to lay out than its characters: 140 formulas in one text took 80 ms.
_FORMULA_CHARACTERS = 24
_LINK_CHARACTERS = 12
CODE_CHARACTERS = 8_192
CODE_LINES = 200
TABLE_ROWS = 60
TABLE_CELLS = 600
TABLE_CHARACTERS = 8_192
# Markdown within a paragraph is read this many characters at a time: brackets and emphasis cost
# more than their length.
SOURCE_CHARACTERS = 3_072


@dataclass(frozen=True)
class CodePiece:
    """Some lines of a code; `first_line` counts from 0 in the code, None within a line."""

    code: Code
    first_line: int | None


# What belongs to the sign before it: joiners, marks, variations and tones of emoji, tags.
_GOES_ON = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f\u200c\u200d"
    "\u20d0-\u20f0\u3099\u309a\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_LONGEST_SIGN = 40


def word_cut(text: str, start: int, limit: int) -> int:
    """Where a piece that begins at `start` ends: after a line or a word, if there is an end."""
    if len(text) - start <= limit:
        return len(text)
    end = start + limit
    for sign in ("\n", " "):
        found = text.rfind(sign, start + limit // 2, end)
        if found >= 0:
            return found + 1
    return sign_cut(text, start, end)


def sign_cut(text: str, start: int, end: int) -> int:
    """`end`, or a little before it where that is within one sign: letter and accent, emoji."""
    for cut in range(end, max(start, end - _LONGEST_SIGN), -1):
        if not _GOES_ON.match(text, cut) and text[cut - 1] != "\u200d":
            return cut
    return end


def last_chunk_start(text: str) -> int:
    """Where the last chunk of a paragraph's source begins."""
    start = 0
    while len(text) - start > SOURCE_CHARACTERS:
        start = word_cut(text, start, SOURCE_CHARACTERS)
    return start


def source_chunks(text: str) -> Iterator[tuple[int, str]]:
    """A paragraph's source in chunks, with where each begins; chunks but the last never change."""
    start = 0
    while start < len(text):
        end = word_cut(text, start, SOURCE_CHARACTERS)
        yield start, text[start:end]
        start = end


def line_pieces(line: Line) -> list[Line]:
    """A line in pieces; its marker stands before the first. A piece may end in a line break."""
    pieces: list[Line] = []
    spans: list[Span] = []
    room, lines = PROSE_CHARACTERS, PROSE_LINES
    for span in line.spans:
        text, start = span.text, 0
        if spans and len(text) > room and room < PROSE_CHARACTERS // 4:
            pieces.append(replace(line, spans=tuple(spans)))
            line, spans = replace(line, marker=""), []
            room, lines = PROSE_CHARACTERS, PROSE_LINES
        while start < len(text):
            end = _span_cut(text, start, room, lines)
            spans.append(replace(span, text=text[start:end]))
            room -= end - start
            lines -= text.count("\n", start, end)
            start = end
            room -= _extra(span)
            if start < len(text) or room <= 0 or lines <= 0:
                pieces.append(replace(line, spans=tuple(spans)))
                line, spans = replace(line, marker=""), []
                room, lines = PROSE_CHARACTERS, PROSE_LINES
    if spans or not pieces:
        pieces.append(replace(line, spans=tuple(spans)))
    return pieces


def room_of(line: Line) -> int:
    """What a line takes of a piece's room."""
    return sum(len(span.text) + _extra(span) for span in line.spans)


def _extra(span: Span) -> int:
    """What a span takes of a piece's room beyond its characters."""
    if Style.FORMULA in span.style:
        return _FORMULA_CHARACTERS
    return _LINK_CHARACTERS if span.target else 0


def _span_cut(text: str, start: int, room: int, lines: int) -> int:
    end = word_cut(text, start, room)
    found = start - 1
    for _ in range(lines):
        found = text.find("\n", found + 1, end)
        if found < 0:
            return end
    return found + 1


def without_break(line: Line) -> tuple[Line, bool]:
    """A piece without the line break at its end, and whether there was one."""
    if not line.spans or not line.spans[-1].text.endswith("\n"):
        return line, False
    last = line.spans[-1]
    kept = (replace(last, text=last.text[:-1]),) if len(last.text) > 1 else ()
    return replace(line, spans=(*line.spans[:-1], *kept)), True


def prose_pieces(line: Line, place: Place) -> list[Prose]:
    """A paragraph as one prose, or several that join."""
    characters = room_of(line)
    breaks = sum(span.text.count("\n") for span in line.spans)
    if characters <= PROSE_CHARACTERS and breaks < PROSE_LINES:
        return [Prose((line,), place)]
    pieces: list[Prose] = []
    is_mid_line = False
    for piece in line_pieces(line):
        shown, is_broken = without_break(piece)
        pieces.append(Prose((shown,), place, bool(pieces), is_mid_line))
        is_mid_line = not is_broken
    return pieces


def plain_pieces(text: str, is_joined: bool = False) -> list[Prose]:
    """A text as it is, without any Markdown."""
    if not text.strip():
        return []
    pieces = prose_pieces(Line((Span(text.rstrip("\n")),)), Place())
    if is_joined:
        pieces[0] = replace(pieces[0], is_joined=True)
    return pieces


def code_pieces(text: str, language: str, place: Place) -> list[CodePiece]:
    """A code in pieces; all but the last stay as they are when lines are added to it."""
    pieces: list[CodePiece] = []
    number, start = 0, 0
    is_mid_line = False
    while start < len(text) or not pieces:
        end = _code_cut(text, start)
        piece = text[start:end]
        ends_line = piece.endswith("\n")
        code = Code(
            piece[:-1] if ends_line and end < len(text) else piece,
            language,
            place,
            is_joined=bool(pieces),
            is_mid_line=is_mid_line,
        )
        pieces.append(CodePiece(code, None if is_mid_line else number))
        number += piece.count("\n")
        is_mid_line = not ends_line
        start = end
    return pieces


def _code_cut(text: str, start: int) -> int:
    end = start
    for _ in range(CODE_LINES):
        found = text.find("\n", end)
        line_end = len(text) if found < 0 else found + 1
        if line_end - start > CODE_CHARACTERS:
            return end if end > start else start + CODE_CHARACTERS
        end = line_end
        if found < 0:
            break
    return end


def table_pieces(table: Table) -> list[tuple[int, Table]]:
    """A table in pieces, with the number of each one's first row."""
    pieces: list[tuple[int, Table]] = []
    start = 0
    while start < len(table.rows) or not pieces:
        end = _table_cut(table.rows, start, max(1, TABLE_CELLS // max(1, len(table.head))))
        piece = replace(table, rows=table.rows[start:end], is_joined=bool(pieces))
        pieces.append((start, piece))
        start = max(end, start + 1)
    return pieces


def _table_cut(rows: Sequence[tuple[tuple[Span, ...], ...]], start: int, most_rows: int) -> int:
    end, characters = start, 0
    while end < len(rows) and end - start < min(TABLE_ROWS, most_rows):
        characters += sum(len(span.text) for cell in rows[end] for span in cell)
        if characters > TABLE_CHARACTERS and end > start:
            break
        end += 1
    return end
