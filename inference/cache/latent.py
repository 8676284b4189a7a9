"""The cache of latent attention: one latent and one rotary key a token, for all heads
(DeepSeek-V2 report, section 2.1.2)."""

from __future__ import annotations

import torch
from torch import Tensor

from inference.cache.base import BufferedCache
from inference.cache.growing import GrowingBuffer


class LatentCache(BufferedCache):
    """Per layer, [positions, kv_lora_rank + rope_dim]; nothing per head."""

    def __init__(
        self,
        num_layers: int,
        kv_lora_rank: int,
        rope_dim: int,
        capacity_tokens: int,
        dtype: torch.dtype,
    ) -> None:
        self._kv_lora_rank = kv_lora_rank
        width = kv_lora_rank + rope_dim
        self._layers = [GrowingBuffer((), width, capacity_tokens, dtype) for _ in range(num_layers)]
        super().__init__(self._layers, capacity_tokens, num_layers * width * dtype.itemsize)

    def append(self, layer: int, latent: Tensor, k_rope: Tensor) -> tuple[Tensor, Tensor]:
        """Write latent [rows, kv_lora_rank] and k_rope [rows, rope_dim]; views of all
        positions, in the same order. Raises ContextOverflowError."""
        held = self._layers[layer].append(torch.cat([latent, k_rope], -1))
        return held[:, : self._kv_lora_rank], held[:, self._kv_lora_rank :]
