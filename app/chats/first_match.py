"""The first match of a long text and what is around it, as a function of the search's SQL.

For: `search`. FTS5's own `highlight` and `snippet` take a time that grows as the square of the
matches: one word a hundred thousand times took minutes, in which nothing was stored.
"""

from __future__ import annotations

import re

import apsw

# Tokens of so much are made at once: the interpreter waits for them, and with it the window, at
# each of the hundred calls of Qt that draw a frame.
_SLICE_BYTES = 1 << 11
# Where a slice ends no word is cut. Letters and digits of ASCII and the bytes of all other signs
# may be of a word …
_OF_WORDS = bytes((*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x80, 0x100)))
# … but the mark that `words` puts around Chinese is not, nor is general punctuation.
_CUT = "\x9f".encode()
_PUNCTUATION = "\u2000".encode()[:2]
_END = re.compile(rb"[\x00-/:-@\[-`{-\x7f]|\xc2\x9f|\xe2\x80.", re.DOTALL)


def register(connection: apsw.Connection) -> None:
    """Give `connection` `first_match(index, begins, ends, around_chars)`: of the first column
    that has a match the match between two marks, with so many characters before it, twice as
    many in all.
    """
    connection.register_fts5_function("first_match", _first_match)


def _first_match(api: apsw.FTS5ExtensionApi, *values: apsw.SQLiteValue) -> str | None:
    begins, ends, around = str(values[0]), str(values[1]), int(str(values[2]))
    for column in range(api.column_count):
        found = _first_place(api, column)
        if found is None:
            continue
        text = api.column_text(column)
        place = _bytes_of(api, text, *found)
        if place is not None:
            # A character has four bytes at most.
            before = text[max(0, place[0] - 4 * around) : place[0]].decode(errors="ignore")
            match = text[place[0] : place[1]].decode(errors="replace")
            after = text[place[1] : place[1] + 8 * around].decode(errors="ignore")
            return f"{before[-around:]}{begins}{match}{ends}{after}"[: 2 * around]
    return None


def _first_place(api: apsw.FTS5ExtensionApi, column: int) -> tuple[int, int] | None:
    """The first token of the first match, and how many tokens it has."""
    places = []
    for number, phrase in enumerate(api.phrases):
        offsets = api.phrase_column_offsets(number, column)
        if offsets:
            places.append((offsets[0], len(phrase)))
    return min(places, default=None)


def _bytes_of(
    api: apsw.FTS5ExtensionApi, text: bytes, first: int, count: int
) -> tuple[int, int] | None:
    """Where tokens stand in a text."""
    start = 0
    while start < len(text):
        end = _slice_end(text, start)
        tokens = api.tokenize(text[start:end], None)
        if first < len(tokens):
            last = min(len(tokens), first + count) - 1
            return start + tokens[first][0], start + tokens[last][1]
        first -= len(tokens)
        start = end
    return None


def _slice_end(text: bytes, start: int) -> int:
    """Behind a sign that is no word's: the last of a slice, or the next one."""
    limit = start + _SLICE_BYTES
    if limit >= len(text):
        return len(text)
    piece = text[start:limit]
    end = max(
        len(piece.rstrip(_OF_WORDS)),
        piece.rfind(_CUT) + len(_CUT),
        piece.rfind(_PUNCTUATION, 0, -1) + len(_PUNCTUATION) + 1,
    )
    if end > len(_PUNCTUATION):
        return start + end
    found = _END.search(text, limit - len(_PUNCTUATION))
    return found.end() if found else len(text)
