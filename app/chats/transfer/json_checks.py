"""The members of an object that came from outside, each with the type and bounds it must have.

For: `json_import`. Says where in the file something is wrong and never repeats a value from it.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from typing import TypeVar

from app.chats.errors import TransferError
from app.chats.transfer.json_format import MAX_ID, MAX_TIME_MS, NOT_FINITE
from inference.sentence import ours, said

Values = tuple[tuple[str, str | int | float | bool], ...]
_Choice = TypeVar("_Choice", bound=StrEnum)
_REQUIRED = object()
_NUMBERS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
# Seeds are unsigned 64-bit numbers.
_MAX_WHOLE = (1 << 64) - 1


def refused(where: str, what: str) -> TransferError:
    """The error for a file that is not what it should be."""
    place = said("{where}: ", where=where) if where else ""
    return TransferError(
        said(
            "This file can't be imported. {place}{what}. Nothing was imported.",
            place=place,
            what=ours(what),
        )
    )


class Fields:
    """An object's members by name; each is read by the kind that it must be.

    Every method raises `TransferError` for a value that is missing, of another type or out
    of bounds. `where` names the object for people.
    """

    def __init__(self, where: str, value: object) -> None:
        if not isinstance(value, dict):
            raise refused(where, "There is no object where one must be")
        self.where = where
        self._members: dict[str, object] = value

    def refused(self, name: str, what: str) -> TransferError:
        """The error for one member."""
        return refused(self.where, said("“{name}” {what}", name=name, what=ours(what)))

    def whole(self, name: str, most: int, default: int | None = None) -> int:
        """A whole number from 0."""
        value = self._value(name, _REQUIRED if default is None else default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise self.refused(name, said("is not a whole number from 0 to {most}", most=most))
        return value

    def time_ms(self, name: str) -> int:
        """A time that calendars know."""
        return self.whole(name, MAX_TIME_MS)

    def link(self, name: str) -> int | None:
        """The number of another object, or nothing."""
        return None if self._value(name, None) is None else self.whole(name, MAX_ID)

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self._value(name, False)
        if not isinstance(value, bool):
            raise self.refused(name, "is neither true nor false")
        return value

    def text(self, name: str, default: str | None = None, most_chars: int | None = None) -> str:
        """Whole characters only: half of one could not be stored."""
        value = self._value(name, _REQUIRED if default is None else default)
        if not isinstance(value, str):
            raise self.refused(name, "is not a text")
        if most_chars is not None and len(value) > most_chars:
            raise self.refused(
                name, said("has more than {most_chars:,} characters", most_chars=most_chars)
            )
        if not value.isascii() and _HALF_CHARACTER.search(value):
            raise self.refused(name, "holds half a character")
        return value

    def choice(self, name: str, kind: type[_Choice]) -> _Choice:
        """One of a few words."""
        value = self._value(name)
        if not isinstance(value, str) or value not in {member.value for member in kind}:
            raise self.refused(
                name, said("is none of {known}", known=", ".join(member.value for member in kind))
            )
        return kind(value)

    def items(self, name: str, most: int, default: object = _REQUIRED) -> list[object]:
        """An array of at most so many."""
        value = self._value(name, default)
        if not isinstance(value, list):
            raise self.refused(name, "is not an array")
        if len(value) > most:
            raise self.refused(name, said("has more than {most:,} items", most=most))
        return value

    def inner(self, name: str) -> Fields | None:
        """An object inside, or nothing."""
        value = self._value(name, None)
        return (
            None
            if value is None
            else Fields(said("{where}, “{name}”", where=self.where, name=name), value)
        )

    def values(self, name: str, default: object = _REQUIRED) -> Values:
        """Plain values by name."""
        inner = Fields(
            said("{where}, “{name}”", where=self.where, name=name), self._value(name, default)
        )
        return tuple((inner.name(key), inner.plain(key)) for key in inner._members)

    def name(self, key: str) -> str:
        """A member's own name, checked as a text."""
        return Fields(self.where, {"a name": key}).text("a name", most_chars=1000)

    def plain(self, name: str) -> str | int | float | bool:
        """A text, a whole number, a number, true or false."""
        value = self._value(name)
        if isinstance(value, dict):
            number = Fields(self.where, value).text(NOT_FINITE)
            if number not in _NUMBERS:
                raise refused(self.where, "A value is neither a text nor a number")
            return _NUMBERS[number]
        if isinstance(value, str):
            return self.text(name)
        if isinstance(value, int) and abs(value) <= _MAX_WHOLE:
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        raise refused(self.where, "A value is neither a text nor a number in bounds")

    def _value(self, name: str, default: object = _REQUIRED) -> object:
        value = self._members.get(name, default)
        if value is _REQUIRED:
            raise self.refused(name, "is missing")
        return value
