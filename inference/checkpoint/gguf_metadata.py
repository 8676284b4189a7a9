"""A GGUF file's metadata: typed getters that raise by field.

For: `gguf` and `gguf_split`, which are such metadata, and through them the tokenizer and
`inference.models.gguf_header`. Decodes a value when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from inference.checkpoint.gguf_cursor import (
    FLOATS,
    Cursor,
    NumberArray,
    StringArray,
    StringAt,
    Value,
)
from inference.errors import CheckpointError
from inference.sentence import said

_T = TypeVar("_T")


class GgufMetadata:
    """Fields by name, over the file that holds them."""

    def __init__(self, cursor: Cursor, metadata: Mapping[str, Value]) -> None:
        self._cursor = cursor
        self._metadata = metadata

    def fail(self, field: str, reason: str) -> CheckpointError:
        """The error to raise for a field."""
        return self._cursor.fail(field, reason)

    def keys(self) -> frozenset[str]:
        """Every metadata field that is there."""
        return frozenset(self._metadata)

    def string(self, key: str, default: str | None = None) -> str:
        """A string field; with a default it may be missing."""
        if default is not None and key not in self._metadata:
            return default
        return self._cursor.text(self._get(key, None, StringAt, said("a string")), key)

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer field."""
        value = self._get(key, default, int, said("an integer"))
        if isinstance(value, bool):
            raise self._cursor.fail(key, "it is not an integer")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A floating-point field; integers are accepted, NaN and infinity are not."""
        value: int | float
        if isinstance(self._metadata.get(key), int):
            value = self.integer(key)
        else:
            value = self._get(key, default, float, said("a number"))
        if value != value or value in (float("inf"), float("-inf")):
            raise self._cursor.fail(key, said("{value} is not a usable number", value=value))
        return float(value)

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """A boolean field."""
        return self._get(key, default, bool, said("a boolean"))

    def strings(self, key: str) -> list[str]:
        """An array of strings; raises where it is missing or holds something else."""
        found = self._get(key, None, StringArray, said("an array of strings"))
        return self._cursor.strings(found, key)

    def integers(self, key: str) -> Sequence[int]:
        """An array of integers, as compact as in the file."""
        found = self._get(key, None, NumberArray, said("an array of integers"))
        if found.kind in FLOATS:
            raise self._cursor.fail(key, "it is not an array of integers")
        return self._cursor.numbers(found)

    def numbers(self, key: str) -> Sequence[float]:
        """An array of numbers, as compact as in the file."""
        return self._cursor.numbers(self._get(key, None, NumberArray, said("an array of numbers")))

    def _get(self, key: str, default: _T | None, kind: type[_T], words: str) -> _T:
        value: object = self._metadata.get(key)
        if value is None:
            if default is None:
                raise self._cursor.fail(key, "this field is missing")
            return default
        if not isinstance(value, kind):
            raise self._cursor.fail(key, said("it is not {words}", words=words))
        return value
