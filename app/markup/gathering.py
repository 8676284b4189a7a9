"""Blocks in the order in which they come; the lines of a list gathered into prose.

For: `building`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.markup.blocks import Block, Line, Place, Prose
from app.markup.pieces import PROSE_CHARACTERS, PROSE_LINES, prose_pieces, room_of
from app.markup.restarts import Placed, Restart

# A list's prose ends before an outermost item from here on, so that it can be read on from there.
_EARLY_LINES = 25


@dataclass
class _Lines:
    """A list's lines that are not yet a prose."""

    lines: list[Line] = field(default_factory=list)
    characters: int = 0
    quotes: int = 0
    restart: Restart | None = None
    is_joined: bool = False


class Gathering:
    """Takes blocks and lines; `placed` is what came of them up to the last `flush`."""

    def __init__(self) -> None:
        self.placed: list[Placed] = []
        self._open = _Lines()

    def put(self, block: Block, restart: Restart | None = None) -> None:
        """Add a block."""
        self.placed.append(Placed(block, restart))

    def paragraph(self, line: Line, place: Place, restart: Restart | None) -> None:
        """Add a paragraph that is a prose of its own."""
        pieces = prose_pieces(line, place)
        if restart is not None and restart.is_joined:
            first = replace(pieces[0], is_joined=True, is_mid_line=restart.is_mid_line)
            pieces[0] = first
        for number, piece in enumerate(pieces):
            self.put(piece, None if number else restart)

    def add(self, line: Line, quotes: int, restart: Restart | None) -> None:
        """Add a line of a list."""
        characters = room_of(line)
        is_full = self._open.characters + characters > PROSE_CHARACTERS
        if is_full or len(self._open.lines) >= PROSE_LINES:
            self.flush(is_going_on=True)
        if not self._open.lines:
            self._open.restart = restart
            self._open.quotes = quotes
        self._open.lines.append(line)
        self._open.characters += characters

    def next_item(self) -> bool:
        """An outermost item begins; whether its line joins a prose that ends here."""
        if len(self._open.lines) >= _EARLY_LINES:
            self.flush(is_going_on=True)
        return self._open.is_joined and not self._open.lines

    def flush(self, is_going_on: bool = False) -> None:
        """End the lines' prose; `is_going_on`: the next one joins it."""
        held = self._open
        self._open = _Lines(is_joined=is_going_on and bool(held.lines))
        if not held.lines:
            return
        place = Place(held.quotes, 1)
        if len(held.lines) > 1:
            self.put(Prose(tuple(held.lines), place, held.is_joined), held.restart)
            return
        for number, piece in enumerate(prose_pieces(held.lines[0], place)):
            joined = replace(piece, is_joined=held.is_joined or bool(number))
            self.put(joined, None if number else held.restart)
