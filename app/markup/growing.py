"""A message that grows: only its unfinished end is read again.

For: an answer that streams. Blocks before the end are settled and stay; a long code, list, table
or paragraph at the end is settled in pieces. `finish` makes it what `read` says of the whole:
only then are footnotes at the end, and links defined further down known everywhere.
"""

from __future__ import annotations

import re
from collections import ChainMap
from dataclasses import dataclass, replace
from typing import Any

from app.markup.blocks import Block, Code, Place, Prose, Table
from app.markup.notes import Notes
from app.markup.pieces import plain_pieces
from app.markup.reading import MARKDOWN_CHARACTERS, read
from app.markup.restarts import Placed, Restart
from app.markup.visible import normalised, visible

# An end without any place to settle at is cut, wherever that is: `finish` mends what it broke.
# Code and tables are quick to read, and their pieces longer.
LONGEST_END_CHARACTERS = 6_000
LONGEST_PIECE_CHARACTERS = 12_000
_CUT_CHARACTERS = 4_000
_INDENT = re.compile(r"[ \t]*")
_MARKER = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]")
_FENCE = re.compile(
    r"^([ \t>]*)(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^`\n]*)$", re.MULTILINE
)
# So much of a text that comes at once is read in a step: 1 to 65 ms of processor time.
STEP_CHARACTERS = 4_000
# An end that is longer, and no code, is read by a process of its own: at each word anew it takes 10
# to 50 ms where signs are many. Paragraphs, list items and rows of answers are shorter.
_HEAVY_END_CHARACTERS = 4_000


@dataclass(frozen=True)
class Change:
    """The first `keep` blocks stay as they were; `blocks` are instead of all others."""

    keep: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class _End:
    """Where the unfinished end begins, and what is open there."""

    position: int
    restart: Restart
    indent: int = 0  # list levels it stands in
    indent_columns: int = 0


