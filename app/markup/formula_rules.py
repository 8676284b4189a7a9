"""Formulas in Markdown: `$…$`, `\\(…\\)` in a line; `$$…$$`, `\\[…\\]` and environments displayed.

For: `grammar`. Written from what models write; a price is no formula. An unclosed one is text,
unless the text still grows: then its source is a "formula_source" until its end comes.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

# `env` keys: that the text still grows; where a search for a formula's end has failed.
GROWING = "growing"
_FAILED = "formulas_without_end"
_BEGIN = re.compile(
    r"\\begin\{((?:equation|align|alignat|flalign|gather|multline|eqnarray|split|cases"
    r"|[pbBvV]?matrix|array)\*?)\}"
)
_CLOSINGS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_PUNCTUATION = re.compile(r"\s*[.,;:]?\s*")
_DIGITS_FIRST = re.compile(r"\d[\d.,]*")
_SIGNS = re.compile(r"[\\^_=<>{}+*/|!]")
_COMPACT = re.compile(r"\d[\d.,]*\s?[a-zA-Z]?")


def display_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A display formula: from its opening, which begins a line, to an end that ends one."""
    if state.is_code_block(start):
        return False
    position = state.bMarks[start] + state.tShift[start]
    opening = _opening(state.src, position, state.eMarks[start])
    if opening is None:
        return False
    before, closing = opening
    position += len(before)
    found = _closing_line(state, start, position, end, closing)
    if found is None:
        return _growing_formula(state, start, end, silent, before)
    line, at = found
    after = state.src[at + len(closing) : state.eMarks[line]]
    if not _PUNCTUATION.fullmatch(after):
        return False
    source = _lines(state, start, position, line, at)
    if not source.strip():
        return False
    if not silent:
        is_environment = before.startswith("\\begin")
        whole = before + source + closing if is_environment else source.strip() + after.strip()
        _push(state, "formula_block", whole, start, line + 1)
    return True


def _opening(source: str, position: int, end: int) -> tuple[str, str] | None:
    """The opening at a position and the closing it asks for."""
    if source.startswith("$$", position):
        return "$$", "$$"
    if source.startswith("\\[", position):
        return "\\[", "\\]"
    match = _BEGIN.match(source, position, end)
    return (match.group(), "\\end{" + match.group(1) + "}") if match else None


def _closing_line(
    state: StateBlock, start: int, position: int, end: int, closing: str
) -> tuple[int, int] | None:
    """The line and the position of a formula's end; none after a blank line."""
    failed: dict[tuple[str, int, int], int] = state.env.setdefault(_FAILED, {})
    key = (closing, state.blkIndent, end)
    line = max(start, failed.get(key, 0))
    while line < end:
        if line > start:
            position = state.bMarks[line] + state.tShift[line]
            if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
                break
        at = state.src.find(closing, position, state.eMarks[line])
        if at >= 0:
            return line, at
        line += 1
    failed[key] = line
    return None


def _lines(state: StateBlock, start: int, position: int, line: int, at: int) -> str:
    """The source between two positions, without what the lines' containers put before them."""
    if line == start:
        return state.src[position:at]
    first = state.src[position : state.eMarks[start]]
    between = [
        state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
        for number in range(start + 1, line)
    ]
    last = state.src[state.bMarks[line] + state.tShift[line] : at]
    return "\n".join([first, *between, last])


def _growing_formula(state: StateBlock, start: int, end: int, silent: bool, opening: str) -> bool:
    if not state.env.get(GROWING) or end < state.lineMax:
        return False
    if any(state.isEmpty(line) for line in range(start, end)):
        return False
    if not silent:
        source = state.getLines(start, end, state.blkIndent, False)
        if opening in ("$$", "\\["):
            source = source.lstrip().removeprefix(opening).lstrip()
        _push(state, "formula_source", source, start, end)
    return True


def _push(state: StateBlock, kind: str, source: str, start: int, end: int) -> None:
    token = state.push(kind, "", 0)
    token.content = source
    token.map = [start, end]
    state.line = end


def inline_formula(state: StateInline, silent: bool) -> bool:
    """A formula in a line."""
    found = _inline(state.src, state.pos, state.posMax)
    if found is None:
        return False
    start, end, closing = found
    if not silent:
        state.push("formula", "", 0).content = state.src[start:end].strip()
    state.pos = end + len(closing)
    return True


def closing_of_inline(source: str, position: int) -> int:
    """Where a formula that begins at a position ends; -1 where none does."""
    found = _inline(source, position, len(source))
    return found[1] + len(found[2]) if found else -1


def _inline(source: str, position: int, maximum: int) -> tuple[int, int, str] | None:
    """A formula's start and end within its signs, and the closing one."""
    closing = _CLOSINGS.get(source[position : position + 2])
    if closing is None:
        if not source.startswith("$", position):
            return None
        closing = "$"
    start = position + len(closing)
    end = _find(source, closing, start, maximum)
    if end < 0 or not source[start:end].strip():
        return None
    if closing == "$" and not _is_formula(source, position, end, maximum):
        return None
    return start, end, closing


def _find(source: str, closing: str, start: int, end: int) -> int:
    """Where a closing stands that no backslash takes; -1 where there is none."""
    at = source.find(closing, start, end)
    while at > 0:
        slashes = at
        while slashes > start and source[slashes - 1] == "\\":
            slashes -= 1
        if (at - slashes) % 2 == 0:
            return at
        at = source.find(closing, at + 1, end)
    return -1


def _is_formula(source: str, start: int, end: int, maximum: int) -> bool:
    """Whether single dollars hold a formula, and not what lies between two prices or names."""
    text = source[start + 1 : end]
    before = source[start - 1] if start else ""
    after = source[end + 1] if end + 1 < maximum else ""
    if not text or text[0].isspace() or text[-1].isspace():
        return False
    if before.isalnum() or before == "$" or after.isdigit() or after == "$":
        return False
    if after.isalpha() and not (text[-1].isalnum() or text[-1] in ")}'"):
        return False
    if _DIGITS_FIRST.match(text):
        return bool(_SIGNS.search(text) or _COMPACT.fullmatch(text))
    return True
