"""JSON with long texts in it, read so that the interpreter is never held for long.

For: `words`, which reads every message that a search looks at. Python's own reader goes through a
text of a megabyte in one call, 100 ms where each character is escaped, in which the window stands
still. What comes out is the same.
"""

from __future__ import annotations

import re
from json import JSONDecoder, loads
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]

# A run of plain characters, or of escapes, of which the two halves of a character beyond 16 bits
# are one.
_PIECE = re.compile(
    r"""[^"\\]{1,4096}
    | (?: \\[^u] | \\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2} | \\u[0-9a-f]{4} ){1,1024}""",
    re.IGNORECASE | re.VERBOSE,
)
_SHORT_CHARS = 8_192


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
    while (piece := _PIECE.match(source, at)) is not None:
        pieces.append(scanstring(f'{piece[0]}"', 0, strict)[0])
        at = piece.end()
    if not source.startswith('"', at):
        scanstring(source, start, strict)  # it says what is wrong
    return "".join(pieces), at + 1


_READER = _Reader()


def loads_in_pieces(source: str) -> object:
    """As `json.loads`. Raises ValueError."""
    return loads(source) if len(source) <= _SHORT_CHARS else _READER.decode(source)
