"""config.json and its like as a typed configuration: getters that raise by field.

For: architecture files (`inference.models.base.Configuration`) and whoever reads another
small JSON file of a model's folder. Knows no field's meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self, TypeVar

from inference.checkpoint.json_text import Unusable, parse_document
from inference.checkpoint.mapped_file import read_file
from inference.errors import CheckpointError
from inference.sentence import said

_T = TypeVar("_T")

# Real files stay below 0.3 MB, with the longest lists of modules and labels.
_MOST_BYTES = 2 << 20
_MOST_ELEMENTS = 1 << 16


class JsonConfig:
    """An object of a JSON file. A field that is null counts as missing."""

    def __init__(self, file_name: str, values: Mapping[str, object], where: str = "") -> None:
        self._file_name = file_name
        self._values = values
        self._where = where

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read and check a file; raises CheckpointError and OSError."""
        return cls(path.name, parse_document(read_file(path, _MOST_BYTES), path.name))

    @property
    def name(self) -> str:
        """What to call it in a message: `config.json`, `config.json: rope_scaling`."""
        return ": ".join(part for part in (self._file_name, self._where.rstrip(".")) if part)

    def keys(self) -> frozenset[str]:
        """Every field that is there, null or not."""
        return frozenset(self._values)

    def is_null(self, key: str) -> bool:
        """Whether the field is there and says nothing."""
        return key in self._values and self._values[key] is None

    def string(self, key: str, default: str | None = None) -> str:
        """A string field; with a default it may be missing."""
        return self._get(key, default, str, said("a string"))

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer field, within 64 bits."""
        return self._get(key, default, int, said("an integer"))

    def number(self, key: str, default: float | None = None) -> float:
        """A number field; integers are accepted."""
        return float(self._get(key, default, (float, int), said("a number")))

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """A boolean field."""
        return self._get(key, default, bool, said("true or false"))

    def section(self, key: str) -> Self | None:
        """A nested object; None where it is missing or null."""
        if self._values.get(key) is None:
            return None
        values: dict[str, object] = self._get(key, None, dict, said("an object"))
        return type(self)(self._file_name, values, f"{self._where}{key}.")

    def strings(self, key: str) -> list[str]:
        """A list of strings."""
        return self._list(key, str, said("strings"))

    def integers(self, key: str) -> list[int]:
        """A list of integers."""
        return self._list(key, int, said("integers"))

    def fail(self, key: str, reason: str) -> CheckpointError:
        """The error to raise for a field."""
        return CheckpointError(
            self._file_name, said("{where}{key}", where=self._where, key=key), reason
        )

    def _get(
        self, key: str, default: _T | None, kind: type[_T] | tuple[type[_T], ...], words: str
    ) -> _T:
        value = self._values.get(key)
        if value is None:
            if default is None:
                raise self.fail(key, "this field is missing")
            return default
        if isinstance(value, Unusable):
            raise self.fail(key, value.reason)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.fail(key, said("it is not {words}", words=words))
        return value

    def _list(self, key: str, kind: type[_T], words: str) -> list[_T]:
        found: list[object] = self._get(key, None, list, said("a list of {words}", words=words))
        if len(found) > _MOST_ELEMENTS:
            raise self.fail(
                key,
                said(
                    "it has {count:,} elements; {most_elements:,} are read",
                    count=len(found),
                    most_elements=_MOST_ELEMENTS,
                ),
            )
        checked = [v for v in found if isinstance(v, kind) and not isinstance(v, bool)]
        if len(checked) < len(found):
            raise self.fail(key, said("it is not a list of {words}", words=words))
        return checked
