"""A whole decoder, built from a specification and packed tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from inference.cache.base import KVCache
from inference.cache.gqa import GqaCache
from inference.cache.latent import LatentCache
from inference.compute import ComputePath
from inference.experts.store import ExpertStore, MappedExperts
from inference.layers.attention import GqaAttention
from inference.layers.linear import Embedding, Linear
from inference.layers.mla import MlaAttention
from inference.layers.mlp import SwiGlu
from inference.layers.moe import MixtureOfExperts
from inference.layers.norm import RmsNorm
from inference.layers.rope import Angles, Rope
from inference.layers.weights import Weights
from inference.models.base import GqaSpec, LayerSpec, MlpSpec, ModelSpec
from kernels.cpu.backend import CpuBackend
from kernels.schemes.base import PackedTensor


class ForwardCancelledError(Exception):
    """A forward pass was told to stop between two layers; the cache wants truncating."""


@dataclass(frozen=True)
class Step:
    """Tokens to read at the positions behind the cache: token_ids int64 [rows]."""

    token_ids: Tensor


class Attention(Protocol):
    """hidden [rows, hidden_size] → the same shape; reads and extends its kind of cache."""

    def __call__(self, hidden: Tensor, layer: int, angles: Angles, cache: Any) -> Tensor:
        """One layer's attention."""


class DecoderLayer:
    """norm → attention → add → norm → feed-forward → add."""

    def __init__(
        self,
        attention: Attention,
        feed_forward: Callable[[Tensor], Tensor],
        norms: tuple[RmsNorm, RmsNorm],
    ) -> None:
        self._attention = attention
        self._feed_forward = feed_forward
        self._attention_norm, self._feed_forward_norm = norms

    def __call__(self, hidden: Tensor, layer: int, angles: Angles, cache: KVCache) -> Tensor:
        """hidden [rows, hidden_size] → the same shape."""
        hidden = hidden + self._attention(self._attention_norm(hidden), layer, angles, cache)
        return hidden + self._feed_forward(self._feed_forward_norm(hidden))


class Decoder:
    """Embedding, layers, norm, head. Owns no float copy of any matrix.

    `tensors` by the names of `models.names`; experts are asked of `store` (by default: of
    the same tensors).
    """

    def __init__(
        self,
        spec: ModelSpec,
        tensors: Mapping[str, PackedTensor],
        path: ComputePath,
        store: ExpertStore | None = None,
    ) -> None:
        self.spec = spec
        self.path = path
        self.threads = path.threads
        self._store = store or MappedExperts(tensors)
        factors = tensors.get("rope_factors")
        rope = spec.layers[0].attention.rope
        self._rope = Rope(rope, factors.dequantize() if factors else None, path)
        self._embedding = Embedding(tensors["embedding"], path)
        self._layers = [
            self._layer(layer, index, Weights(tensors, f"layers.{index}."))
            for index, layer in enumerate(spec.layers)
        ]
        self._norm = RmsNorm(tensors["norm"], spec.norm_eps, path)
        self._head = Linear(tensors["embedding" if spec.tied_head else "head"], path)

    @property
    def kernels(self) -> str:
        """Its backends, in order of preference."""
        return ", ".join(backend.name for backend in self.path.registry.backends)

    @property
    def torch_threads(self) -> int:
        """All of them: torch does the work."""
        return self.threads

    def use_threads(self, threads: int) -> None:
        """So many from now on, for torch and for native ops; between two passes."""
        self.threads = threads
        for backend in self.path.registry.backends:
            if isinstance(backend, CpuBackend):
                backend.use_threads(threads)

    def _layer(self, spec: LayerSpec, index: int, weights: Weights) -> DecoderLayer:
        eps, path = self.spec.norm_eps, self.path
        norms = (
            RmsNorm(weights["attention_norm"], eps, path),
            RmsNorm(weights["feed_forward_norm"], eps, path),
        )
        attention = (
            GqaAttention(spec.attention, weights, self._rope, path)
            if isinstance(spec.attention, GqaSpec)
            else MlaAttention(spec.attention, weights, self._rope, path)
        )
        feed_forward = (
            SwiGlu(weights.below("mlp"), path)
            if isinstance(spec.feed_forward, MlpSpec)
            else MixtureOfExperts(spec.feed_forward, weights, index, self._store, path)
        )
        return DecoderLayer(attention, feed_forward, norms)

    def new_cache(self, capacity_tokens: int) -> KVCache:
        """An empty cache for one conversation, of the kind that the layers read."""
        spec, layers, dtype = self.spec.layers[0].attention, len(self.spec.layers), self.path.dtype
        if isinstance(spec, GqaSpec):
            return GqaCache(layers, spec.num_kv_heads, spec.head_dim, capacity_tokens, dtype)
        return LatentCache(layers, spec.kv_lora_rank, spec.rope_dim, capacity_tokens, dtype)

    @torch.inference_mode()
    def forward(
        self,
        step: Step,
        cache: KVCache,
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
