"""A GGUF file: checked header, typed metadata, tensors over the map.

For: `inference.loading` and the tokenizer. Versions 2 and 3 (format: ggml's
docs/gguf.md). A file is hostile until checked: every count, offset, length and shape is
held against the file's size before anything is allocated. Reads no weight.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import Self

from inference.checkpoint.base import TensorInfo
from inference.checkpoint.file_kinds import what_it_looks_like
from inference.checkpoint.gguf_cursor import Cursor, Value
from inference.checkpoint.gguf_metadata import GgufMetadata
from inference.checkpoint.gguf_types import SCHEME_BY_TYPE, type_name
from inference.checkpoint.mapped_bytes import bytes_over
from inference.checkpoint.mapped_file import map_file, megabytes, release_pages
from inference.errors import CheckpointError, UnsupportedModelError, one_line
from inference.sentence import said
from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor

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


@dataclass(frozen=True, slots=True)
class GgufTensor(TensorInfo):
    """A tensor, and where its bytes begin in the file."""

    offset: int


class GgufFile(GgufMetadata):
    """An open, checked file. Made by `GgufFile.open`; metadata getters raise by field.

    One part of a model in several files is such a file too: see `gguf_split`.
    """

    def __init__(self, path: Path, data: mmap) -> None:
        self.path = path
        self.file_bytes = len(data)
        self._data = data
        super().__init__(Cursor(data, path.name), {})
        self.version = self._read_version()
        tensor_count = self._cursor.count("tensor count", _MOST_TENSORS)
        field_count = self._cursor.count("metadata count", _MOST_FIELDS)
        self._metadata = self._read_metadata(field_count)
        self.tensors: Mapping[str, GgufTensor] = self._read_tensors(tensor_count)
        self._check_layout()
        self._bytes = bytes_over(data)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a model in one file, check and map it; `gguf_split.open_gguf` opens parts.

        Raises CheckpointError, UnsupportedModelError, OSError.
        """
        file = cls.open_part(path)
        parts = file.integer("split.count", 1)
        if parts > 1:
            raise UnsupportedModelError(
                said(
                    "{file} is one of {parts} parts and can't be opened alone.",
                    file=path.name,
                    parts=parts,
                )
            )
        return file

    @classmethod
    def open_part(cls, path: Path) -> Self:
        """Open, check and map one file, whether or not it is all of its model."""
        return cls(path, map_file(path))

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

    @property
    def files(self) -> tuple[Path, ...]:
        """This one."""
        return (self.path,)

    def release_pages(self) -> None:
        """See `Checkpoint.release_pages`."""
        release_pages(self._data)

    @property
    def format(self) -> str:
        """The format and its version."""
        return said("GGUF {version}", version=self.version)

    @property
    def metadata_bytes(self) -> int:
        """Bytes of the header, up to the tensors' data."""
        return self._data_start

    def packed(self, name: str) -> PackedTensor:
        """A tensor over the map, not a copy; raises CheckpointError if it is not there."""
        info = self.tensors.get(name)
        if info is None:
            raise self._cursor.fail(name, "this tensor is missing")
        scheme = BLOCK_SCHEMES[info.scheme]
        (buffer_name, buffer_shape), *_ = scheme.buffer_shapes(info.shape).items()
        raw = self._bytes[info.offset : info.offset + info.stored_bytes]
        return PackedTensor(scheme, {buffer_name: raw.view(buffer_shape)}, info.shape)

    def _read_version(self) -> int:
        if self._data[:4] != _MAGIC:
            raise self._cursor.fail("", what_it_looks_like(self._data[:512]))
        self._cursor.skip(4, "magic")
        version = self._cursor.uint32("version")
        if version in _VERSIONS:
            return version
        if int.from_bytes(version.to_bytes(4, "little"), "big") in _VERSIONS:
            raise UnsupportedModelError(
                said(
                    "{file} is big-endian GGUF; this program reads little-endian files.",
                    file=self.path.name,
                )
            )
        raise UnsupportedModelError(
            said(
                "{file} is GGUF version {version}; this program reads versions 2 and 3.",
                file=self.path.name,
                version=version,
            )
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

    def _read_tensors(self, count: int) -> Mapping[str, GgufTensor]:
        raw: list[tuple[str, tuple[int, ...], str, int]] = []
        names: set[str] = set()
        for index in range(count):
            name = self._name(f"tensor {index}", _MOST_NAME_BYTES)
            if name in names:
                raise self._cursor.fail(name, "this tensor is there twice")
            names.add(name)
            raw.append((name, *self._read_tensor(name)))
        self._data_start = self._aligned_end()
        return {
            name: self._placed(name, shape, scheme, offset) for name, shape, scheme, offset in raw
        }

    def _read_tensor(self, name: str) -> tuple[tuple[int, ...], str, int]:
        """Shape, scheme and offset behind the data's start."""
        dimensions = self._cursor.uint32(f"{name} (dimensions)")
        if not 1 <= dimensions <= _MOST_DIMENSIONS:
            raise self._cursor.fail(
                name,
                said("it has {dimensions} dimensions; 1 to 4 are possible", dimensions=dimensions),
            )
        # The format names the fastest axis first.
        shape = tuple(self._cursor.count(f"{name} (shape)", _MOST_AXIS) for _ in range(dimensions))[
            ::-1
        ]
        if 0 in shape:
            raise self._cursor.fail(name, said("its shape {shape} holds a zero", shape=list(shape)))
        number = self._cursor.uint32(f"{name} (type)")
        scheme = SCHEME_BY_TYPE.get(number)
        if scheme is None:
            raise UnsupportedModelError(
                said(
                    "{file}: {name}: this program does not read tensors of {kind}.",
                    file=self.path.name,
                    name=one_line(name, 80),
                    kind=type_name(number),
                )
            )
        return shape, scheme, self._cursor.count(f"{name} (offset)", 1 << 62)

    def _aligned_end(self) -> int:
        alignment = self.integer("general.alignment", _DEFAULT_ALIGNMENT)
        in_range = _LEAST_ALIGNMENT <= alignment <= _MOST_ALIGNMENT
        if not in_range or alignment & (alignment - 1):
            raise self._cursor.fail(
                "general.alignment",
                said(
                    "{alignment} is not a power of two from {least_alignment} to "
                    "{most_alignment:,}",
                    alignment=alignment,
                    least_alignment=_LEAST_ALIGNMENT,
                    most_alignment=_MOST_ALIGNMENT,
                ),
            )
        self._alignment = alignment
        return -(-self._cursor.at // alignment) * alignment

    def _placed(self, name: str, shape: tuple[int, ...], scheme: str, offset: int) -> GgufTensor:
        try:
            (buffer_shape,) = BLOCK_SCHEMES[scheme].buffer_shapes(shape).values()
        except ValueError as error:
            raise self._cursor.fail(name, str(error)) from None
        if offset % self._alignment:
            raise self._cursor.fail(
                name,
                said(
                    "its offset {offset:,} is not a multiple of {alignment}",
                    offset=offset,
                    alignment=self._alignment,
                ),
            )
        start, stored_bytes = self._data_start + offset, math.prod(buffer_shape)
        return GgufTensor(name, shape, scheme, stored_bytes, start)

    def _check_layout(self) -> None:
        """Every tensor inside the file, none over another."""
        reached, before = self._data_start, ""
        for info in sorted(self.tensors.values(), key=lambda info: info.offset):
            if info.offset < reached:
                raise self._cursor.fail(info.name, said("it lies over {before}", before=before))
            reached, before = info.offset + info.stored_bytes, info.name
        if reached > len(self._data) and self.tensors:
            raise CheckpointError(
                self.path.name,
                "",
                said(
                    "the file ends at {size} but its header describes {reached}: the download "
                    "is not complete",
                    size=megabytes(len(self._data)),
                    reached=megabytes(reached),
                ),
            )
