"""The first match of a long text and what is around it, as a function of the search's SQL.

For: `search`. FTS5's own `highlight` and `snippet` take a time that grows as the square of the
matches: one word a hundred thousand times took minutes, in which nothing was stored.
"""

from __future__ import annotations

import apsw

_SLICE_BYTES = 1 << 15  # tokens of so much are made at once: the interpreter waits for them
_ENDS = b" \n\t.,;:!?*_-()[]{}<>\"'/\\"  # where a slice ends no word is cut


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
    """Behind the last sign that is no word's within a slice; without one, the text's end."""
    limit = start + _SLICE_BYTES
    if limit >= len(text):
        return len(text)
    end = max(text.rfind(sign, start, limit) for sign in (bytes((sign,)) for sign in _ENDS))
    return end + 1 if end >= start else len(text)
