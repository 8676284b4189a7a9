"""The end of a text that still grows, shown as it will most likely become.

For: `growing`. Emphasis, code and links that are open are closed, a table's head is a table
before its delimiters come, a formula is source until it is whole, and signs that only begin
something are held back until it is known what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.markup.blocks import Align
from app.markup.formula_rules import closing_of_inline
from app.markup.pieces import last_chunk_start
from app.markup.table_rule import TableSource, cells_of

if TYPE_CHECKING:
    from markdown_it.token import Token

# Each of its parts takes all that it can and gives nothing back: quotes within quotes are signs in
# two of them, and 16,000 would be tried for seconds.
_BEGUN = re.compile(
    r"(?=[ \t]*[^ \t\n])[ \t>]*+"
    r"(?:[-*+#=_~`|:][-*+#>=_~`|:]*+|\d{1,2}[.)]|\\[\[(]?|\$)?[ \t]*+"
)
_SIGN = re.compile(r"[\\`$*_~\[]")
_RUN = re.compile(r"([`*_~])\1*")
_OPEN_LINK = re.compile(r"\[[^\[\]]*\](?:\([^()\s]*)?")
_FORMULA_SIGNS = re.compile(r"[\\^_{=]")
_HALF_DELIMITERS = re.compile(r"[|:\- \t]*")


def without_begun_line(source: str) -> str:
    """The source without a last line that has nothing but signs so far."""
    start = source.rfind("\n") + 1
    return source[:start] if _BEGUN.fullmatch(source, start) else source


def settle(tokens: list[Token], is_line_open: bool) -> None:
    """Calms the block that stands at the end."""
    last = len(tokens) - 1
    while last >= 0 and tokens[last].nesting < 0:
        last -= 1
    if last < 0:
        return
    token = tokens[last]
    if token.type == "inline":
        if not (last and tokens[last - 1].type == "paragraph_open" and _as_table(tokens, last)):
            token.content = settled(token.content)
    elif token.type == "table":
        token.meta = {"table": _settled_table(token.meta["table"])}
    elif token.type == "fence" and is_line_open and not token.content and " " not in token.info:
        token.info = ""  # the language's name is still being written


def _as_table(tokens: list[Token], index: int) -> bool:
    """Makes a table of a paragraph that ends in a table's head."""
    token = tokens[index]
    lines = token.content.split("\n")
    head = len(lines) - 1
    if head and _HALF_DELIMITERS.fullmatch(lines[head]):
        head -= 1
    cells = cells_of(lines[head])
    is_head = lines[head].lstrip().startswith("|") and any(cells) and token.map is not None
    if not is_head or (head and lines[head - 1].lstrip().startswith("|")):
        return False
    opening, closing = tokens[index - 1], tokens[index + 1]
    table = replace_token(opening, "table", (token.map or [0])[0] + head)
    shown = tuple(settled(cell) for cell in cells)
    table.meta = {"table": TableSource(shown, (Align.LEFT,) * len(cells), (), 0)}
    if not head:
        tokens[index - 1 : index + 2] = [table]
        return True
    token.content = "\n".join(lines[:head])
    tokens[index - 1 : index + 2] = [opening, token, closing, table]
    return True


def replace_token(like: Token, kind: str, line: int) -> Token:
    """A token of another kind that stands where a block does, from a line on."""
    from markdown_it.token import Token as NewToken

    return NewToken(kind, "", 0, map=[line, line + 1], level=like.level)


def _settled_table(table: TableSource) -> TableSource:
    """A table whose last cell that has text is calm."""
    if not table.rows:
        return table
    cells = list(table.rows[-1])
    filled = [column for column, cell in enumerate(cells) if cell]
    if filled:
        cells[filled[-1]] = settled(cells[filled[-1]])
    return replace(table, rows=(*table.rows[:-1], tuple(cells)))


def settled(source: str) -> str:
    """A paragraph's source with what is open closed."""
    start = last_chunk_start(source)
    return source[:start] + _Closing(source[start:]).closed()


@dataclass
class _Run:
    """Delimiters that opened emphasis."""

    sign: str
    count: int


class _Closing:
    """Goes once through a paragraph and knows what is open at its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[_Run] = []
        self._after = ""

    def closed(self) -> str:
        """The paragraph, closed."""
        position = 0
        while 0 <= position < len(self._text):
            match = _SIGN.search(self._text, position)
            if match is None:
                break
            position = self._next(match.start())
        marks = "".join(run.sign * run.count for run in reversed(self._open))
        if marks and not self._after:
            return self._text.rstrip() + marks
        return self._text + self._after + marks

    def _next(self, at: int) -> int:
        """Where to go on after a sign; -1 where it takes all the rest."""
        sign = self._text[at]
        if sign == "[":
            return self._on_bracket(at)
        if sign == "`":
            return self._on_code(at)
        if sign in "\\$":
            return self._on_formula(at)
        return self._on_run(at)

    def _on_bracket(self, at: int) -> int:
        match = _OPEN_LINK.match(self._text, at)
        if match is None or match.end() < len(self._text) or "(" not in match.group():
            return at + 1
        self._after = ")"
        return -1

    def _on_code(self, at: int) -> int:
        match = _RUN.match(self._text, at)
        run = match.group() if match else "`"
        end = at + len(run)
        for later in _RUN.finditer(self._text, end):
            if later.group() == run:
                return later.end()
        rest = self._text[end:].rstrip("`")
        self._text = self._text[:end] + rest if rest.strip() else self._text[:at].rstrip(" ")
        self._after = run if rest.strip() else ""
        return -1

    def _on_formula(self, at: int) -> int:
        found = closing_of_inline(self._text, at)
        if found > 0:
            return found
        opening = self._text[at : at + 2]
        if opening not in ("\\(", "\\[", "$$"):
            if opening[0] == "\\":
                return at + 2
            opening = "$"
        rest = self._text[at + len(opening) :]
        is_price = opening == "$" and (not rest[:1].strip() or rest[:1].isdigit())
        if is_price or (opening == "$" and ("$" in rest or not _FORMULA_SIGNS.search(rest))):
            return at + 1
        ticks = "`" * (1 + max((len(run) for run in re.findall("`+", rest)), default=0))
        shown = f"{ticks} {rest.strip()} {ticks}" if rest.strip() else ""
        self._text, self._after = self._text[:at], shown
        return -1

    def _on_run(self, at: int) -> int:
        match = _RUN.match(self._text, at)
        run = match.group() if match else self._text[at]
        end = at + len(run)
        if end == len(self._text):  # it closes, or opens what has not come yet
            self._text = self._text[:at].rstrip(" ")
            return -1
        before, after = self._text[at - 1] if at else " ", self._text[end]
        sign, count = run[0], len(run)
        is_within = sign == "_" and before.isalnum() and after.isalnum()
        if is_within or (sign == "~" and count != 2):
            return end
        if not before.isspace():
            count = self._close(sign, count)
        if count and not after.isspace() and not (sign == "_" and before.isalnum()):
            self._open.append(_Run(sign, count))
        return end

    def _close(self, sign: str, count: int) -> int:
        """Closes what a run can close; how many of its signs are left."""
        while count and any(run.sign == sign for run in self._open):
            while self._open[-1].sign != sign:
                self._open.pop()
            taken = min(count, self._open[-1].count)
            self._open[-1].count -= taken
            count -= taken
            if not self._open[-1].count:
                self._open.pop()
        return count
