"""A GGUF model in one file or several: `open_gguf` decides.

For: `inference.checkpoint.open`. Parts are named `stem-00001-of-00003.gguf` and say the
same in `split.no` (from 0), `split.count` and `split.tensors.count` (llama.cpp's
gguf-split). The first part's metadata is the model's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from inference.checkpoint.folder import MOST_PARTS, PartName, part_name
from inference.checkpoint.gguf import GgufFile, GgufTensor
from inference.checkpoint.gguf_metadata import GgufMetadata
from inference.errors import CheckpointError
from inference.sentence import said
from kernels.schemes.base import PackedTensor

_NUMBER, _COUNT, _TENSORS = "split.no", "split.count", "split.tensors.count"


def open_gguf(path: Path) -> GgufFile | SplitGguf:
    """Open a file, or all parts of the model that it is a part of.

    Raises CheckpointError, UnsupportedModelError, OSError.
    """
    file = GgufFile.open_part(path)
    count = file.integer(_COUNT, 1)
    return file if count == 1 else SplitGguf(path, _parts(file, count))


class SplitGguf(GgufMetadata):
    """All parts of one model, checked against one another. Made by `open_gguf`."""

    def __init__(self, path: Path, parts: list[GgufFile]) -> None:
        first = parts[0]
        super().__init__(first._cursor, first._metadata)
        self.path = path
        self.version = first.version
        self.format = said("{format} in {count} parts", format=first.format, count=len(parts))
        self.file_bytes = sum(part.file_bytes for part in parts)
        self.files = tuple(part.path for part in parts)
        self.metadata_bytes = sum(part.metadata_bytes for part in parts)
        self.parts = tuple(parts)
        self._parts: dict[str, GgufFile] = {}
        tensors: dict[str, GgufTensor] = {}
        for part in parts:
            for name, info in part.tensors.items():
                if name in tensors:
                    other = self._parts[name].path.name
                    raise CheckpointError(
                        part.path.name, name, said("{other} holds this tensor too", other=other)
                    )
                tensors[name], self._parts[name] = info, part
        self.tensors: Mapping[str, GgufTensor] = tensors
        told = first.integer(_TENSORS)
        if told != len(tensors):
            raise first.fail(
                _TENSORS,
                said(
                    "it says {told:,}, and the parts hold {count:,}", told=told, count=len(tensors)
                ),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the maps; each is given back when the last tensor over it has gone."""
        self.parts = ()
        self._parts.clear()
        self.__dict__.pop("_cursor", None)

    def release_pages(self) -> None:
        """See `Checkpoint.release_pages`."""
        for part in self.parts:
            part.release_pages()

    def packed(self, name: str) -> PackedTensor:
        """A tensor over the map of its part; raises CheckpointError if it is not there."""
        part = self._parts.get(name)
        if part is None:
            raise CheckpointError(self.path.name, name, "this tensor is missing")
        return part.packed(name)


def _parts(file: GgufFile, count: int) -> list[GgufFile]:
    """Every part in order; `file` is the one that is open."""
    if not 1 < count <= MOST_PARTS:
        raise file.fail(
            _COUNT,
            said(
                "{count:,} is no number of parts from 1 to {most_parts:,}",
                count=count,
                most_parts=MOST_PARTS,
            ),
        )
    named = part_name(file.path.name)
    number = file.integer(_NUMBER)
    if named is None or (named.number, named.count) != (number + 1, count):
        raise file.fail(
            "",
            said(
                "it is part {number:,} of {count:,}, and its name must end in "
                "-{number:05}-of-{count:05}.gguf for the others to be found",
                number=number + 1,
                count=count,
            ),
        )
    parts = [
        file if n == named.number else _open_other(file, named, n) for n in range(1, count + 1)
    ]
    for n, part in enumerate(parts):
        _agree(part, n, file)
    return parts


def _open_other(file: GgufFile, named: PartName, number: int) -> GgufFile:
    name = named.sibling(number)
    path = file.path.with_name(name)
    if not path.exists():
        raise file.fail(
            "",
            said(
                "part {number} of {count} is missing: {name} beside it",
                number=number,
                count=named.count,
                name=name,
            ),
        )
    return GgufFile.open_part(path)


def _agree(part: GgufFile, number: int, file: GgufFile) -> None:
    """The same numbers in each part."""
    for key, wanted in (
        (_NUMBER, number),
        (_COUNT, file.integer(_COUNT)),
        (_TENSORS, file.integer(_TENSORS)),
    ):
        found = part.integer(key)
        if found != wanted:
            raise part.fail(
                key,
                said(
                    "it says {found:,}; as a part beside {file}, {wanted:,}",
                    found=found,
                    file=file.path.name,
                    wanted=wanted,
                ),
            )
