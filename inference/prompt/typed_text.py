"""Text that remembers which parts of it came from messages.

For `sandbox`. A `TypedText` is a str whose `spans` are [start, stop) in code points, sorted,
disjoint and not empty. Operations here carry the spans exactly; where an operation is not
here, `tainted` marks its whole result, so that a lost track can only make text plainer.
Sizes are spans, not characters: a megabyte of content costs one span.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from typing import Any, SupportsIndex

from jinja2.runtime import Undefined

Spans = tuple[tuple[int, int], ...]
_DEPTH = 6
_HOLDS_NO_TEXT = (int, float, range, slice, type(None), Undefined)


class TypedText(str):
    """A str with typed parts."""

    __slots__ = ("spans",)
    spans: Spans

    def __new__(cls, text: str, spans: Spans | None = None) -> TypedText:
        self = str.__new__(cls, text)
        whole: Spans = ((0, len(self)),) if len(self) else ()
        self.spans = whole if spans is None else spans
        return self

    def __str__(self) -> str:
        """Itself: `str(x)` in a compiled template must not lose the spans."""
        return self

    def __iter__(self) -> Iterator[str]:
        return (cut(self, n, n + 1) for n in range(len(self)))

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            if step == 1:
                return cut(self, start, max(start, stop))
            return _marked(plain(self)[key], bool(self.spans))
        index = operator.index(key)  # a TypeError for a name, which Jinja then looks up
        plain(self)[index]  # raises IndexError where there is none
        index %= len(self)
        return cut(self, index, index + 1)


def plain(text: str) -> str:
    """The same characters as an ordinary str."""
    # A slice of a subclass by the base class's method is an ordinary str.
    return text if type(text) is str else str.__getitem__(text, slice(None))


def spans_of(text: str) -> Spans:
    """Which parts of it were typed."""
    return text.spans if isinstance(text, TypedText) else ()


def join(pieces: Iterable[str]) -> str:
    """The pieces one after another."""
    listed = list(pieces)
    spans: list[tuple[int, int]] = []
    position = 0
    for piece in listed:
        for start, stop in spans_of(piece):
            if spans and spans[-1][1] == position + start:
                spans[-1] = (spans[-1][0], position + stop)
            else:
                spans.append((position + start, position + stop))
        position += len(piece)
    text = str.join("", listed)
    return TypedText(text, tuple(spans)) if spans else plain(text)


def cut(text: str, start: int, stop: int) -> str:
    """text[start:stop], for 0 ≤ start ≤ stop."""
    inside = [
        (max(first, start) - start, min(last, stop) - start)
        for first, last in spans_of(text)
        if first < stop and last > start
    ]
    part = str.__getitem__(text, slice(start, stop))
    return TypedText(part, tuple(inside)) if inside else plain(part)


def strip(
    text: str, characters: str | None = None, *, left: bool = True, right: bool = True
) -> str:
    """As str.strip, lstrip or rstrip."""
    start = len(text) - len(str.lstrip(text, characters)) if left else 0
    stop = len(str.rstrip(text, characters)) if right else len(text)
    return cut(text, start, max(start, stop))


def split(
    text: str, separator: str | None = None, limit: int = -1, *, right: bool = False
) -> list[str]:
    """As str.split or rsplit."""
    bare = plain(text)
    parts = bare.rsplit(separator, limit) if right else bare.split(separator, limit)
    return _located(text, parts, None if separator is None else len(separator))


def splitlines(text: str, keepends: bool = False) -> list[str]:
    """As str.splitlines."""
    return _located(text, plain(text).splitlines(keepends), 0 if keepends else None)


def partition(text: str, separator: str, *, right: bool = False) -> tuple[str, ...]:
    """As str.partition or rpartition."""
    bare = plain(text)
    parts = bare.rpartition(separator) if right else bare.partition(separator)
    return tuple(_located(text, parts, 0))


def replace(text: str, old: str, new: str, count: int = -1) -> str:
    """As str.replace."""
    if not old:
        result = plain(text).replace(old, plain(new), count)
        return _marked(result, bool(spans_of(text) or spans_of(new)))
    return join(_between(new, split(text, plain(old), count)))


def join_with(separator: str, items: Iterable[str]) -> str:
    """As str.join."""
    return join(_between(separator, list(items)))


def recased(text: str, result: str) -> str:
    """`result` is `text` in another case: the spans hold where the length does."""
    if len(result) == len(text):
        return TypedText(result, spans_of(text)) if spans_of(text) else result
    return _marked(result, bool(spans_of(text)))


def has_typed(value: Any, depth: int = _DEPTH) -> bool:
    """Whether a value holds typed text, looking into containers.

    What is too deep, or of a kind that could hide text (a namespace, a view), counts as yes.
    """
    if isinstance(value, str):
        return bool(spans_of(value))
    if isinstance(value, dict):
        items: Iterable[Any] = (*value.keys(), *value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        items = value
    else:
        return not (isinstance(value, _HOLDS_NO_TEXT) or callable(value))
    return depth == 0 or any(has_typed(item, depth - 1) for item in items)


def tainted(value: Any, depth: int = _DEPTH) -> Any:
    """The value with every text in it wholly typed, unless it is tracked already."""
    if isinstance(value, TypedText):
        return value
    if isinstance(value, str):
        return _marked(plain(value), True)
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return type(value)(tainted(item, depth - 1) for item in value)
    if isinstance(value, dict) and depth:
        return {tainted(k, depth - 1): tainted(v, depth - 1) for k, v in value.items()}
    if isinstance(value, Iterator):
        return (tainted(item) for item in value)
    return value


def _marked(text: str, typed: bool) -> str:
    return TypedText(text) if typed and text else text


def _between(separator: str, items: list[str]) -> list[str]:
    pieces: list[str] = []
    for number, item in enumerate(items):
        if number and separator:
            pieces.append(separator)
        pieces.append(item)
    return pieces


def _located(text: str, parts: Iterable[str], gap: int | None) -> list[str]:
    """Parts of `text`, in order, with the spans they have there.

    `gap` characters lie between two parts; None: white space that no part begins with.
    """
    bare = plain(text)
    found = []
    position = 0
    for part in parts:
        start = position if gap is not None else bare.index(part, position)
        found.append(cut(text, start, start + len(part)))
        position = start + len(part) + (gap or 0)
    return found
