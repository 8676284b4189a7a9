"""Cuts a long plain text into pieces that are quick to draw. Free of Qt.

For questions and thoughts. A text that grows keeps the pieces it has: only its last one changes.
Of a text that comes at once so much is taken in a step: the window's thread does it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.markup.pieces import sign_cut
from app.markup.visible import GrowingVisible

_CHARACTERS = 3000
_STEP_CHARACTERS = 24_000  # 8 ms where every second one can't be seen
_MOST_LINES = re.compile(r"(?:[^\n]*\n){120}")


@dataclass(frozen=True)
class Piece:
    """Some of a text; `is_paragraph`: it begins on a line of its own."""

    text: str
    is_paragraph: bool = True


class Pieces:
    """A text, cut."""

    def __init__(self) -> None:
        self._text = ""
        self._cut: list[Piece] = []  # all but the last
        self._start = 0  # of the last
        self._is_paragraph = True

    def show(self, text: str) -> tuple[Piece, ...]:
        """The pieces of a text; none of an empty one."""
        if not text.startswith(self._text):
            self._cut, self._start, self._is_paragraph = [], 0, True
        self._text = text
        while (end := _end_of_piece(text, self._start)) is not None:
            self._cut.append(Piece(text[self._start : end], self._is_paragraph))
            self._is_paragraph = text[end] == "\n"
            self._start = end + 1 if self._is_paragraph else end
        last = Piece(text[self._start :], self._is_paragraph)
        return (*self._cut, last) if text else ()


class ShownPieces:
    """A text as it is shown, what can't be seen spelled out, in pieces."""

    def __init__(self) -> None:
        self._shown = GrowingVisible()
        self._cut = Pieces()
        self._text = ""
        self._taken = 0  # of the text

    @property
    def is_behind(self) -> bool:
        """Whether some of the text is not shown yet, for want of steps."""
        return self._taken < len(self._text)

    def show(self, text: str) -> tuple[Piece, ...]:
        """The pieces of a text, or of so much more of it as a step has time for."""
        if not text.startswith(self._text):
            self._taken = 0
        self._text = text
        self._taken = min(len(text), self._taken + _STEP_CHARACTERS)
        return self._cut.show(self._shown.show(text[: self._taken]))


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The pieces of a text that doesn't grow."""
    return Pieces().show(text)


def _end_of_piece(text: str, start: int) -> int | None:
    """Where the piece that begins at `start` ends: at a line's end, a word's, or anywhere."""
    limit = start + _CHARACTERS
    lines = _MOST_LINES.match(text, start, limit)
    if lines is not None:
        return lines.end() - 1
    if len(text) <= limit:
        return None
    middle = start + _CHARACTERS // 2
    line_end = text.rfind("\n", middle, limit)
    if line_end >= 0:
        return line_end
    space = text.rfind(" ", middle, limit)
    return space + 1 if space >= 0 else sign_cut(text, start, limit)
