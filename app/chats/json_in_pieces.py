"""JSON with long texts in it, read and written so that the interpreter is never held for long.

For: `documents`, and `words`, which reads every message that a search looks at. Python's own goes
through a text of a megabyte in one call, 7 to 10 ms where each character is escaped, and a window
that draws asks for the interpreter a hundred times a frame. What comes out is the same.
"""

from __future__ import annotations

import re
from json import JSONDecoder, dumps, loads
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]

_PIECE_CHARS = 16_384
_ESCAPE_CHARS = 6  # the longest, \u and four digits
_HIGH_HALF = re.compile(r"\\ud[89ab][0-9a-f]{2}\Z", re.IGNORECASE)


class _Reader(JSONDecoder):
    """As its base, with texts in pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_string = _text
        self.scan_once = py_make_scanner(self)


def _text(source: str, start: int, strict: bool = True) -> tuple[str, int]:
    """The text that begins behind a quote, and where what follows it begins. Raises ValueError."""
    pieces: list[str] = []
    at = start
    while at < len(source):
        piece = _piece(source, at)
        if not piece:
            break
        text, end = scanstring(f'{piece}"', 0, strict)
        pieces.append(text)
        if end <= len(piece):  # a quote of its own
            return "".join(pieces), at + end
        at += len(piece)
    scanstring(source, start, strict)  # it says what is wrong
    raise ValueError("a text without an end")


def _piece(source: str, at: int) -> str:
    """What comes next and ends within no escape, where an escape or a sign begins."""
    piece = source[at : at + _PIECE_CHARS]
    if at + len(piece) == len(source):
        return piece
    if _backslashes(piece) % 2:
        piece = piece[:-1]
    begun = piece.rfind("\\u", max(0, len(piece) - _ESCAPE_CHARS + 1))
    if begun >= 0 and _backslashes(piece[: begun + 1]) % 2:
        piece = piece[:begun]
    half = _HIGH_HALF.search(piece, max(0, len(piece) - _ESCAPE_CHARS))
    if half is not None and _backslashes(piece[: half.start() + 1]) % 2:
        piece = piece[: half.start()]  # its other half may follow
    return piece


def _backslashes(text: str) -> int:
    """How many it ends with: an odd one begins an escape."""
    return len(text) - len(text.rstrip("\\"))


_READER = _Reader()


def loads_in_pieces(source: str) -> object:
    """As `json.loads`. Raises ValueError."""
    return loads(source) if len(source) <= _PIECE_CHARS else _READER.decode(source)


def dumps_in_pieces(document: object) -> str:
    """As `json.dumps` without spaces, and with other letters than ASCII's as they are; names are
    texts.
    """
    if isinstance(document, str):
        pieces = range(0, len(document), _PIECE_CHARS)
        return f'"{"".join(_written(document[at : at + _PIECE_CHARS]) for at in pieces)}"'
    if isinstance(document, dict):
        fields = (f"{dumps_in_pieces(k)}:{dumps_in_pieces(v)}" for k, v in document.items())
        return f"{{{','.join(fields)}}}"
    if isinstance(document, list | tuple):
        return f"[{','.join(map(dumps_in_pieces, document))}]"
    return dumps(document)


def _written(piece: str) -> str:
    """A piece of a text as it stands between its quotes: each letter is written by itself."""
    return dumps(piece, ensure_ascii=False)[1:-1]
