"""Grouped-query attention over its cache."""

from __future__ import annotations

from torch import Tensor

from inference.cache.gqa import GqaCache
from inference.compute import ComputePath
from inference.layers.norm import RmsNorm
from inference.layers.rope import Angles, Rope
from inference.layers.weights import Weights
from inference.models.base import GqaSpec
from kernels.contracts import MAX_INVARIANT_ROWS, Op


class GqaAttention:
    """hidden [rows, hidden_size] → [rows, hidden_size] (Ainslie et al. 2023)."""

    def __init__(self, spec: GqaSpec, weights: Weights, rope: Rope, path: ComputePath) -> None:
        self._spec = spec
        self._rope = rope
        self._work = path.work
        self._q, self._k, self._v, self._o = (weights.linear(n, path) for n in "qkvo")
        eps = spec.qk_norm_eps
        self._q_norm = None if eps is None else RmsNorm(weights["q_norm"], eps, path)
        self._k_norm = None if eps is None else RmsNorm(weights["k_norm"], eps, path)
        heads = (spec.head_dim, spec.head_dim)
        self._decode = path.registry.choose(Op.GQA_DECODE, shape=heads).backend
        self._prefill = path.registry.choose(Op.GQA_PREFILL, shape=heads).backend

    def __call__(self, hidden: Tensor, layer: int, angles: Angles, cache: GqaCache) -> Tensor:
        """Reads and extends `cache`."""
        spec = self._spec
        rows = hidden.shape[0]
        q = self._q(hidden).view(rows, spec.num_heads, spec.head_dim)
        k = self._k(hidden).view(rows, spec.num_kv_heads, spec.head_dim)
        v = self._v(hidden).view(rows, spec.num_kv_heads, spec.head_dim)
        if self._q_norm is not None and self._k_norm is not None:
            q, k = self._q_norm(q), self._k_norm(k)
        self._rope.turn(q, angles)
        self._rope.turn(k, angles)
        keys, values = cache.append(layer, k, v)
        backend = self._decode if rows <= MAX_INVARIANT_ROWS else self._prefill
        mixed = q.new_empty(q.shape)
        backend.gqa(q, keys, values, spec.head_dim**-0.5, mixed, self._work)
        return self._o(mixed.flatten(1))
