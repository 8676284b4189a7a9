"""JSON that may be hostile: small documents whole, large ones member by member.

For: `config_json`, and the headers and indexes of safetensors. Grammar: RFC 8259. What
the standard library's parser would take on trust is refused: names that are there twice,
numbers of a million digits, nesting without end, NaN. Memory stays near the text's size.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from mmap import mmap

from inference.errors import CheckpointError
from inference.sentence import said

_SPACE = rb"[ \t\n\r]*+"
# Possessive throughout: one pass over any text, and nothing remembered to come back to.
_STRING = rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
_PAIR = _SPACE + _STRING + _SPACE + b":" + _SPACE + _STRING + _SPACE
_TEXT = re.compile(_SPACE + b"(" + _STRING + b")", re.DOTALL)
_NAME = re.compile(_TEXT.pattern + _SPACE + b":", re.DOTALL)
_TEXTS = re.compile(
    _SPACE + rb"\{(?:" + _PAIR + b"(?:," + _PAIR + b")*+|" + _SPACE + rb")\}", re.DOTALL
)
_OPENING = re.compile(_SPACE + rb"\{")
_CLOSING = re.compile(_SPACE + rb"\}")
_SEPARATOR = re.compile(_SPACE + b"[,}]")
_ANY_SPACE = re.compile(_SPACE)
_ALL_STRINGS = re.compile(_STRING, re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_MOST_DEPTH = 32
_MOST_DIGITS = 32


class Unusable:
    """A number that JSON or this program does not have; whoever asks for it is told why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class _TwiceError(ValueError):
    """A name that an object has twice."""


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _TwiceError(said("the name “{name}” is there twice", name=name[:80]))
            seen.add(name)
    return found


def _integer(digits: str) -> int | Unusable:
    if len(digits) > _MOST_DIGITS:
        return Unusable(said("it has {count:,} digits", count=len(digits)))
    value = int(digits)
    return (
        value
        if -(1 << 63) <= value < 1 << 63
        else Unusable(said("{value} is out of range", value=value))
    )


def _float(digits: str) -> float | Unusable:
    if len(digits) > 4 * _MOST_DIGITS:
        return Unusable(said("it has {count:,} characters", count=len(digits)))
    value = float(digits)
    return (
        value
        if abs(value) < float("inf")
        else Unusable(said("{digits} is out of range", digits=digits))
    )


def _constant(word: str) -> Unusable:
    return Unusable(said("{word} is not a usable number", word=word))


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=_constant,
)
# Whoever takes small values looks at their types; 10^5 headers' entries want no detours.
_SMALL_VALUES = json.JSONDecoder(object_pairs_hook=_pairs)


def parse_document(data: bytes, file_name: str) -> dict[str, object]:
    """A whole document that is an object; raises CheckpointError.

    Numbers that can't be used are `Unusable` where they stand.
    """
    if _depth(data) > _MOST_DEPTH:
        raise CheckpointError(
            file_name,
            "",
            said("it is nested deeper than {most_depth} levels", most_depth=_MOST_DEPTH),
        )
    try:
        found = _DECODER.decode(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CheckpointError(file_name, "", "it is not UTF-8") from None
    except ValueError as error:
        raise CheckpointError(
            file_name, "", said("it is not sound JSON: {error}", error=error)
        ) from None
    if not isinstance(found, dict):
        raise CheckpointError(file_name, "", "it is not a JSON object")
    return found


def _depth(data: bytes) -> int:
    brackets = _ALL_STRINGS.sub(b"", data).translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


class Scanner:
    """A position in a JSON object that is too large to be parsed as a whole.

    `fail` makes the error from a reason.
    """

    def __init__(
        self,
        data: bytes | mmap,
        start: int,
        stop: int,
        fail: Callable[[str], CheckpointError],
    ) -> None:
        self._data = data
        self._at = start
        self._stop = stop
        self._fail = fail

    def members(self, most_name_bytes: int) -> Iterator[str]:
        """The names of an object's members; the caller takes each value before the next."""
        self._take(_OPENING, "“{”")
        if self._next(_CLOSING) is not None:
            return
        mark = ","
        while mark == ",":
            yield self._text(_NAME, most_name_bytes)
            mark = self._take(_SEPARATOR, "“,” or “}”")

    def string(self, most_bytes: int) -> str:
        """A string of at most `most_bytes` as it is written."""
        return self._text(_TEXT, most_bytes)

    def value(self, most_bytes: int) -> object:
        """A value of at most `most_bytes`. Text that is not ASCII comes out wrong."""
        self._next(_ANY_SPACE)
        # One character a byte, so that the parser's position is the file's.
        stop = min(self._stop, self._at + most_bytes)
        text = self._data[self._at : stop].decode("latin-1")
        try:
            found, end = _SMALL_VALUES.raw_decode(text)
        except _TwiceError as error:
            raise self._fail(str(error)) from None
        except (ValueError, RecursionError):
            raise self._broken(
                said("a value of at most {most_bytes:,} bytes", most_bytes=most_bytes)
            ) from None
        self._at += end
        return found

    def skip_texts(self) -> None:
        """Step over an object that holds strings alone."""
        self._take(_TEXTS, said("an object of strings"))

    def finish(self) -> None:
        """Raises unless nothing but space is left."""
        self._next(_ANY_SPACE)
        if self._at < self._stop:
            raise self._broken(said("the end"))

    def _text(self, pattern: re.Pattern[bytes], most_bytes: int) -> str:
        found = pattern.match(self._data, self._at, self._stop)
        if found is None:
            raise self._broken(said("a string"))
        start, end = found.span(1)
        if end - start - 2 > most_bytes:
            raise self._fail(
                said(
                    "a name has {size:,} bytes; {most_bytes:,} are read",
                    size=end - start - 2,
                    most_bytes=most_bytes,
                )
            )
        self._at = found.end()
        try:
            text = found[1].decode("utf-8")
            if "\\" not in text:
                return text[1:-1]
            unescaped: str = json.loads(text)
            unescaped.encode("utf-8")  # half a surrogate pair is no character
        except ValueError:
            raise self._fail(said("the string at byte {start:,} is no text", start=start)) from None
        return unescaped

    def _next(self, pattern: re.Pattern[bytes]) -> str | None:
        """Step over the pattern if it is next: its mark."""
        found = pattern.match(self._data, self._at, self._stop)
        if found is None:
            return None
        self._at = found.end()
        return self._data[self._at - 1 : self._at].decode("latin-1")

    def _take(self, pattern: re.Pattern[bytes], wanted: str) -> str:
        mark = self._next(pattern)
        if mark is None:
            raise self._broken(wanted)
        return mark

    def _broken(self, wanted: str) -> CheckpointError:
        return self._fail(
            said(
                "it is not sound JSON: {wanted} is expected at byte {at:,}",
                wanted=wanted,
                at=self._at,
            )
        )
