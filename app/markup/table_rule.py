"""Tables in Markdown, as GitHub has them, one token each.

For: `grammar`. Unlike markdown-it-py's own rule it drops no cell beyond the head's (the last one
takes them), and gives one token instead of three a cell. What is too wide to be read as a table
stays text. Specification: GitHub Flavored Markdown 0.29, section 4.10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock

from app.markup.blocks import Align

MOST_COLUMNS = 64
LONGEST_ROW_CHARACTERS = 8_192
MOST_MISSING_CELLS = 16_384
_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r":?-+:?")
_DELIMITERS = re.compile(r"[-:|][-:|\s]+")


@dataclass(frozen=True)
class TableSource:
    """A table's cells as Markdown; row n stands in line `first_row` + n."""

    head: tuple[str, ...]
    aligns: tuple[Align, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int


def cells_of(line: str) -> list[str]:
    """A row's cells; `\\|` is a sign, no border."""
    cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line.strip())]
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return cells


def aligns_of(line: str) -> tuple[Align, ...]:
    """What a delimiter row says; nothing where it is none."""
    line = line.strip()
    if len(line) > LONGEST_ROW_CHARACTERS or not _DELIMITERS.fullmatch(line):
        return ()
    cells = [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
    if not all(_DELIMITER.fullmatch(cell) for cell in cells) or len(cells) > MOST_COLUMNS:
        return ()
    return tuple(_align(cell) for cell in cells)


def _align(cell: str) -> Align:
    if cell.endswith(":"):
        return Align.CENTER if cell.startswith(":") else Align.RIGHT
    return Align.LEFT


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A head, a row of delimiters, then rows as far as nothing else begins."""
    if start + 2 > end or state.sCount[start + 1] < state.blkIndent:
        return False
    if state.is_code_block(start) or state.is_code_block(start + 1):
        return False
    second = state.bMarks[start + 1] + state.tShift[start + 1]
    if not state.src.startswith(("|", "-", ":"), second):
        return False
    aligns = aligns_of(_line(state, start + 1))
    head_line = _line(state, start)
    if not aligns or "|" not in head_line or len(head_line) > LONGEST_ROW_CHARACTERS:
        return False
    head = cells_of(head_line)
    if len(head) != len(aligns):
        return False
    if not silent:
        rows = _rows(state, start + 2, end, len(head))
        token = state.push("table", "", 0)
        token.map = [start, start + 2 + len(rows)]
        token.meta = {"table": TableSource(tuple(head), aligns, rows, start + 2)}
        state.line = start + 2 + len(rows)
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _rows(state: StateBlock, start: int, end: int, columns: int) -> tuple[tuple[str, ...], ...]:
    terminators = state.md.block.ruler.getRules("blockquote")
    outer, state.parentType = state.parentType, "table"
    rows: list[tuple[str, ...]] = []
    missing = 0
    for line in range(start, end):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent or state.is_code_block(line):
            break
        if any(rule(state, line, end, True) for rule in terminators):
            break
        source = _line(state, line)
        cells = cells_of(source) if len(source) <= LONGEST_ROW_CHARACTERS else []
        missing += max(0, columns - len(cells))
        if not cells or missing > MOST_MISSING_CELLS:
            break
        rows.append(_fitted(cells, columns))
    state.parentType = outer
    return tuple(rows)


def _fitted(cells: list[str], columns: int) -> tuple[str, ...]:
    """As many cells as columns: missing ones are empty, the last takes those too many."""
    if len(cells) > columns:
        return (*cells[: columns - 1], " | ".join(cells[columns - 1 :]))
    return (*cells, *[""] * (columns - len(cells)))
