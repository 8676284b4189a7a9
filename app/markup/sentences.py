"""The sentences of a growing answer, each handed out once, when it is whole.

For: telling a screen reader what has come. Code and tables are named, not read: their words come
from the caller, who knows the user's language. A formula is its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from app.markup.blocks import Block, Code, Formula, Line, Prose, Table

_END = re.compile(
    r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？…]+[」』”’）]*|\n"  # of a sentence, or of a line
)
_NUMBER = re.compile(r"(?:.*\n)?\d+\.", re.DOTALL)  # of an item, no sentence of its own


class Sentences:
    """Knows how much of one answer has been handed out.

    `code_words` names a code block, given its language as it is written ("py", or nothing): "Code
    block, Python". `table_words` names a table, given its rows and columns.
    """

    def __init__(
        self, code_words: Callable[[str], str], table_words: Callable[[int, int], str]
    ) -> None:
        self._code_words = code_words
        self._table_words = table_words
        self._block = 0
        self._offset = 0

    def new(self, blocks: Sequence[Block], is_finished: bool = False) -> tuple[str, ...]:
        """The sentences that are whole now and were not before; at the end all that is left."""
        found: list[str] = []
        while self._block < len(blocks):
            is_whole = is_finished or self._block + 1 < len(blocks)
            text = self._text(blocks[self._block], is_whole)
            found += self._taken(text, is_whole)
            if not is_whole:
                break
            self._block += 1
            self._offset = 0
        return tuple(found)

    def _taken(self, text: str, is_whole: bool) -> list[str]:
        start = min(self._offset, len(text))
        parts: list[str] = []
        for match in _END.finditer(text, start):
            if _NUMBER.fullmatch(text, start, match.end()):
                continue
            parts.append(text[start : match.end()])
            start = match.end()
        if is_whole:
            parts.append(text[start:])
            start = len(text)
        self._offset = start
        return [part.strip() for part in parts if part.strip()]

    def _text(self, block: Block, is_whole: bool) -> str:
        """What is said of a block, as far as it can be said yet."""
        if isinstance(block, Prose):
            return "\n".join(_line_text(line) for line in block.lines)
        if isinstance(block, Formula):
            return block.source.replace("\n", " ") if is_whole else ""
        if isinstance(block, Code) and not block.is_joined and (is_whole or block.text):
            return self._code_words(block.language) + "\n"
        if isinstance(block, Table) and not block.is_joined and is_whole:
            return self._table_words(len(block.rows), len(block.head))
        return ""


def _line_text(line: Line) -> str:
    words = "".join(span.text for span in line.spans)
    return f"{line.marker} {words}" if line.marker else words
