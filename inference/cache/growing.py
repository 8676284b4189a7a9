"""One buffer of a KV cache that grows by doubling, up to the cache's capacity.

For: the caches beside this file. A short chat of a long-context model costs what it uses.
"""

from __future__ import annotations

import torch
from torch import Tensor

from inference.errors import ContextOverflowError

CPU = torch.device("cpu")
_FIRST_POSITIONS = 256


class GrowingBuffer:
    """Rows behind one another along the second last axis: [*leading, positions, width]."""

    def __init__(
        self,
        leading: tuple[int, ...],
        width: int,
        capacity_tokens: int,
        dtype: torch.dtype,
        device: torch.device = CPU,
    ) -> None:
        self.capacity_tokens = capacity_tokens
        self.length = 0
        self._data = torch.empty(*leading, 0, width, dtype=dtype, device=device)

    @property
    def held_bytes(self) -> int:
        """Bytes allocated now."""
        return self._data.numel() * self._data.element_size()

    def append(self, rows: Tensor) -> Tensor:
        """Write rows [*leading, rows, width]; a view of all positions. Raises
        ContextOverflowError."""
        start, stop = self.length, self.length + rows.shape[-2]
        self.reserve(rows.shape[-2])
        self._data[..., start:stop, :] = rows
        self.length = stop
        return self._data[..., :stop, :]

    def reserve(self, rows: int) -> Tensor:
        """All that is allocated, with room for so many rows more, for whoever writes behind
        `length` himself and says so to `extend`. Raises ContextOverflowError."""
        stop = self.length + rows
        if stop > self.capacity_tokens:
            raise ContextOverflowError(stop, self.capacity_tokens)
        if stop > self._data.shape[-2]:
            self._grow(stop)
        return self._data

    def extend(self, rows: int) -> None:
        """So many rows were written into what `reserve` gave."""
        self.length += rows

    def _grow(self, needed: int) -> None:
        *leading, held, width = self._data.shape
        doubled = min(max(_FIRST_POSITIONS, 2 * held, needed), self.capacity_tokens)
        larger = self._data.new_empty(*leading, doubled, width)
        larger[..., : self.length, :] = self._data[..., : self.length, :]
        self._data = larger

    def truncate(self, length: int) -> None:
        """Forget every position from `length` on; the memory is kept for what comes."""
        if length < 0:
            raise ValueError(f"a cache can't be cut to {length} positions")
        self.length = min(self.length, length)
