"""The header of one safetensors file: what lies where, every number checked.

For: `safetensors`. Format: safetensors' README, section “Format”. A file is a uint64
length, so many bytes of JSON, and the tensors' bytes one after another without holes.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from mmap import mmap

from inference.checkpoint.json_text import Scanner
from inference.checkpoint.mapped_file import megabytes
from inference.errors import CheckpointError, UnsupportedModelError, one_line
from inference.sentence import said

BITS_BY_DTYPE = {
    "F32": 32, "BF16": 16, "F16": 16, "F8_E4M3": 8,
    "F64": 64, "I64": 64, "U64": 64, "C64": 64, "I32": 32, "U32": 32, "I16": 16, "U16": 16,
    "I8": 8, "U8": 8, "BOOL": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8, "F6_E2M3": 6, "F6_E3M2": 6, "F4": 4,
}  # fmt: skip
MOST_TENSORS = 1 << 18
MOST_NAME_BYTES = 1 << 10
_MOST_HEADER_BYTES = 100_000_000
_MOST_ENTRY_BYTES = 1 << 10
_MOST_DIMENSIONS = 8
_MOST_AXIS = 1 << 40
_LENGTH_BYTES = 8
_METADATA = "__metadata__"
_FIELDS = frozenset(("dtype", "shape", "data_offsets"))


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """Bytes start:stop of a file, and what they are."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    stop: int


def read_header(data: mmap, file_name: str) -> list[StoredTensor]:
    """Every tensor in the order of its bytes; raises CheckpointError, UnsupportedModelError."""
    return _Header(data, file_name).read()


class _Header:
    def __init__(self, data: mmap, file_name: str) -> None:
        self._data = data
        self._file_name = file_name

    def read(self) -> list[StoredTensor]:
        data_start = self._data_start()
        scanner = Scanner(
            self._data, _LENGTH_BYTES, data_start, lambda reason: self._fail("header", reason)
        )
        found: dict[str, StoredTensor] = {}
        seen: set[str] = set()
        for name in scanner.members(MOST_NAME_BYTES):
            if name in seen:
                raise self._fail(name, "this name is there twice")
            seen.add(name)
            if len(seen) > MOST_TENSORS:
                raise self._fail(
                    "header",
                    said("it holds more than {most_tensors:,} tensors", most_tensors=MOST_TENSORS),
                )
            if name == _METADATA:
                scanner.skip_texts()
            else:
                entry = scanner.value(_MOST_ENTRY_BYTES)
                found[name] = self._tensor(name, entry, data_start)
        scanner.finish()
        return self._in_order(found.values(), data_start)

    def _data_start(self) -> int:
        size = len(self._data)
        if size < _LENGTH_BYTES:
            raise self._fail(
                "", said("the file has {size} bytes and can't be safetensors", size=size)
            )
        (length,) = struct.unpack_from("<Q", self._data)
        if length > _MOST_HEADER_BYTES:
            raise self._fail(
                "header", said("{length:,} bytes are more than this program allows", length=length)
            )
        if length > size - _LENGTH_BYTES:
            raise self._fail(
                "header",
                said(
                    "it needs {length:,} bytes and the file ends after {left:,}: the download is "
                    "not complete, or the file is damaged",
                    length=length,
                    left=size - _LENGTH_BYTES,
                ),
            )
        return _LENGTH_BYTES + int(length)

    def _tensor(self, name: str, entry: object, data_start: int) -> StoredTensor:
        if not name:
            raise self._fail("header", "a tensor has no name")
        if not isinstance(entry, dict) or entry.keys() != _FIELDS:
            raise self._fail(name, "it does not say dtype, shape and data_offsets, and these alone")
        dtype, shape = entry["dtype"], self._numbers(name, "shape", entry["shape"])
        if not isinstance(dtype, str) or dtype not in BITS_BY_DTYPE:
            raise UnsupportedModelError(
                said(
                    "{file_name}: {name}: the unknown type {dtype}.",
                    file_name=self._file_name,
                    name=one_line(name, 80),
                    dtype=one_line(str(dtype), 20),
                )
            )
        if len(shape) > _MOST_DIMENSIONS:
            raise self._fail(
                name, said("it has {count} dimensions; 8 at most are possible", count=len(shape))
            )
        offsets = self._numbers(name, "data_offsets", entry["data_offsets"])
        if len(offsets) != 2 or offsets[0] > offsets[1]:
            raise self._fail(
                name, said("its data_offsets {offsets} are no range", offsets=list(offsets))
            )
        bits = math.prod(shape) * BITS_BY_DTYPE[dtype]
        if bits != 8 * (offsets[1] - offsets[0]):
            raise self._fail(
                name,
                said(
                    "{dtype} of shape {shape} takes {size:,.0f} bytes; its data_offsets give it "
                    "{given:,}",
                    dtype=dtype,
                    shape=list(shape),
                    size=bits / 8,
                    given=offsets[1] - offsets[0],
                ),
            )
        return StoredTensor(name, dtype, shape, data_start + offsets[0], data_start + offsets[1])

    def _numbers(self, name: str, field: str, found: object) -> tuple[int, ...]:
        if not isinstance(found, list):
            raise self._fail(name, said("its {field} is no list", field=field))
        for number in found:
            if type(number) is not int or not 0 <= number <= _MOST_AXIS:
                raise self._fail(
                    name, said("its {field} holds something else than 0 to 2^40", field=field)
                )
        return tuple(found)

    def _in_order(self, tensors: Iterable[StoredTensor], data_start: int) -> list[StoredTensor]:
        """One after another from the data's start to the file's end."""
        ordered = sorted(tensors, key=lambda tensor: (tensor.start, tensor.stop))
        reached = data_start
        before: str = said("the header")
        for tensor in ordered:
            if tensor.start < reached:
                raise self._fail(
                    tensor.name, said("it lies over {before}", before=one_line(before, 80))
                )
            if tensor.start > reached:
                raise self._fail(
                    tensor.name,
                    said(
                        "there are {count:,} bytes of nothing before it",
                        count=tensor.start - reached,
                    ),
                )
            reached, before = tensor.stop, tensor.name
        size = len(self._data)
        if reached > size:
            raise self._fail(
                "",
                said(
                    "the file ends at {size} but its header describes {reached}: the download is "
                    "not complete",
                    size=megabytes(size),
                    reached=megabytes(reached),
                ),
            )
        if reached < size:
            raise self._fail("", said("{size:,} bytes follow its last tensor", size=size - reached))
        return ordered

    def _fail(self, field: str, reason: str) -> CheckpointError:
        return CheckpointError(self._file_name, field, reason)
