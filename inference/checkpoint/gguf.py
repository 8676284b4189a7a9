"""A GGUF file: checked header, typed metadata, tensors over the map.

For: `inference.loading` and the tokenizer. Versions 2 and 3 (format: ggml's
docs/gguf.md). A file is hostile until checked: every count, offset, length and shape is
held against the file's size before anything is allocated. Reads no weight.
"""

from __future__ import annotations

import math
import mmap
import os
import stat
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import torch

from inference.checkpoint.file_kinds import what_it_looks_like
from inference.checkpoint.gguf_cursor import (
    FLOATS,
    Cursor,
    NumberArray,
    StringArray,
    StringAt,
    Value,
)
from inference.checkpoint.gguf_types import SCHEME_BY_TYPE, type_name
from inference.errors import CheckpointError, UnsupportedModelError, one_line
from kernels.schemes import SCHEMES
from kernels.schemes.base import PackedTensor

_T = TypeVar("_T")

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_FIELDS = 1 << 16
_MOST_TENSORS = 1 << 17
_MOST_NAME_BYTES = 1 << 10
_MOST_KEY_BYTES = 1 << 10
_MOST_DIMENSIONS = 4
_MOST_AXIS = 1 << 40
_LEAST_ALIGNMENT, _MOST_ALIGNMENT = 8, 1 << 20
_DEFAULT_ALIGNMENT = 32


@dataclass(frozen=True)
class TensorInfo:
    """A tensor's name, logical shape (slowest axis first), scheme, and bytes in the file."""

    name: str
    shape: tuple[int, ...]
    scheme: str
    offset: int
    stored_bytes: int


