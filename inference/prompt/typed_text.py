"""A string that remembers which of its characters were typed.

For: the template sandbox. A template cuts, joins and trims messages in many ways; through
all of them each character keeps its origin, so that what a user typed can never become a
control token. Where an operation can't say which characters are which, all of its result
counts as typed: that costs a control token of the template, never safety.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, SupportsIndex

Spans = tuple[tuple[int, int], ...]


class TypedText(str):
    """Text with `spans`, [start, stop) of its typed characters, sorted and disjoint."""

    __slots__ = ("spans",)
    spans: Spans

    def __new__(cls, text: str, spans: Spans | None = None) -> TypedText:
        """All of `text` typed, or what `spans` says."""
        made = super().__new__(cls, text)
        made.spans = (((0, len(text)),) if text else ()) if spans is None else spans
        return made

    def __str__(self) -> TypedText:
        return self

    def cut(self, start: int, stop: int) -> TypedText:
        """The characters from `start` to `stop`."""
        kept = (
            (max(a, start) - start, min(b, stop) - start)
            for a, b in self.spans
            if a < stop and b > start
        )
        return TypedText(super().__getitem__(slice(start, stop)), tuple(kept))

    def __getitem__(self, key: SupportsIndex | slice) -> TypedText:
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            if step == 1:
                return self.cut(start, max(start, stop))
            return joined(self.cut(i, i + 1) for i in range(start, stop, step))
        index = key.__index__()
        if not -len(self) <= index < len(self):
            raise IndexError("string index out of range")
        index %= len(self)
        return self.cut(index, index + 1)

    def __iter__(self) -> Iterator[TypedText]:
        return (self.cut(i, i + 1) for i in range(len(self)))

    def __add__(self, other: str) -> TypedText:
        return joined((self, other)) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: str) -> TypedText:
        return joined((other, self)) if isinstance(other, str) else NotImplemented

    def __mul__(self, count: SupportsIndex) -> TypedText:
        return joined([self] * count.__index__())

    __rmul__ = __mul__

    def lstrip(self, chars: str | None = None) -> TypedText:
        """As str's."""
        return self.cut(len(self) - len(super().lstrip(chars)), len(self))

    def rstrip(self, chars: str | None = None) -> TypedText:
        """As str's."""
        return self.cut(0, len(super().rstrip(chars)))

    def strip(self, chars: str | None = None) -> TypedText:
        """As str's."""
        return self.lstrip(chars).rstrip(chars)

    def removeprefix(self, prefix: str) -> TypedText:
        """As str's."""
        return self.cut(len(prefix) if self.startswith(prefix) else 0, len(self))

    def removesuffix(self, suffix: str) -> TypedText:
        """As str's."""
        cut = len(suffix) if suffix and self.endswith(suffix) else 0
        return self.cut(0, len(self) - cut)

    def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[Any]:
        """As str's."""
        return self._located(super().split(sep, maxsplit), sep)

    def rsplit(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[Any]:
        """As str's."""
        return self._located(super().rsplit(sep, maxsplit), sep)

    def _located(self, pieces: list[str], sep: str | None) -> list[Any]:
        """Pieces of a split, in order, with their spans."""
        found, at = [], 0
        for piece in pieces:
            # Without a separator a piece never begins with white space, and only white
            # space lies before it: the first place where it is found is its own.
            start = self.find(piece, at) if sep is None else at
            found.append(self.cut(start, start + len(piece)))
            at = start + len(piece) + len(sep or "")
        return found

    def splitlines(self, keepends: bool = False) -> list[Any]:
        """As str's."""
        found, at = [], 0
        for whole, line in zip(super().splitlines(True), super().splitlines(), strict=True):
            found.append(self.cut(at, at + len(whole if keepends else line)))
            at += len(whole)
        return found

    def partition(self, sep: str) -> tuple[Any, Any, Any]:
        """As str's."""
        return self._parted(super().partition(sep))

    def rpartition(self, sep: str) -> tuple[Any, Any, Any]:
        """As str's."""
        return self._parted(super().rpartition(sep))

    def _parted(self, parts: tuple[str, str, str]) -> tuple[Any, Any, Any]:
        first, second = len(parts[0]), len(parts[0]) + len(parts[1])
        return self.cut(0, first), self.cut(first, second), self.cut(second, len(self))

    def replace(self, old: str, new: str, count: SupportsIndex = -1) -> TypedText:
        """As str's; what is put in keeps its own origin."""
        limit = count.__index__()
        pieces: list[str] = []
        at = 0
        for match in re.finditer(re.escape(old), str.__str__(self)):
            if limit >= 0 and len(pieces) >= 2 * limit:
                break
            pieces += (self.cut(at, match.start()), new)
            at = match.end()
        return joined([*pieces, self.cut(at, len(self))])

    def join(self, parts: Iterable[str]) -> TypedText:
        """As str's."""
        listed: list[str] = []
        for part in parts:
            listed += (self, part) if listed else (part,)
        return joined(listed)

    def lower(self) -> TypedText:
        """As str's."""
        return self._same_places(super().lower())

    def upper(self) -> TypedText:
        """As str's."""
        return self._same_places(super().upper())

    def capitalize(self) -> TypedText:
        """As str's."""
        return self._same_places(super().capitalize())

    def title(self) -> TypedText:
        """As str's."""
        return self._same_places(super().title())

    def _same_places(self, text: str) -> TypedText:
        """Character by character where the length is the same; else all of it is typed."""
        same = len(text) == len(self) or not self.spans
        return TypedText(text, self.spans if same else None)


def joined(parts: Iterable[str]) -> TypedText:
    """Concatenation that keeps every character's origin; plain strings are not typed."""
    texts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for part in parts:
        if not isinstance(part, str):
            raise TypeError(f"expected text, found {type(part).__name__}")
        for start, stop in part.spans if isinstance(part, TypedText) else ():
            if spans and spans[-1][1] == at + start:
                spans[-1] = (spans[-1][0], at + stop)
            else:
                spans.append((at + start, at + stop))
        texts.append(str.__str__(part))
        at += len(part)
    return TypedText("".join(texts), tuple(spans))


def holds_typed(value: object, depth: int = 4) -> bool:
    """Whether any text in `value` (or in what it holds, a few levels down) was typed."""
    if isinstance(value, TypedText):
        return bool(value.spans)
    if depth and isinstance(value, dict):
        return any(
            holds_typed(k, depth - 1) or holds_typed(v, depth - 1) for k, v in value.items()
        )
    if depth and isinstance(value, list | tuple | set | frozenset):
        return any(holds_typed(item, depth - 1) for item in value)
    # Depth spent, or an object whose insides are not known: assume the worst.
    return not isinstance(value, str | int | float | bool | None)


def all_typed(value: Any) -> Any:
    """`value` with every plain string in it typed from end to end."""
    if isinstance(value, TypedText):
        return value
    if isinstance(value, str):
        return TypedText(value)
    if isinstance(value, list | tuple):
        return type(value)(all_typed(item) for item in value)
    if isinstance(value, dict):
        return {all_typed(key): all_typed(item) for key, item in value.items()}
    if isinstance(value, Iterator):
        return map(all_typed, value)
    return value


def _conservative(name: str) -> Callable[..., Any]:
    original = getattr(str, name)

    def method(self: TypedText, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        typed = self.spans or holds_typed((args, kwargs))
        return all_typed(result) if typed else result

    method.__name__ = name
    return method


# Every other method of str that gives text: its result counts as typed from end to end.
for _name in (
    "casefold", "center", "expandtabs", "format", "format_map", "ljust", "rjust", "swapcase",
    "translate", "zfill", "__mod__", "__rmod__", "__format__",
):  # fmt: skip
    if hasattr(str, _name):
        setattr(TypedText, _name, _conservative(_name))
