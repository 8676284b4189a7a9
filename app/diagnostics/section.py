"""A part of the form: fields that are declared as closed kinds, and filled by raw values.

A class that declares anything else can't be made: a field of text is an error when the program
starts, not a leak when it runs. What does not fit its kind is withheld.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import ClassVar

from app.diagnostics.kinds import KINDS, WITHHELD, Kind, Plain

_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")

Written = Plain | list["Written"] | dict[str, "Written"]


class ListOf:
    """Up to `most` values of one kind or part; those beyond are withheld as one."""

    def __init__(self, of: Kind | type[Section], most: int) -> None:
        if not _is_closed(of):
            raise TypeError("a list holds closed kinds or parts alone")
        self.of = of
        self._most = most

    def read(self, raw: object) -> Written:
        """Each by itself."""
        if not isinstance(raw, tuple | list):
            return WITHHELD
        beyond: list[Written] = [WITHHELD] if len(raw) > self._most else []
        return [_read(self.of, one) for one in raw[: self._most]] + beyond


class Section:
    """Subclasses declare fields, each a kind, a `ListOf` or another section, and nothing else."""

    fields: ClassVar[Mapping[str, Kind | ListOf | type[Section]]] = {}

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if not name.startswith("__")}
        noted = set(inspect.get_annotations(cls)) - own.keys()
        for name, value in own.items():
            if not _NAME.fullmatch(name) or not (type(value) is ListOf or _is_closed(value)):
                raise TypeError(f"{cls.__name__}.{name} is of no closed kind")
        if noted:
            raise TypeError(f"{cls.__name__} only names {', '.join(sorted(noted))}")
        cls.fields = own

    def __init__(self, raw: Mapping[str, object]) -> None:
        """Raises TypeError for a name that is not declared; one that is missing is not known."""
        if undeclared := raw.keys() - self.fields.keys():
            raise TypeError(f"{len(undeclared)} fields are not declared")
        self._values = {name: _read(kind, raw.get(name)) for name, kind in self.fields.items()}

    def written(self) -> dict[str, Written]:
        """Plain values, in the order of the declaration."""
        return dict(self._values)


def made(name: str, fields: Mapping[str, Kind | ListOf | type[Section]]) -> type[Section]:
    """A section whose fields another table declares."""
    found = type(name, (Section,), dict(fields))
    assert issubclass(found, Section)
    return found


def withheld(written: Written) -> int:
    """How many values were withheld."""
    inside: Iterable[Written] = ()
    if isinstance(written, dict):
        inside = written.values()
    elif isinstance(written, list):
        inside = written
    return int(written == WITHHELD) + sum(map(withheld, inside))


def _is_closed(kind: object) -> bool:
    if isinstance(kind, type):
        return issubclass(kind, Section) and kind is not Section
    return type(kind) in KINDS


def _read(kind: Kind | ListOf | type[Section], raw: object) -> Written:
    if raw is None:
        return None
    if isinstance(kind, type):
        return raw.written() if type(raw) is kind else WITHHELD
    return kind.read(raw)