class GgufFile:
    """An open, checked file. Made by `GgufFile.open`; metadata getters raise by field."""

    def __init__(self, path: Path, data: mmap.mmap) -> None:
        self.path = path
        self._data = data
        self._cursor = Cursor(data, path.name)
        self.version = self._read_version()
        tensor_count = self._cursor.count("tensor count", _MOST_TENSORS)
        field_count = self._cursor.count("metadata count", _MOST_FIELDS)
        self._metadata = self._read_metadata(field_count)
        self.tensors: Mapping[str, TensorInfo] = self._read_tensors(tensor_count)
        self._check_layout()
        with warnings.catch_warnings():
            # The map is read-only, and torch has no such tensors; nothing writes to weights.
            warnings.filterwarnings("ignore", "The given buffer is not writable")
            self._bytes = torch.frombuffer(data, dtype=torch.uint8)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open, check and map; raises CheckpointError, UnsupportedModelError, OSError."""
        data = _map(path)
        try:
            return cls(path, data)
        except BaseException:
            data.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the map; it is given back when the last tensor over it has gone.

        Never `mmap.close`: torch keeps no export on the map, so that closing it under a
        living tensor succeeds and the next read of the tensor is a crash.
        """
        for name in ("_data", "_cursor", "_bytes"):
            self.__dict__.pop(name, None)

    def keys(self) -> frozenset[str]:
        """Every metadata field that is there."""
        return frozenset(self._metadata)

    @property
    def metadata_bytes(self) -> int:
        """Bytes of the header, up to the tensors' data."""
        return self._data_start

    def string(self, key: str, default: str | None = None) -> str:
        """A string field; with a default it may be missing."""
        if default is not None and key not in self._metadata:
            return default
        return self._cursor.text(self._get(key, None, StringAt, "a string"), key)

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer field."""
        value = self._get(key, default, int, "an integer")
        if isinstance(value, bool):
            raise self._cursor.fail(key, "it is not an integer")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A floating-point field; integers are accepted, NaN and infinity are not."""
        value: int | float
        if isinstance(self._metadata.get(key), int):
            value = self.integer(key)
        else:
            value = self._get(key, default, float, "a number")
        if value != value or value in (float("inf"), float("-inf")):
            raise self._cursor.fail(key, f"{value} is not a usable number")
        return float(value)

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """A boolean field."""
        return self._get(key, default, bool, "a boolean")

    def strings(self, key: str) -> list[str]:
        """An array of strings; raises where it is missing or holds something else."""
        found = self._get(key, None, StringArray, "an array of strings")
        return self._cursor.strings(found, key)

    def integers(self, key: str) -> Sequence[int]:
        """An array of integers, as compact as in the file."""
        found = self._get(key, None, NumberArray, "an array of integers")
        if found.kind in FLOATS:
            raise self._cursor.fail(key, "it is not an array of integers")
        return self._cursor.numbers(found)

    def numbers(self, key: str) -> Sequence[float]:
        """An array of numbers, as compact as in the file."""
        return self._cursor.numbers(self._get(key, None, NumberArray, "an array of numbers"))

    def packed(self, name: str) -> PackedTensor:
        """A tensor over the map, not a copy; raises CheckpointError if it is not there."""
        info = self.tensors.get(name)
        if info is None:
            raise self._cursor.fail(name, "this tensor is missing")
        scheme = SCHEMES[info.scheme]
        (buffer_name, buffer_shape), *_ = scheme.buffer_shapes(info.shape).items()
        raw = self._bytes[info.offset : info.offset + info.stored_bytes]
        return PackedTensor(scheme, {buffer_name: raw.view(buffer_shape)}, info.shape)

    def _get(self, key: str, default: _T | None, kind: type[_T], words: str) -> _T:
        value: object = self._metadata.get(key)
        if value is None:
            if default is None:
                raise self._cursor.fail(key, "this field is missing")
            return default
        if not isinstance(value, kind):
            raise self._cursor.fail(key, f"it is not {words}")
        return value

    def _read_version(self) -> int:
        if self._data[:4] != _MAGIC:
            raise self._cursor.fail("", what_it_looks_like(self._data[:512]))
        self._cursor.skip(4, "magic")
        version = self._cursor.uint32("version")
        if version in _VERSIONS:
            return version
        if int.from_bytes(version.to_bytes(4, "little"), "big") in _VERSIONS:
            raise UnsupportedModelError(
                f"{self.path.name} is big-endian GGUF; this program reads little-endian files."
            )
        raise UnsupportedModelError(
            f"{self.path.name} is GGUF version {version}; this program reads versions 2 and 3."
        )

    def _name(self, field: str, most_bytes: int) -> str:
        name = self._cursor.string(f"{field} (name)", most_bytes)
        if not name:
            raise self._cursor.fail(field, "it has no name")
        return name

    def _read_metadata(self, count: int) -> Mapping[str, Value]:
        found: dict[str, Value] = {}
        for index in range(count):
            key = self._name(f"metadata field {index}", _MOST_KEY_BYTES)
            if key in found:
                raise self._cursor.fail(key, "this field is there twice")
            found[key] = self._cursor.value(key)
        return found

    def _read_tensors(self, count: int) -> Mapping[str, TensorInfo]:
        raw: list[tuple[str, tuple[int, ...], str, int]] = []
        names: set[str] = set()
        for index in range(count):
            name = self._name(f"tensor {index}", _MOST_NAME_BYTES)
            if name in names:
                raise self._cursor.fail(name, "this tensor is there twice")
            names.add(name)
            raw.append((name, *self._read_tensor(name)))
        self._refuse_splits()
        self._data_start = self._aligned_end()
        return {
            name: self._placed(name, shape, scheme, offset) for name, shape, scheme, offset in raw
        }

    def _read_tensor(self, name: str) -> tuple[tuple[int, ...], str, int]:
        """Shape, scheme and offset behind the data's start."""
        dimensions = self._cursor.uint32(f"{name} (dimensions)")
        if not 1 <= dimensions <= _MOST_DIMENSIONS:
            raise self._cursor.fail(name, f"it has {dimensions} dimensions; 1 to 4 are possible")
        # The format names the fastest axis first.
        shape = tuple(self._cursor.count(f"{name} (shape)", _MOST_AXIS) for _ in range(dimensions))[
            ::-1
        ]
        if 0 in shape:
            raise self._cursor.fail(name, f"its shape {list(shape)} holds a zero")
        number = self._cursor.uint32(f"{name} (type)")
        scheme = SCHEME_BY_TYPE.get(number)
        if scheme is None:
            raise UnsupportedModelError(
                f"{self.path.name}: {one_line(name, 80)}: this program does not read tensors of "
                f"{type_name(number)}."
            )
        return shape, scheme, self._cursor.count(f"{name} (offset)", 1 << 62)

    def _aligned_end(self) -> int:
        alignment = self.integer("general.alignment", _DEFAULT_ALIGNMENT)
        in_range = _LEAST_ALIGNMENT <= alignment <= _MOST_ALIGNMENT
        if not in_range or alignment & (alignment - 1):
            raise self._cursor.fail(
                "general.alignment",
                f"{alignment} is not a power of two from {_LEAST_ALIGNMENT} to {_MOST_ALIGNMENT:,}",
            )
        self._alignment = alignment
        return -(-self._cursor.at // alignment) * alignment

    def _placed(self, name: str, shape: tuple[int, ...], scheme: str, offset: int) -> TensorInfo:
        try:
            (buffer_shape,) = SCHEMES[scheme].buffer_shapes(shape).values()
        except ValueError as error:
            raise self._cursor.fail(name, str(error)) from None
        if offset % self._alignment:
            raise self._cursor.fail(
                name, f"its offset {offset:,} is not a multiple of {self._alignment}"
            )
        start, stored_bytes = self._data_start + offset, math.prod(buffer_shape)
        return TensorInfo(name, shape, scheme, start, stored_bytes)

    def _check_layout(self) -> None:
        """Every tensor inside the file, none over another."""
        reached, before = self._data_start, ""
        for info in sorted(self.tensors.values(), key=lambda info: info.offset):
            if info.offset < reached:
                raise self._cursor.fail(info.name, f"it lies over {before}")
            reached, before = info.offset + info.stored_bytes, info.name
        if reached > len(self._data) and self.tensors:
            raise CheckpointError(
                self.path.name,
                "",
                f"the file ends at {_megabytes(len(self._data))} but its header describes "
                f"{_megabytes(reached)}: the download is not complete",
            )

    def _refuse_splits(self) -> None:
        parts = self.integer("split.count", 1)
        if parts > 1:
            raise UnsupportedModelError(
                f"{self.path.name} is one of {parts} parts; this version of Pitcher reads "
                "models in a single file."
            )


def _map(path: Path) -> mmap.mmap:
    """Map a regular file; raises CheckpointError and OSError."""
    # Non-blocking, so that a FIFO does not hang before it is recognised.
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise CheckpointError(path.name, "", "this is a folder; name the .gguf file in it")
        if not stat.S_ISREG(status.st_mode):
            raise CheckpointError(path.name, "", "this is not an ordinary file")
        if not status.st_size:
            raise CheckpointError(path.name, "", "the file is empty")
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(descriptor)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
