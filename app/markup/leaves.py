"""Code, tables and formulas: a token → its blocks, in pieces that are quick to draw.

For: `building`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.markup.blocks import Align, Block, Formula, Line, Place, Span, Style, Table
from app.markup.pieces import code_pieces, prose_pieces, table_pieces
from app.markup.restarts import Placed, Restart

if TYPE_CHECKING:
    from markdown_it.token import Token

    from app.markup.table_rule import TableSource

_ALIGN_SIGNS = {Align.LEFT: "---", Align.CENTER: ":-:", Align.RIGHT: "--:"}
_LONGEST_LANGUAGE_CHARACTERS = 30
_LONGEST_FORMULA_CHARACTERS = 4_000


@dataclass(frozen=True)
class Spot:
    """Where the blocks of a token stand; `restart` is for the first of them."""

    place: Place
    restart: Restart | None

    @property
    def is_outside(self) -> bool:
        """Whether no list or quote holds it."""
        return self.place == Place()


def code_blocks(token: Token, spot: Spot) -> list[Placed]:
    """A code block's; what its first line says beside the language stands above it."""
    text = token.content.removesuffix("\n")
    info = token.info.strip() if token.type == "fence" else ""
    language, _, more = info.partition(" ")
    if len(language) > _LONGEST_LANGUAGE_CHARACTERS:
        language, more = "", info
    if language == "math" and text.strip():
        return formula_blocks(text.strip(), spot)
    blocks: list[Block] = []
    if more.strip():
        blocks += prose_pieces(Line((Span(more.strip(), Style.CODE),)), spot.place)
    placed = _with_restart(blocks, spot.restart)
    first = None if blocks else spot.restart
    for piece in code_pieces(text, language, spot.place):
        restart = first
        if piece.code.is_joined:
            is_open = token.type == "fence" and spot.is_outside and token.map
            restart = None
            if is_open and token.map and piece.first_line is not None:
                line = token.map[0] + 1 + piece.first_line
                restart = Restart(line, prefix=f"{token.markup}{language}\n", is_joined=True)
        placed.append(Placed(piece.code, restart))
    return placed


def table_blocks(
    source: TableSource, spans: Callable[[str], tuple[Span, ...]], spot: Spot
) -> list[Placed]:
    """A table's."""
    head = tuple(spans(cell) for cell in source.head)
    rows = tuple(tuple(spans(cell) for cell in row) for row in source.rows)
    placed: list[Placed] = []
    for row, table in table_pieces(Table(head, rows, source.aligns, spot.place)):
        restart = spot.restart
        if table.is_joined:
            line = source.first_row + row
            going_on = Restart(line, prefix=_table_prefix(source), is_joined=True)
            restart = going_on if spot.is_outside else None
        placed.append(Placed(table, restart))
    return placed


def formula_blocks(source: str, spot: Spot) -> list[Placed]:
    """A formula, or its source where nobody could read it as one."""
    if len(source) <= _LONGEST_FORMULA_CHARACTERS:
        return [Placed(Formula(source, spot.place), spot.restart)]
    pieces = [piece.code for piece in code_pieces(source, "latex", spot.place)]
    return _with_restart(pieces, spot.restart)


def _with_restart(blocks: Sequence[Block], restart: Restart | None) -> list[Placed]:
    return [Placed(block, None if number else restart) for number, block in enumerate(blocks)]


def _table_prefix(source: TableSource) -> str:
    """A table's head and delimiters, as they are read again before rows further down."""
    head = "|".join(cell.replace("|", "\\|") for cell in source.head)
    return f"|{head}|\n|{'|'.join(_ALIGN_SIGNS[align] for align in source.aligns)}|\n"
