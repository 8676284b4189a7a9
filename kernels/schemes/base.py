"""What a quantization scheme is, and the packed tensor that every weight is.

For: checkpoint readers (they make `PackedTensor`s over mapped files), layers (they own
them) and kernel backends (they see buffers, shapes and strides). Not here: any
particular scheme (one file each beside this one) or the arithmetic of a layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor


@dataclass(frozen=True)
class Tolerance:
    """How far a backend's product may lie from the reference's, owned by the scheme.

    `relative` is the greatest |got - want| over the greatest |want| of one output row.
    """

    relative: float


class Scheme(Protocol):
    """A quantization scheme: how the values of a matrix lie in its buffers."""

    @property
    def name(self) -> str:
        """The field's name for it, such as `Q4_K`."""

    @property
    def block_elements(self) -> int:
        """Values along the last axis that share one block."""

    @property
    def row_group(self) -> int:
        """Rows of a matrix can be cut at multiples of this: 1 in every file's scheme."""

    @property
    def bits_per_weight(self) -> float:
        """Stored bits for one value, scales included."""

    @property
    def tolerance(self) -> Tolerance:
        """What a backend may differ by from the reference."""

    def buffer_shapes(self, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
        """Each buffer's shape for a tensor of `shape`; raises ValueError if it does not divide."""

    def empty(self, shape: tuple[int, ...], device: str) -> PackedTensor:
        """A tensor of `shape` whose values are not set; raises ValueError as `buffer_shapes`."""

    def slice_rows(self, buffers: Mapping[str, Tensor], start: int, stop: int) -> dict[str, Tensor]:
        """Views of rows `start` to `stop` of the leading axis."""

    def unpack(self, buffers: Mapping[str, Tensor], shape: tuple[int, ...]) -> Tensor:
        """The values as float32 [*shape]."""


class BlockScheme:
    """A scheme whose rows are runs of equal blocks in one uint8 buffer, `blocks`.

    The buffer is uint8 [*leading, row_bytes]; a row of `columns` values is
    `columns / block_elements` blocks of `block_bytes`.
    """

    name: str
    block_elements: int
    block_bytes: int
    row_group = 1
    tolerance = Tolerance(relative=1e-2)

    @property
    def bits_per_weight(self) -> float:
        return 8 * self.block_bytes / self.block_elements

    def row_bytes(self, columns: int) -> int:
        """Bytes of one row; raises ValueError where `columns` is not whole blocks."""
        if columns % self.block_elements:
            raise ValueError(
                f"{self.name} stores {self.block_elements} values a block, "
                f"and {columns} columns are not a multiple of it"
            )
        return columns // self.block_elements * self.block_bytes

    def buffer_shapes(self, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
        return {"blocks": (*shape[:-1], self.row_bytes(shape[-1]))}

    def empty(self, shape: tuple[int, ...], device: str) -> PackedTensor:
        blocks = torch.empty(self.buffer_shapes(shape)["blocks"], dtype=torch.uint8, device=device)
        return PackedTensor(self, {"blocks": blocks}, shape)

    def slice_rows(self, buffers: Mapping[str, Tensor], start: int, stop: int) -> dict[str, Tensor]:
        return {"blocks": buffers["blocks"][start:stop]}

    def unpack(self, buffers: Mapping[str, Tensor], shape: tuple[int, ...]) -> Tensor:
        blocks = buffers["blocks"].reshape(-1, self.block_bytes)
        return self.unpack_blocks(blocks).reshape(shape)

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        """Values of each block: uint8 [blocks, block_bytes] → float32 [blocks, block_elements]."""
        raise TypeError(f"{type(self).__name__} does not say how to unpack its blocks")


@dataclass(frozen=True)
class PackedTensor:
    """A weight as it is stored: a scheme, its buffers, and the logical shape.

    Buffers may be views of a mapped file; nothing here copies them. The last axis of
    `shape` is the one that a matrix product sums over (`in_features`); a stack of
    experts is [experts, out_features, in_features].
    """

    scheme: Scheme
    buffers: Mapping[str, Tensor]
    shape: tuple[int, ...]

    @property
    def stored_bytes(self) -> int:
        """Bytes that the buffers hold."""
        return sum(b.numel() * b.element_size() for b in self.buffers.values())

    def rows(self, start: int, stop: int) -> PackedTensor:
        """A view of `start:stop` of the leading axis; raises ValueError where the scheme
        can't be cut (`row_group`)."""
        buffers = self.scheme.slice_rows(self.buffers, start, stop)
        return PackedTensor(self.scheme, buffers, (stop - start, *self.shape[1:]))

    def expert(self, index: int) -> PackedTensor:
        """One matrix of a stack: [experts, rows, columns] → [rows, columns], a view."""
        one = self.rows(index, index + 1)
        buffers = {name: buffer[0] for name, buffer in one.buffers.items()}
        return PackedTensor(self.scheme, buffers, self.shape[1:])

    def dequantize(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The values, `dtype` [*shape], in new memory."""
        return self.scheme.unpack(self.buffers, self.shape).to(dtype)
