"""Reading the primitives of GGUF from a mapped file, every length checked first.

Format: ggml's docs/gguf.md. Little-endian; strings are a uint64 length and UTF-8 bytes.
"""

from __future__ import annotations

import codecs
import struct
import sys
from array import array
from dataclasses import dataclass
from enum import IntEnum
from mmap import mmap
from typing import Any

from inference.errors import CheckpointError
from inference.sentence import said

# Far above what real files hold (vocabularies have 2^18 entries, headers 15 MB), far below
# what would keep a user waiting.
_MOST_HEADER_BYTES = 128 << 20
_MOST_STRING_BYTES = 16 << 20
_MOST_ARRAY_ELEMENTS = 1 << 22
_MOST_ELEMENT_BYTES = 64 << 10
_MOST_TEXT_BYTES = 1 << 20
# Decoded, one emoji makes a text take four bytes for every character, and CPython makes room
# for as many characters as there are bytes: pieces keep that room small, and what the whole
# will take is known beforehand.
_PIECE_BYTES = 1 << 10
_UTF8_CONTINUATION = bytes(range(0x80, 0xC0))
_MOST_TEXT_SHARE = 2


class ValueType(IntEnum):
    """Types of metadata values, by the format's numbers."""

    UINT8 = 0
    INT8 = 1
    UINT16 = 2
    INT16 = 3
    UINT32 = 4
    INT32 = 5
    FLOAT32 = 6
    BOOL = 7
    STRING = 8
    ARRAY = 9
    UINT64 = 10
    INT64 = 11
    FLOAT64 = 12


# struct's and array's letters alike; "I" and "Q" have these sizes wherever Python runs.
_FORMATS = {
    ValueType.UINT8: "B",
    ValueType.INT8: "b",
    ValueType.UINT16: "H",
    ValueType.INT16: "h",
    ValueType.UINT32: "I",
    ValueType.INT32: "i",
    ValueType.FLOAT32: "f",
    ValueType.BOOL: "B",
    ValueType.UINT64: "Q",
    ValueType.INT64: "q",
    ValueType.FLOAT64: "d",
}
FLOATS = frozenset({ValueType.FLOAT32, ValueType.FLOAT64})


@dataclass(frozen=True)
class StringAt:
    """Where a string's bytes lie; decoded when asked for."""

    start: int
    length: int


@dataclass(frozen=True)
class StringArray:
    """Where the strings of an array lie: `starts[i]` is the offset of string i's length."""

    starts: array[int]


@dataclass(frozen=True)
class NumberArray:
    """Where the numbers of an array lie."""

    kind: ValueType
    start: int
    count: int


Value = StringAt | int | float | bool | StringArray | NumberArray


