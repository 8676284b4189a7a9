"""The cache of latent attention: one latent and one rotary key a token, for all heads
(DeepSeek-V2 report, section 2.1.2)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from inference.cache.base import BufferedCache
from inference.cache.growing import CPU, GrowingBuffer


class LatentCache(BufferedCache):
    """Per layer, [positions, kv_lora_rank + rope_dim]; nothing per head. `devices`: one for
    each layer, where they are not all on the processor."""

    def __init__(
        self,
        num_layers: int,
        kv_lora_rank: int,
        rope_dim: int,
        capacity_tokens: int,
        dtype: torch.dtype,
        devices: Sequence[torch.device] = (),
    ) -> None:
        self._kv_lora_rank = kv_lora_rank
        width = kv_lora_rank + rope_dim
        self._layers = [
            GrowingBuffer((), width, capacity_tokens, dtype, device)
            for device in devices or [CPU] * num_layers
        ]
        super().__init__(self._layers, capacity_tokens, num_layers * width * dtype.itemsize)

    def append(self, layer: int, latent: Tensor, k_rope: Tensor) -> tuple[Tensor, Tensor]:
        """Write latent [rows, kv_lora_rank] and k_rope [rows, rope_dim]; views of all
        positions, in the same order. Raises ContextOverflowError."""
        held = self._layers[layer].append(torch.cat([latent, k_rope], -1))
        return held[:, : self._kv_lora_rank], held[:, self._kv_lora_rank :]

    def reserve(self, layer: int, rows: int) -> tuple[Tensor, Tensor]:
        """Latents [room, kv_lora_rank] and rotary keys [room, rope_dim], with room for so many
        rows more."""
        held = self._layers[layer].reserve(rows)
        return held[:, : self._kv_lora_rank], held[:, self._kv_lora_rank :]
