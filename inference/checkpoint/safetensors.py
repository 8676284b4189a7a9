"""A model in safetensors files: checked headers, tensors over the maps, V3's FP8 pairs.

For: `inference.loading`. Single files, shards with an index, and shards that their names
alone put together. A file is hostile until checked; reads no weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import Self

import torch
from torch import Tensor

from inference.checkpoint.base import TensorInfo
from inference.checkpoint.mapped_bytes import bytes_over
from inference.checkpoint.mapped_file import map_file, release_pages
from inference.checkpoint.safetensors_header import (
    MOST_TENSORS,
    StoredTensor,
    read_header,
)
from inference.checkpoint.safetensors_index import Shards, find_shards
from inference.errors import CheckpointError, UnsupportedModelError, one_line
from inference.sentence import said
from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor
from kernels.schemes.fp8_e4m3_128 import FP8_E4M3_128

_FP8 = "F8_E4M3"
_SCALE = "_scale_inv"
_SCALE_DTYPES: Mapping[str, torch.dtype] = {"F32": torch.float32, "BF16": torch.bfloat16}
_FIRST_ROW = torch.zeros(1, dtype=torch.int64)


@dataclass(frozen=True, slots=True)
class _Shard:
    """A mapped file."""

    name: str
    data: mmap
    bytes: Tensor


@dataclass(frozen=True, slots=True)
class _Placed:
    """A stored tensor and the file that holds it."""

    shard: _Shard
    stored: StoredTensor

    def raw(self) -> Tensor:
        """Its bytes, uint8, a view of the map."""
        return self.shard.bytes[self.stored.start : self.stored.stop]

    def fail(self, reason: str) -> CheckpointError:
        """The error to raise about it."""
        return CheckpointError(self.shard.name, self.stored.name, reason)


class SafetensorsModel:
    """Open, checked files. Made by `SafetensorsModel.open`."""

    format = "safetensors"

    def __init__(self, path: Path, shards: Shards) -> None:
        self.path = path
        self.folder = shards.paths[0].parent
        self.files = shards.paths
        self.file_bytes = 0
        self._placed: dict[str, _Placed] = {}
        self._sound_scales: set[str] = set()
        for shard in shards.paths:
            self._add(shard, shards.expected)
        self._check_all_there(shards.expected)
        self.tensors: Mapping[str, TensorInfo] = self._listed()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a folder, a file, or any shard; CheckpointError, UnsupportedModelError, OSError."""
        return cls(path, find_shards(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the maps; each is given back when the last tensor over it has gone."""
        self._placed.clear()

    def release_pages(self) -> None:
        """See `Checkpoint.release_pages`."""
        for data in {id(p.shard): p.shard.data for p in self._placed.values()}.values():
            release_pages(data)

    def packed(self, name: str) -> PackedTensor:
        """A tensor over the map, not a copy; CheckpointError, UnsupportedModelError."""
        info, placed = self.tensors.get(name), self._placed.get(name)
        if info is None or placed is None:
            raise CheckpointError(self.path.name, name, "this tensor is missing")
        if info.scheme == FP8_E4M3_128.name:
            return self._tiles(placed)
        scheme = BLOCK_SCHEMES.get(info.scheme)
        if scheme is None:
            raise UnsupportedModelError(
                said(
                    "{shard}: {name}: this program does not run tensors of type {scheme}.",
                    shard=placed.shard.name,
                    name=one_line(name, 80),
                    scheme=info.scheme,
                )
            )
        *leading, columns = info.shape or (1,)
        blocks = placed.raw().view(*leading, scheme.row_bytes(columns))
        return PackedTensor(scheme, {"blocks": blocks}, info.shape)

    def _add(self, path: Path, expected: Mapping[str, str] | None) -> None:
        """One file's tensors, each where the index says it is."""
        data = map_file(path)
        tensors = read_header(data, path.name)
        shard = _Shard(path.name, data, bytes_over(data))
        self.file_bytes += len(data)
        for stored in tensors:
            placed = _Placed(shard, stored)
            other = self._placed.get(stored.name)
            if other is not None:
                raise placed.fail(said("{shard} holds this tensor too", shard=other.shard.name))
            if expected is not None and expected.get(stored.name) != path.name:
                told = expected.get(stored.name)
                raise placed.fail(
                    said("the index says that it is in {told}", told=one_line(told, 80))
                    if told
                    else "the index does not name this tensor"
                )
            self._placed[stored.name] = placed
        if len(self._placed) > MOST_TENSORS:
            raise CheckpointError(
                path.name,
                "",
                said("there are more than {most_tensors:,} tensors", most_tensors=MOST_TENSORS),
            )

    def _check_all_there(self, expected: Mapping[str, str] | None) -> None:
        for name, shard in (expected or {}).items():
            if name not in self._placed:
                raise CheckpointError(shard, name, "the index names this tensor; it is not there")

    def _listed(self) -> dict[str, TensorInfo]:
        """What the model is said to hold: a weight in FP8 and its scales are one tensor."""
        found: dict[str, TensorInfo] = {}
        for name, placed in self._placed.items():
            stored = placed.stored
            if name.endswith(_SCALE):
                self._check_belongs(placed)
                continue
            scheme, stored_bytes = stored.dtype, stored.stop - stored.start
            if scheme == _FP8:
                scheme = FP8_E4M3_128.name
                scales = self._scales_of(placed).stored
                stored_bytes += scales.stop - scales.start
            found[name] = TensorInfo(name, stored.shape, scheme, stored_bytes)
        return found

    def _check_belongs(self, scales: _Placed) -> None:
        weight = self._placed.get(scales.stored.name.removesuffix(_SCALE))
        if weight is None:
            raise scales.fail("these scales belong to no weight")
        if weight.stored.dtype != _FP8:
            raise scales.fail(
                said("these scales belong to a weight in {dtype}", dtype=weight.stored.dtype)
            )

    def _scales_of(self, weight: _Placed) -> _Placed:
        scales = self._placed.get(weight.stored.name + _SCALE)
        if scales is None:
            raise weight.fail(
                said(
                    "it is in {fp8} and its scales ({scale}) are missing",
                    fp8=_FP8,
                    scale=_SCALE[1:],
                )
            )
        if scales.stored.dtype not in _SCALE_DTYPES:
            known = ", ".join(_SCALE_DTYPES)
            raise scales.fail(
                said(
                    "these scales are in {dtype}; expected {known}",
                    dtype=scales.stored.dtype,
                    known=known,
                )
            )
        try:
            wanted = FP8_E4M3_128.buffer_shapes(weight.stored.shape)["scales"]
        except ValueError as error:
            raise weight.fail(str(error)) from None
        if scales.stored.shape != wanted:
            raise scales.fail(
                said(
                    "its shape is {shape}; a weight of {weight} asks for {wanted}",
                    shape=list(scales.stored.shape),
                    weight=list(weight.stored.shape),
                    wanted=list(wanted),
                )
            )
        return scales

    def _tiles(self, weight: _Placed) -> PackedTensor:
        scales = self._scales_of(weight)
        raw, dtype = scales.raw(), _SCALE_DTYPES[scales.stored.dtype]
        if scales.stored.start % dtype.itemsize:
            raw = raw.clone()
        values = raw.view(dtype).view(scales.stored.shape).to(torch.float32)
        name = weight.stored.name
        if name not in self._sound_scales:
            # Here, not at opening: scales lie all over the files, and are read now anyway.
            if not values.isfinite().all():
                raise scales.fail("these scales hold NaN or infinity")
            self._sound_scales.add(name)
        codes = weight.raw().view(weight.stored.shape)
        buffers = {"codes": codes, "scales": values, "first_row": _FIRST_ROW}
        return PackedTensor(FP8_E4M3_128, buffers, weight.stored.shape)
