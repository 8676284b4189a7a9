"""One JSON object a line, from a process that may be anybody's: strict, and bounded.

For: `messages`, `door` and `desk`. A line has a length, an object has exactly the fields that
its kind has, and each field a type and bounds. Whatever else comes is a WireError.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import NoReturn, TypeVar

from app.airlock.courier.errors import WireError
from app.airlock.courier.wording import words_from
from inference.sentence import Sentence, said

_Choice = TypeVar("_Choice", bound=StrEnum)
# No model is larger, and no 64-bit counter overflows.
MOST_BYTES = 1 << 50


class LineReader:
    """Cuts what comes into lines, however it is torn; none may be longer than `most_bytes`."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._begun = b""

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that this piece completes, without their ends. Raises WireError."""
        *lines, self._begun = (self._begun + piece).split(b"\n")
        if any(len(line) > self._most_bytes for line in (*lines, self._begun)):
            raise WireError(said("A message between Pitcher’s processes was too long."))
        return lines


def line_of(fields: Mapping[str, object]) -> bytes:
    """One object as a line; only ASCII, so that no length changes on the way."""
    return json.dumps(fields, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


class Fields:
    """The fields of one object, each of which is taken exactly once."""

    def __init__(self, line: bytes) -> None:
        """Raises WireError for what is no object, or names a field twice."""
        try:
            loaded: object = json.loads(
                line.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse
            )
        except (ValueError, RecursionError) as error:
            raise _broken() from error
        if not isinstance(loaded, dict):
            raise _broken()
        self._left: dict[str, object] = loaded

    def text(self, name: str, most: int) -> str:
        """A text of at most `most` characters, none of which moves a cursor or breaks a line."""
        value = self._take(name)
        if not isinstance(value, str) or len(value) > most or not value.isprintable():
            raise _broken()
        return value

    def sentence(self, name: str) -> Sentence:
        """Words for people; empty where there are none."""
        try:
            return words_from(self._take(name))
        except ValueError as error:
            raise _broken() from error

    def whole(self, name: str, high: int = MOST_BYTES) -> int:
        """A whole number from 0 to `high`."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= high:
            raise _broken()
        return value

    def yes_or_no(self, name: str) -> bool:
        """True or false."""
        value = self._take(name)
        if not isinstance(value, bool):
            raise _broken()
        return value

    def choice(self, name: str, kind: type[_Choice]) -> _Choice:
        """One of an enumeration's values."""
        value = self._take(name)
        try:
            return kind(value) if isinstance(value, str) else _refuse()
        except ValueError as error:
            raise _broken() from error

    def end(self) -> None:
        """Raises WireError where there is a field that nobody knows."""
        if self._left:
            raise _broken()

    def _take(self, name: str) -> object:
        if name not in self._left:
            raise _broken()
        return self._left.pop(name)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _refuse(*_: object) -> NoReturn:
    raise ValueError("no such value")


def _broken() -> WireError:
    return WireError(said("A message between Pitcher’s processes could not be understood."))
