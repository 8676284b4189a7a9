"""The word, or the paragraph, around a position of a text, in UTF-16 units as cursors count."""

from __future__ import annotations

from PySide6.QtCore import QTextBoundaryFinder

_UNIT_BYTES = 2
_LINE_END = "\n".encode("utf-16-le")


def word_around(text: str, position: int) -> tuple[int, int]:
    """The ends of the word that begins at, ends behind or surrounds a position."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, text)
    finder.setPosition(position)
    start = position if finder.isAtBoundary() else finder.toPreviousBoundary()
    finder.setPosition(position)
    end = finder.toNextBoundary()
    return max(0, start), position if end < 0 else end


def paragraph_around(text: str, position: int) -> tuple[int, int]:
    """The ends of the line that a position is in."""
    raw = text.encode("utf-16-le", errors="surrogatepass")
    start = _before(raw, position)
    end = position
    while end * _UNIT_BYTES < len(raw) and _unit(raw, end) != _LINE_END:
        end += 1
    return start, end


def _before(raw: bytes, position: int) -> int:
    while position > 0 and _unit(raw, position - 1) != _LINE_END:
        position -= 1
    return position


def _unit(raw: bytes, at: int) -> bytes:
    return raw[at * _UNIT_BYTES : (at + 1) * _UNIT_BYTES]
