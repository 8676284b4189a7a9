"""The cache of grouped-query attention: keys and values for each kv head.

Grows by doubling up to its capacity, so that a short chat of a long-context model costs
what it uses.
"""

from __future__ import annotations

import torch
from torch import Tensor

from inference.errors import ContextOverflowError

_FIRST_POSITIONS = 256


class GqaCache:
    """Per layer, keys and values [kv_heads, positions, head_dim]."""

    def __init__(
        self,
        num_layers: int,
        num_kv_heads: int,
        head_dim: int,
        capacity_tokens: int,
        dtype: torch.dtype,
    ) -> None:
        self.capacity_tokens = capacity_tokens
        self._shape = (num_kv_heads, head_dim)
        self._dtype = dtype
        self._keys = [self._allocate(0) for _ in range(num_layers)]
        self._values = [self._allocate(0) for _ in range(num_layers)]
        # One length a layer: a forward pass that is cancelled half-way leaves the first
        # layers longer than the last, and `truncate` makes them equal again.
        self._lengths = [0] * num_layers

    def _allocate(self, positions: int) -> Tensor:
        heads, head_dim = self._shape
        return torch.empty(heads, positions, head_dim, dtype=self._dtype)

    @property
    def length(self) -> int:
        """Positions that every layer holds."""
        return min(self._lengths)

    @property
    def held_bytes(self) -> int:
        """Bytes allocated now."""
        return sum(t.numel() * t.element_size() for t in (*self._keys, *self._values))

    @property
    def bytes_per_token(self) -> int:
        """Bytes that one position takes over all layers."""
        heads, head_dim = self._shape
        return 2 * len(self._keys) * heads * head_dim * self._dtype.itemsize

    def append(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Write keys, values [rows, kv_heads, head_dim]; returns views of all positions,
        [kv_heads, positions, head_dim] each. Raises ContextOverflowError."""
        start = self._lengths[layer]
        stop = start + keys.shape[0]
        if stop > self.capacity_tokens:
            raise ContextOverflowError(stop, self.capacity_tokens)
        if stop > self._keys[layer].shape[1]:
            self._grow(layer, stop)
        self._keys[layer][:, start:stop] = keys.transpose(0, 1)
        self._values[layer][:, start:stop] = values.transpose(0, 1)
        self._lengths[layer] = stop
        return self._keys[layer][:, :stop], self._values[layer][:, :stop]

    def _grow(self, layer: int, needed: int) -> None:
        held = self._lengths[layer]
        doubled = max(_FIRST_POSITIONS, 2 * self._keys[layer].shape[1], needed)
        for store in (self._keys, self._values):
            larger = self._allocate(min(doubled, self.capacity_tokens))
            larger[:, :held] = store[layer][:, :held]
            store[layer] = larger

    def truncate(self, length: int) -> None:
        """Forget every position from `length` on; the memory is kept for what comes."""
        if length < 0:
            raise ValueError(f"a cache can't be cut to {length} positions")
        self._lengths = [min(held, length) for held in self._lengths]
