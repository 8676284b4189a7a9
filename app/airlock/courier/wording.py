"""Sentences on their way between processes: they stay what can be told in another language.

A sentence travels as its template and values, or as plain text where it has none. What comes is
not believed: a template may hold nothing but plain holes for values that came with it, so that
filling it can neither reach into anything nor grow without end.
"""

from __future__ import annotations

import re

from inference.sentence import Sentence, filled, sentence_of

_MOST_TEXT = 1200
_MOST_VALUES = 10
_MOST_DEPTH = 3
_TEMPLATE, _VALUES = "t", "v"
_HOLE = re.compile(r"\{([a-z][a-z0-9_]{0,39})(:,|:,?\.[0-9][f%])?\}")
_LARGEST = 1 << 63


def words_of(text: str, depth: int = 0) -> object:
    """What travels for a text of ours."""
    values = text.values if isinstance(text, Sentence) else None
    if not isinstance(text, Sentence) or values is None:
        return str(text)[:_MOST_TEXT]
    packed = {name: _value_of(value, depth + 1) for name, value in values.items()}
    made: dict[str, object] = {_TEMPLATE: text.template, _VALUES: packed}
    try:
        words_from(made, depth)
    except ValueError:  # more than may travel: in English, then
        return str(text)[:_MOST_TEXT]
    return made


def words_from(value: object, depth: int = 0) -> Sentence:
    """The sentence that travelled; raises ValueError for anything that is none."""
    if depth > _MOST_DEPTH:
        raise ValueError("too deep")
    if isinstance(value, str):
        return Sentence(_short(value))
    if not isinstance(value, dict) or set(value) != {_TEMPLATE, _VALUES}:
        raise ValueError("no sentence")
    template, values = value[_TEMPLATE], value[_VALUES]
    if not isinstance(template, str) or not isinstance(values, dict) or len(values) > _MOST_VALUES:
        raise ValueError("no sentence")
    found = {str(name): _value_from(one, depth + 1) for name, one in values.items()}
    _check(_short(template), found)
    try:
        return filled(template, found)
    except (ValueError, TypeError) as error:  # a number's hole with a text for it
        raise ValueError("no sentence") from error


def _value_of(value: object, depth: int) -> object:
    if isinstance(value, BaseException):
        value = sentence_of(value)
    if isinstance(value, Sentence):
        return {"s": words_of(value, depth)}
    return value if isinstance(value, int | float) else str(value)[:_MOST_TEXT]


def _value_from(value: object, depth: int) -> object:
    if isinstance(value, dict) and set(value) == {"s"}:
        return words_from(value["s"], depth)
    if isinstance(value, str):
        return _short(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
        raise ValueError("no value")
    return value


def _check(template: str, values: dict[str, object]) -> None:
    """Every brace belongs to a hole, and every hole has its value."""
    if any(sign in _HOLE.sub("", template) for sign in "{}"):
        raise ValueError("no hole")
    if {hole.group(1) for hole in _HOLE.finditer(template)} != set(values):
        raise ValueError("holes and values differ")


def _short(text: str) -> str:
    if len(text) > _MOST_TEXT:
        raise ValueError("too long")
    return text
