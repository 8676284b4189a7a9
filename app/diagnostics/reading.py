"""A strict reader of the diagnostics: whether bytes hold closed values and nothing else.

For: `exporting`, before a file is kept. It shares none of the checks that made the report: it
looks at the bytes alone, and knows the names of fields, the words of `words`, and what versions,
moments, digests and places in our code look like. What it does not know, it refuses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from app.diagnostics.errors import NotClosedError
from app.diagnostics.form import Report
from app.diagnostics.layout import laid_out
from app.diagnostics.own_code import is_class_word, is_place
from app.diagnostics.section import ListOf, Section
from app.diagnostics.words import ALL_WORDS
from inference.sentence import said

MOST_BYTES = 256 * 1024
_MOST_NUMBER = 1 << 53
_WITHHELD = "withheld"
# No escape is ever needed, and none is accepted.
_NOT_ALLOWED = re.compile(r"[^\n !-\[\]-~]")
_SHAPES = (
    re.compile(r"20[2-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"),
    re.compile(r"[0-9a-f]{64}"),
    re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,6}){0,3}(?:(?:a|b|rc|\.post|\.dev)[0-9]{1,3}){0,3}"),
    re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,6}){0,3}\+(?:cpu|cu[0-9]{2,3})"),
)


def check(stored: bytes) -> None:
    """Raises NotClosedError, which says where and never what."""
    if len(stored) > MOST_BYTES:
        raise NotClosedError("its length")
    try:
        text = stored.decode("ascii")
    except UnicodeDecodeError as error:
        raise NotClosedError(said("byte {number}", number=error.start)) from None
    if found := _NOT_ALLOWED.search(text):
        raise NotClosedError(said("byte {number}", number=found.start()))
    _check_values(text)


def _check_values(text: str) -> None:
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise NotClosedError("its form") from None
    names = frozenset(_names(Report))
    if not isinstance(found, dict) or found.keys() != Report.fields.keys():
        raise NotClosedError("its outermost part")
    _check(found, "the report", names)
    # Neither spaces nor the order of digits say anything.
    if laid_out(found) != text:
        raise NotClosedError("its writing")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _check(value: object, where: str, names: frozenset[str]) -> None:
    if isinstance(value, dict):
        for name, inside in value.items():
            if name not in names:
                raise NotClosedError(said("a name in {where}", where=where))
            _check(inside, name, names)
    elif isinstance(value, list):
        for inside in value:
            _check(inside, where, names)
    elif not _is_closed(value):
        raise NotClosedError(where)


def _is_closed(value: object) -> bool:
    if isinstance(value, str):
        return _is_closed_text(value)
    return value is None or (
        isinstance(value, bool | int | float) and -_MOST_NUMBER <= value <= _MOST_NUMBER
    )


def _is_closed_text(text: str) -> bool:
    return (
        text in ALL_WORDS
        or text == _WITHHELD
        or any(shape.fullmatch(text) for shape in _SHAPES)
        or is_class_word(text)
        or is_place(text)
    )


def _names(section: type[Section]) -> Iterator[str]:
    """Of all fields there are, which the code declares."""
    for name, kind in section.fields.items():
        yield name
        inside = kind.of if isinstance(kind, ListOf) else kind
        if isinstance(inside, type):
            yield from _names(inside)