class GrowingText:
    """One message as it grows. Of one thread at a time."""

    def __init__(self) -> None:
        self._shown: list[Block] = []
        self._source = ""
        self._read_to = 0  # of the source
        self._end = _End(0, Restart(0))
        self._settled = 0  # blocks before the end
        self._first_open = 0  # of the blocks just read, those from here on are the new end's
        self._notes = Notes(are_expected=True)
        self._references: dict[str, Any] = {}
        self._found: ChainMap[str, Any] = ChainMap()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is shown."""
        return tuple(self._shown)

    @property
    def is_behind(self) -> bool:
        """Whether some of the text is not read yet, for want of steps."""
        return self._read_to < len(self._source)

    @property
    def read_characters(self) -> int:
        """How much of the text is read."""
        return self._read_to

    def is_heavy(self, text: str) -> bool:
        """Whether a window should not wait until this is shown: much came at once, or all of a long
        end has to be read again.
        """
        last = self._shown[-1] if self._shown else None
        end_characters = self._read_to - self._end.position
        is_end_heavy = end_characters > _HEAVY_END_CHARACTERS and not isinstance(last, Code)
        return is_end_heavy or len(text) - self._read_to > STEP_CHARACTERS

    def show(self, text: str, steps: int | None = None) -> Change:
        """The change that shows a text, be it a continuation of the one before or not.

        Of much that comes at once so many steps are read, without a number all; what is left
        is read when it is shown again.
        """
        source = normalised(text)
        if not source.startswith(self._source):
            self._begin()
        self._source = source
        settled: list[Block] = []
        while True:
            stop = min(len(source), max(self._read_to, self._end.position) + STEP_CHARACTERS)
            placed = self._read(source[self._end.position : stop])
            settled += self._settle(placed, source[self._end.position : stop])
            while stop - self._end.position > _longest(placed):
                settled += self._cut()
                placed = self._read(source[self._end.position : stop])
                settled += self._settle(placed, source[self._end.position : stop])
            self._read_to = stop
            if stop == len(source) or (steps is not None and (steps := steps - 1) <= 0):
                break
        last = placed[self._first_open :]
        return self._change([*settled, *(one.block for one in last)], len(settled))

    def finish(self) -> Change:
        """The change that makes it what `read` says; a text shown later is read anew."""
        blocks = read(self._source)
        self._begin()
        return self._change(list(blocks), 0)

    def _begin(self) -> None:
        """Nothing is read yet, whatever is shown."""
        self._source = ""
        self._read_to = 0
        self._end = _End(0, Restart(0))
        self._settled = 0
        self._notes = Notes(are_expected=True)
        self._references = {}

    def _change(self, blocks: list[Block], newly_settled: int) -> Change:
        """Shows blocks after the settled ones; those that stayed alike are kept."""
        before = self._shown[self._settled :]
        alike = 0
        while alike < min(len(before), len(blocks)) and before[alike] == blocks[alike]:
            alike += 1
        keep = self._settled + alike
        self._shown[keep:] = blocks[alike:]
        self._settled += newly_settled
        return Change(keep, tuple(blocks[alike:]))

    # ------------------------------------------------------------------ reading the end

    def _read(self, raw: str) -> list[Placed]:
        """The blocks of the end, as it will most likely become."""
        if self._end.position >= MARKDOWN_CHARACTERS:
            return self._set_in([Placed(piece) for piece in plain_pieces(visible(raw))])
        from app.markup.parsing import parse
        from app.markup.unfinished import settle, without_begun_line

        source = visible(without_begun_line(self._dedented(raw)))
        is_line_open = not source.endswith("\n")
        self._found = ChainMap({}, self._references)
        restart = self._end.restart
        parsed = parse(
            restart.prefix + source,
            self._notes,
            self._found,
            restart.number,
            lambda tokens: settle(tokens, is_line_open),
        )
        return self._set_in(parsed.placed)

    def _dedented(self, raw: str) -> str:
        columns = self._end.indent_columns
        return re.sub(rf"^ {{1,{columns}}}", "", raw, flags=re.MULTILINE) if columns else raw

    def _set_in(self, placed: list[Placed]) -> list[Placed]:
        """The blocks where they really stand, the first joining the one above."""
        restart, indent = self._end.restart, self._end.indent
        if indent:
            placed = [Placed(_moved(one.block, indent), one.restart) for one in placed]
        if placed and restart.is_joined:
            first = _joined(placed[0].block, restart.is_mid_line)
            placed = [Placed(first, placed[0].restart), *placed[1:]]
        return placed

    # ------------------------------------------------------------------ settling

    def _settle(self, placed: list[Placed], raw: str) -> list[Block]:
        """Moves the end forward to the last block that can be read by itself."""
        self._first_open = 0
        if self._end.position >= MARKDOWN_CHARACTERS:
            return []
        starts = _line_starts(raw)
        for index in range(len(placed) - 1, 0, -1):
            restart = placed[index].restart
            position = self._position(restart, starts, raw) if restart else None
            if restart is not None and position is not None:
                self._first_open = index
                self._keep_definitions()
                self._end = self._end_at(self._end.position + position, restart)
                return [one.block for one in placed[:index]]
        return []

    def _position(self, restart: Restart, starts: list[int], raw: str) -> int | None:
        """Where a restart is in the end; None where nothing can begin yet, or not there."""
        line = restart.line - self._end.restart.prefix.count("\n")
        # The last start is that of a line which is not whole: it may yet become another thing.
        if not 0 <= line < len(starts) - (0 if restart.column else 1):
            return None
        return starts[line] + _raw_column(raw[starts[line] :], restart.column)

    def _keep_definitions(self) -> None:
        for label, found in self._found.maps[0].items():
            self._references.setdefault(label, found)

    def _end_at(self, position: int, restart: Restart) -> _End:
        end = self._end
        match = _INDENT.match(self._source, position, position + _CUT_CHARACTERS)
        is_within = match is not None and len(match.group()) >= end.indent_columns > 0
        indent, columns = (end.indent, end.indent_columns) if is_within else (0, 0)
        return _End(position, replace(restart, line=0, column=0), indent, columns)

    # ------------------------------------------------------------------ cutting

    def _cut(self) -> list[Block]:
        """Settles the first lines of an end that can't be settled at any of its blocks."""
        start = self._end.position
        at = self._source.rfind("\n", start, start + _CUT_CHARACTERS) + 1
        is_mid_line = not at
        if is_mid_line:
            space = self._source.rfind(" ", start, start + _CUT_CHARACTERS) + 1
            at = space or start + _CUT_CHARACTERS
        placed = self._read(self._source[start:at])
        blocks = [one.block for one in placed]
        last = blocks[-1] if blocks else None
        columns = self._columns(at)
        level = last.place.indent if last is not None else 0
        if isinstance(last, Prose) and last.place.indent:
            level += last.lines[-1].indent
        if _MARKER.match(self._source, at, at + _CUT_CHARACTERS):
            level = max(0, level - 1)
        prefix = _open_fence(self._source[start:at], self._end.restart.prefix)
        is_joined = isinstance(last, Code) if prefix else is_mid_line
        restart = Restart(0, 0, None, prefix, is_joined, is_mid_line)
        self._end = _End(at, restart, level if columns else 0, columns)
        return blocks

    def _columns(self, position: int) -> int:
        match = _INDENT.match(self._source, position, position + _CUT_CHARACTERS)
        return len(match.group()) if match else 0


def _longest(placed: list[Placed]) -> int:
    """How long an end that was read to these blocks may be."""
    is_quick = bool(placed) and isinstance(placed[-1].block, Code | Table)
    return LONGEST_PIECE_CHARACTERS if is_quick else LONGEST_END_CHARACTERS


def _line_starts(source: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", source))]


def _raw_column(line: str, column: int) -> int:
    """The column of a line as it was written, from the one in its visible form."""
    if not column or visible(line[:column]) == line[:column]:
        return column
    low, high = 0, min(column, len(line))
    while low < high:
        middle = (low + high) // 2
        if len(visible(line[:middle])) < column:
            low = middle + 1
        else:
            high = middle
    return low


def _moved(block: Block, indent: int) -> Block:
    place = Place(block.place.quotes, block.place.indent + indent)
    return replace(block, place=place)


def _joined(block: Block, is_mid_line: bool) -> Block:
    if isinstance(block, Prose | Code):
        return replace(block, is_joined=True, is_mid_line=is_mid_line)
    if isinstance(block, Table):
        return replace(block, is_joined=True)
    return block


def _open_fence(source: str, prefix: str) -> str:
    """What opens again a fence that a source leaves open."""
    quotes = sign = language = ""
    for found in _FENCE.finditer(prefix + source):
        info = found.group(3).strip()
        if not sign:
            quotes = "> " * found.group(1).count(">")
            sign, language = found.group(2), info.partition(" ")[0]
        elif not info and found.group(2).startswith(sign):
            sign = ""
    return f"{quotes}{sign}{language}\n" if sign else ""
