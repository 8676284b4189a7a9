"""A whole decoder, built from a specification and packed tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
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
from kernels.contracts import Backend, Threaded
from kernels.schemes.base import PackedTensor


class ForwardCancelledError(Exception):
    """A forward pass was told to stop between two layers; the cache wants truncating."""


@dataclass(frozen=True)
class Step:
    """Tokens to read at the positions behind the cache: token_ids int64 [rows]."""

    token_ids: Tensor


@dataclass(frozen=True)
class Paths:
    """What each part of a model runs on, where that is not all the same: activations follow."""

    layers: tuple[ComputePath, ...]
    head: ComputePath


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
        add: Callable[[Tensor, Tensor], Tensor],
    ) -> None:
        self._attention = attention
        self._add = add
        self._feed_forward = feed_forward
        self._attention_norm, self._feed_forward_norm = norms

    def __call__(self, hidden: Tensor, layer: int, angles: Angles, cache: Any) -> Tensor:
        """hidden [rows, hidden_size] → the same shape."""
        mixed = self._attention(self._attention_norm(hidden), layer, angles, cache)
        hidden = self._add(hidden, mixed)
        return self._add(hidden, self._feed_forward(self._feed_forward_norm(hidden)))


class Decoder:
    """Embedding, layers, norm, head. Owns no float copy of any matrix.

    `tensors` by the names of `models.names`; experts are asked of `store` (by default: of
    the same tensors). `path` is the embedding's, and everything's but for `paths`. A head of
    its own is taken even where the embedding is tied to it: a copy beside another path's.
    """

    def __init__(
        self,
        spec: ModelSpec,
        tensors: Mapping[str, PackedTensor],
        path: ComputePath,
        store: ExpertStore | None = None,
        paths: Paths | None = None,
    ) -> None:
        self.spec = spec
        self.path = path
        self.threads = path.threads
        self._paths = paths or Paths((path,) * len(spec.layers), path)
        self._store = store or MappedExperts(tensors)
        factors = tensors.get("rope_factors")
        self._factors = factors.dequantize() if factors else None
        self._rope = self._rope_on(path)
        self._embedding = Embedding(tensors["embedding"], path)
        self._layers = [
            self._layer(layer, index, Weights(tensors, f"layers.{index}."))
            for index, layer in enumerate(spec.layers)
        ]
        self._norm = RmsNorm(tensors["norm"], spec.norm_eps, self._paths.head)
        head = tensors["head" if "head" in tensors else "embedding"]
        self._head = Linear(head, self._paths.head)

    def _rope_on(self, path: ComputePath) -> Rope:
        return Rope(self.spec.layers[0].attention.rope, self._factors, path)

    @property
    def kernels(self) -> str:
        """Its backends, in order of preference."""
        return ", ".join(dict.fromkeys(backend.name for backend in self._backends()))

    @property
    def torch_threads(self) -> int:
        """All of them: torch does the work."""
        return self.threads

    def use_threads(self, threads: int) -> None:
        """So many from now on, for torch and for native ops; between two passes."""
        self.threads = threads
        for backend in self._backends():
            if isinstance(backend, Threaded):
                backend.use_threads(threads)

    def _backends(self) -> list[Backend]:
        """Of all paths, each once; the layers' first, which do most of the work."""
        paths = chain(self._paths.layers, (self.path, self._paths.head))
        found = (backend for path in paths for backend in path.registry.backends)
        return list({id(backend): backend for backend in found}.values())

    def _layer(self, spec: LayerSpec, index: int, weights: Weights) -> DecoderLayer:
        eps, path = self.spec.norm_eps, self._paths.layers[index]
        rope = self._rope if path is self.path else self._rope_on(path)
        norms = (
            RmsNorm(weights["attention_norm"], eps, path),
            RmsNorm(weights["feed_forward_norm"], eps, path),
        )
        attention = (
            GqaAttention(spec.attention, weights, rope, path)
            if isinstance(spec.attention, GqaSpec)
            else MlaAttention(spec.attention, weights, rope, path)
        )
        feed_forward = (
            SwiGlu(weights.below("mlp"), path)
            if isinstance(spec.feed_forward, MlpSpec)
            else MixtureOfExperts(spec.feed_forward, weights, index, self._store, path)
        )
        return DecoderLayer(attention, feed_forward, norms, path.add)

    def new_cache(self, capacity_tokens: int) -> KVCache:
        """An empty cache for one conversation, of the kind that the layers read."""
        spec, layers, dtype = self.spec.layers[0].attention, len(self.spec.layers), self.path.dtype
        at = [path.device for path in self._paths.layers]
        if isinstance(spec, GqaSpec):
            return GqaCache(layers, spec.num_kv_heads, spec.head_dim, capacity_tokens, dtype, at)
        return LatentCache(layers, spec.kv_lora_rank, spec.rope_dim, capacity_tokens, dtype, at)

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
        hidden, angles = self.inputs(step, cache.length)
        return self.through(hidden, angles, cache, rows_wanted, stop_now)

    def inputs(self, step: Step, position: int) -> tuple[Tensor, Angles]:
        """What a step whose first position is `position` begins with: hidden [rows,
        hidden_size] and angles, on the embedding's path."""
        rows = step.token_ids.shape[0]
        return self._embedding(step.token_ids), self._rope.angles(position, rows)

    def through(
        self,
        hidden: Tensor,
        angles: Angles,
        cache: Any,
        rows_wanted: slice,
        stop_now: Callable[[], bool] = lambda: False,
    ) -> Tensor:
        """The rest of `forward` behind the embedding. `cache`: what the layers append to."""
        for index, (layer, path) in enumerate(zip(self._layers, self._paths.layers, strict=True)):
            if stop_now():
                raise ForwardCancelledError
            if hidden.device != path.device:
                hidden, angles = hidden.to(path.device), angles.to(path.device)
            hidden = layer(hidden, index, angles, cache)
        wanted = hidden[rows_wanted].to(self._paths.head.device)
        if wanted.shape[0] == 0:
            return hidden.new_empty(0, self.spec.vocab_size)
        return self._head(self._norm(wanted))