class Cursor:
    """A position in the header of a mapped file; raises CheckpointError by field."""

    def __init__(self, data: mmap, file_name: str) -> None:
        self._data = data
        self._end = min(len(data), _MOST_HEADER_BYTES)
        self._file_name = file_name
        self.at = 0

    def fail(self, field: str, reason: str) -> CheckpointError:
        """The error to raise."""
        return CheckpointError(self._file_name, field, reason)

    def skip(self, count: int, field: str) -> int:
        """Move over `count` bytes that must be there; the offset where they begin."""
        left = self._end - self.at
        if count > left:
            raise self.fail(field, self._too_short(count, left))
        start = self.at
        self.at += count
        return start

    def _too_short(self, count: int, left: int) -> str:
        if self._end < len(self._data):
            return said(
                "the header is longer than {most} MB",
                most=_MOST_HEADER_BYTES >> 20,
            )
        return said(
            "it needs {count:,} bytes and the file ends after {left:,}, inside its "
            "header: the download is not complete, or the file is damaged",
            count=count,
            left=left,
        )

    def number(self, kind: ValueType, field: str) -> int | float:
        """One number."""
        code = "<" + _FORMATS[kind]
        found: int | float = struct.unpack_from(
            code, self._data, self.skip(struct.calcsize(code), field)
        )[0]
        return found

    def count(self, field: str, most: int) -> int:
        """A uint64 that counts something, at most `most`."""
        value = int(self.number(ValueType.UINT64, field))
        if value > most:
            raise self.fail(
                field,
                said(
                    "{value:,} is more than this program allows ({most:,})", value=value, most=most
                ),
            )
        return value

    def uint32(self, field: str) -> int:
        """One uint32."""
        return int(self.number(ValueType.UINT32, field))

    def string(self, field: str, most_bytes: int) -> str:
        """One string, at once: a name."""
        return self.text(self._string_at(field, most_bytes), field)

    def _string_at(self, field: str, most_bytes: int) -> StringAt:
        length = self.count(f"{field} (length)", most_bytes)
        return StringAt(self.skip(length, field), length)

    def text(self, found: StringAt, field: str) -> str:
        """Decode a string; raises where it is not UTF-8, or long beside its file."""
        if found.length > _MOST_TEXT_BYTES:
            raise self.fail(
                field, said("a text of {length:,} bytes is more than is read", length=found.length)
            )
        try:
            return self._decoded(found.start, found.length, field)
        except UnicodeDecodeError:
            raise self.fail(field, "it is not UTF-8") from None

    def _decoded(self, start: int, length: int, field: str) -> str:
        """UTF-8 without ever taking more than twice the file's size; UnicodeDecodeError."""
        if length <= _PIECE_BYTES:
            return self._data[start : start + length].decode("utf-8")
        pieces = [
            self._data[at : min(at + _PIECE_BYTES, start + length)]
            for at in range(start, start + length, _PIECE_BYTES)
        ]
        widest = max(map(max, pieces))
        character_bytes = 4 if widest >= 0xF0 else 2 if widest >= 0xC4 else 1
        characters = sum(len(piece.translate(None, _UTF8_CONTINUATION)) for piece in pieces)
        if characters * character_bytes > _MOST_TEXT_SHARE * len(self._data):
            raise self.fail(field, "its text would take more memory than twice the file")
        decoder = codecs.getincrementaldecoder("utf-8")()
        decoded = [decoder.decode(piece) for piece in pieces]
        return "".join([*decoded, decoder.decode(b"", final=True)])

    def value(self, field: str) -> Value:
        """A type and a value of it."""
        kind = self._kind(field)
        if kind is ValueType.ARRAY:
            return self._array(field)
        if kind is ValueType.STRING:
            return self._string_at(field, _MOST_STRING_BYTES)
        found = self.number(kind, field)
        if kind is ValueType.BOOL:
            if found not in (0, 1):
                raise self.fail(field, said("{found} is no boolean", found=found))
            return bool(found)
        return found

    def _kind(self, field: str) -> ValueType:
        number = self.uint32(f"{field} (type)")
        try:
            return ValueType(number)
        except ValueError:
            raise self.fail(field, said("{number} is no type of value", number=number)) from None

    def _array(self, field: str) -> StringArray | NumberArray:
        kind = self._kind(field)
        if kind is ValueType.ARRAY:
            raise self.fail(field, "arrays of arrays are not read")
        # Every element takes a byte or more, a string eight: a count that the file can't
        # hold is refused before anything is made for it.
        least_bytes = 8 if kind is ValueType.STRING else struct.calcsize("<" + _FORMATS[kind])
        room = (self._end - self.at - 8) // least_bytes
        count = self.count(f"{field} (count)", _MOST_ARRAY_ELEMENTS)
        if count > room:
            raise self.fail(
                field,
                said(
                    "it counts {count:,} elements; the file has room for {room:,}",
                    count=count,
                    room=room,
                ),
            )
        if kind is not ValueType.STRING:
            return NumberArray(kind, self.skip(count * least_bytes, field), count)
        return StringArray(self._string_starts(count, field))

    def _string_starts(self, count: int, field: str) -> array[int]:
        """Walk over `count` strings. Hot: a vocabulary has 10^5 of them, its merges more."""
        starts = array("Q")
        at, read = self.at, struct.Struct("<Q").unpack_from
        for _ in range(count):
            starts.append(at)
            if at + 8 > self._end:
                raise self.fail(field, self._too_short(8, self._end - at))
            (length,) = read(self._data, at)
            at += 8
            if length > _MOST_ELEMENT_BYTES or length > self._end - at:
                raise self.fail(
                    field,
                    said(
                        "element {count:,} has {length:,} bytes, more than is there",
                        count=len(starts) - 1,
                        length=length,
                    ),
                )
            at += length
        self.at = at
        return starts

    def strings(self, found: StringArray, field: str) -> list[str]:
        """Decode an array; raises where one is not UTF-8."""
        decoded = []
        for start in found.starts:
            (length,) = struct.unpack_from("<Q", self._data, start)
            try:
                decoded.append(self._decoded(start + 8, length, field))
            except UnicodeDecodeError:
                raise self.fail(
                    field, said("element {count:,} is not UTF-8", count=len(decoded))
                ) from None
        return decoded

    def numbers(self, found: NumberArray) -> array[Any]:
        """Decode an array, as compact as in the file."""
        code = _FORMATS[found.kind]
        decoded = array(code)
        stop = found.start + found.count * struct.calcsize("<" + code)
        decoded.frombytes(self._data[found.start : stop])
        if sys.byteorder == "big":
            decoded.byteswap()
        return decoded
