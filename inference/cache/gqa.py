"""The cache of grouped-query attention: keys and values for each kv head."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from inference.cache.base import BufferedCache
from inference.cache.growing import CPU, GrowingBuffer


class GqaCache(BufferedCache):
    """Per layer, keys and values [kv_heads, positions, head_dim]. `devices`: one for each layer,
    where they are not all on the processor."""

    def __init__(
        self,
        num_layers: int,
        num_kv_heads: int,
        head_dim: int,
        capacity_tokens: int,
        dtype: torch.dtype,
        devices: Sequence[torch.device] = (),
    ) -> None:
        def buffers() -> list[GrowingBuffer]:
            return [
                GrowingBuffer((num_kv_heads,), head_dim, capacity_tokens, dtype, device)
                for device in devices or [CPU] * num_layers
            ]

        self._keys, self._values = buffers(), buffers()
        width = num_kv_heads * head_dim * dtype.itemsize
        super().__init__([*self._keys, *self._values], capacity_tokens, 2 * num_layers * width)

    def append(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Write keys, values [rows, kv_heads, head_dim]; views of all positions,
        [kv_heads, positions, head_dim] each. Raises ContextOverflowError."""
        return (
            self._keys[layer].append(keys.transpose(0, 1)),
            self._values[layer].append(values.transpose(0, 1)),
        )

    def reserve(self, layer: int, rows: int) -> tuple[Tensor, Tensor]:
        """Keys and values [kv_heads, room, head_dim], with room for so many rows more."""
        return self._keys[layer].reserve(rows), self._values[layer].reserve(rows)
