"""A whole decoder, built from a specification and packed tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from inference.cache.gqa import GqaCache
from inference.compute import ComputePath
from inference.layers.attention import GqaAttention
from inference.layers.linear import Embedding, Linear
from inference.layers.mlp import SwiGlu
from inference.layers.norm import RmsNorm
from inference.layers.rope import Angles, Rope
from inference.models.base import LayerSpec, ModelSpec
from kernels.schemes.base import PackedTensor


class ForwardCancelledError(Exception):
    """A forward pass was told to stop between two layers; the cache wants truncating."""


@dataclass(frozen=True)
class Step:
    """Tokens to read at the positions behind the cache: token_ids int64 [rows]."""

    token_ids: Tensor


class DecoderLayer:
    """norm → attention → add → norm → feed-forward → add."""

    def __init__(
        self,
        spec: LayerSpec,
        eps: float,
        weights: dict[str, PackedTensor],
        rope: Rope,
        path: ComputePath,
    ) -> None:
        self._attention_norm = RmsNorm(weights["attention_norm"], eps, path)
        self._attention = GqaAttention(spec.attention, weights, rope, path)
        self._feed_forward_norm = RmsNorm(weights["feed_forward_norm"], eps, path)
        self._feed_forward = SwiGlu(weights, path)

    def __call__(self, hidden: Tensor, layer: int, angles: Angles, cache: GqaCache) -> Tensor:
        """hidden [rows, hidden_size] → the same shape."""
        hidden = hidden + self._attention(self._attention_norm(hidden), layer, angles, cache)
        return hidden + self._feed_forward(self._feed_forward_norm(hidden))


class Decoder:
    """Embedding, layers, norm, head. Owns no float copy of any matrix."""

    def __init__(
        self, spec: ModelSpec, tensors: Mapping[str, PackedTensor], path: ComputePath
    ) -> None:
        self.spec = spec
        self.path = path
        factors = tensors.get("rope_factors")
        rope = spec.layers[0].attention.rope
        self._rope = Rope(rope, factors.dequantize() if factors else None, path)
        self._embedding = Embedding(tensors["embedding"], path)
        self._layers = [
            DecoderLayer(layer, spec.norm_eps, _of_layer(tensors, i), self._rope, path)
            for i, layer in enumerate(spec.layers)
        ]
        self._norm = RmsNorm(tensors["norm"], spec.norm_eps, path)
        self._head = Linear(tensors["embedding" if spec.tied_head else "head"], path)

    def new_cache(self, capacity_tokens: int) -> GqaCache:
        """An empty cache for one conversation."""
        attention = self.spec.layers[0].attention
        return GqaCache(
            len(self.spec.layers),
            attention.num_kv_heads,
            attention.head_dim,
            capacity_tokens,
            self.path.dtype,
        )

    @torch.inference_mode()
    def forward(
        self,
        step: Step,
        cache: GqaCache,
        rows_wanted: slice,
        stop_now: Callable[[], bool] = lambda: False,
    ) -> Tensor:
        """Logits [rows in `rows_wanted`, vocab_size] of the step's tokens.

        Extends `cache` by the step's rows. `stop_now` is asked before each layer; if it
        says yes, ForwardCancelledError is raised and the cache must be truncated.
        """
        rows = step.token_ids.shape[0]
        angles = self._rope.angles(cache.length, rows)
        hidden = self._embedding(step.token_ids)
        for index, layer in enumerate(self._layers):
            if stop_now():
                raise ForwardCancelledError
            hidden = layer(hidden, index, angles, cache)
        wanted = hidden[rows_wanted]
        if wanted.shape[0] == 0:
            return hidden.new_empty(0, self.spec.vocab_size)
        return self._head(self._norm(wanted))


def _of_layer(tensors: Mapping[str, PackedTensor], index: int) -> dict[str, PackedTensor]:
    prefix = f"layers.{index}."
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
