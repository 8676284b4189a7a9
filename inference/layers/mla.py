"""Multi-head latent attention over its cache (DeepSeek-V2 report, section 2.1).

Two forms of the same function. Decode is absorbed: queries are taken into the latent
space, so that every head reads the one cached latent. Prefill is expanded: keys and
values are made from the latents, a few heads at a time, because many rows share them. Where
too few rows share what stands before them, such as a short question late in a long chat, it
is absorbed as well: whichever takes fewer operations.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from inference.cache.latent import LatentCache
from inference.compute import ComputePath
from inference.layers.norm import RmsNorm
from inference.layers.rope import Angles, Rope
from inference.layers.weights import Weights
from inference.models.base import MlaSpec
from kernels.contracts import MAX_INVARIANT_ROWS, Op
from kernels.schemes.base import PackedTensor

# Expanded keys and values that exist at once: 64 MB in float32.
EXPANDED_VALUES = 1 << 24


def absorbs(spec: MlaSpec, rows: int, positions: int) -> bool:
    """Whether prefill of the last `rows` of so many positions takes fewer multiplications
    absorbed. A query that sees a key multiplies 2 · latent + rope values for a head, expanded
    nope + rope + value; a position is expanded, or a row absorbed, by latent · (nope + value)."""
    seen = rows * positions - rows * (rows - 1) // 2
    matrix = spec.kv_lora_rank * (spec.nope_dim + spec.value_dim)
    wider = 2 * spec.kv_lora_rank - spec.nope_dim - spec.value_dim
    return seen * wider < (positions - rows) * matrix


class HeadMatrices:
    """kv_b a head at a time, from one matrix [heads · (nope + value), latent], from a prepared
    model's stacks keys [heads, nope, latent] and values [heads, value, latent], or from
    GGUF's pair k_b [heads, latent, nope], v_b [heads, value, latent]."""

    def __init__(self, spec: MlaSpec, weights: Weights, path: ComputePath) -> None:
        self._work = path.work
        self._keys_are_transposed = spec.split_kv_b
        heads = range(spec.num_heads)
        if spec.split_kv_b:
            k_b, v_b = weights["k_b.weight"], weights["v_b.weight"]
            self._keys = [k_b.expert(h) for h in heads]
            self._values = [v_b.expert(h) for h in heads]
        elif (keys := weights.get("kv_b.keys")) is not None:
            # A prepared model's: each head's part begins where a panel does.
            self._keys = [keys.expert(h) for h in heads]
            self._values = [weights["kv_b.values"].expert(h) for h in heads]
        else:
            kv_b, nope, size = weights["kv_b.weight"], spec.nope_dim, spec.nope_dim + spec.value_dim
            self._keys = [kv_b.rows(h * size, h * size + nope) for h in heads]
            self._values = [kv_b.rows(h * size + nope, (h + 1) * size) for h in heads]
        first = self._keys[0]
        self._backend = path.registry.choose(Op.HEAD_LINEAR, first.scheme, first.shape).backend

    def absorb(self, q_nope: Tensor, out: Tensor) -> None:
        """q_nope [rows, heads, nope] → out [rows, heads, latent]."""
        self._linear(q_nope, self._keys, not self._keys_are_transposed, out)

    def values(self, latent: Tensor, first: int, out: Tensor) -> None:
        """latent [rows, heads, latent] → out [rows, heads, value], for heads from `first`."""
        self._linear(latent, self._values[first : first + latent.shape[1]], False, out)

    def keys(self, latent: Tensor, first: int, out: Tensor) -> None:
        """latent [rows, heads, latent] → out [rows, heads, nope], for heads from `first`."""
        matrices = self._keys[first : first + latent.shape[1]]
        self._linear(latent, matrices, self._keys_are_transposed, out)

    def _linear(
        self, x: Tensor, matrices: Sequence[PackedTensor], transposed: bool, out: Tensor
    ) -> None:
        self._backend.head_linear(x, matrices, transposed, out, self._work)


class MlaAttention:
    """hidden [rows, hidden_size] → [rows, hidden_size]."""

    def __init__(self, spec: MlaSpec, weights: Weights, rope: Rope, path: ComputePath) -> None:
        self._spec = spec
        self._rope = rope
        self._work = path.work
        if spec.q_lora_rank is None:
            self._q_a, self._q_a_norm = None, None
            self._q = weights.linear("q", path)
        else:
            self._q_a = weights.linear("q_a", path)
            self._q_a_norm = RmsNorm(weights["q_a_norm"], spec.latent_eps, path)
            self._q = weights.linear("q_b", path)
        self._kv_a = weights.linear("kv_a", path)
        self._kv_a_norm = RmsNorm(weights["kv_a_norm"], spec.latent_eps, path)
        self._heads = HeadMatrices(spec, weights, path)
        self._o = weights.linear("o", path)
        latents, heads = (spec.kv_lora_rank, spec.rope_dim), (spec.qk_dim, spec.value_dim)
        self._few = path.registry.choose(Op.MLA_DECODE, shape=latents).backend
        self._many = path.registry.choose(Op.MLA_PREFILL, shape=latents).backend
        self._many_expanded = path.registry.choose(Op.GQA_PREFILL, shape=heads).backend

    def __call__(self, hidden: Tensor, layer: int, angles: Angles, cache: LatentCache) -> Tensor:
        """Reads and extends `cache`."""
        spec = self._spec
        rows = hidden.shape[0]
        q = self._queries(hidden).view(rows, spec.num_heads, spec.qk_dim)
        compressed = self._kv_a(hidden)
        latent, k_rope = compressed[:, : spec.kv_lora_rank], compressed[:, spec.kv_lora_rank :]
        self._rope.turn(q[..., spec.nope_dim :], angles)
        self._rope.turn(k_rope.unsqueeze(1), angles)
        latents, k_ropes = cache.append(layer, self._kv_a_norm(latent), k_rope)
        if rows <= MAX_INVARIANT_ROWS or absorbs(spec, rows, latents.shape[0]):
            mixed = self._absorbed(q, latents, k_ropes)
        else:
            mixed = self._expanded(q, latents, k_ropes)
        return self._o(mixed.flatten(1))

    def _queries(self, hidden: Tensor) -> Tensor:
        if self._q_a is None or self._q_a_norm is None:
            return self._q(hidden)
        return self._q(self._q_a_norm(self._q_a(hidden)))

    def _absorbed(self, q: Tensor, latents: Tensor, k_ropes: Tensor) -> Tensor:
        """q [rows, heads, nope + rope] → [rows, heads, value_dim], in the latent space."""
        spec = self._spec
        rows, heads, _ = q.shape
        q_latent = q.new_empty(rows, heads, spec.kv_lora_rank)
        self._heads.absorb(q[..., : spec.nope_dim], q_latent)
        mixed = torch.empty_like(q_latent)
        q_rope = q[..., spec.nope_dim :]
        backend = self._few if rows <= MAX_INVARIANT_ROWS else self._many
        backend.mla(q_latent, q_rope, latents, k_ropes, spec.softmax_scale, mixed, self._work)
        out = q.new_empty(rows, heads, spec.value_dim)
        self._heads.values(mixed, 0, out)
        return out

    def _expanded(self, q: Tensor, latents: Tensor, k_ropes: Tensor) -> Tensor:
        """The same, with keys and values of their own for some heads at a time."""
        spec = self._spec
        rows, heads, _ = q.shape
        values_a_head = latents.shape[0] * (spec.qk_dim + spec.value_dim)
        step = max(1, EXPANDED_VALUES // values_a_head)
        out = q.new_empty(rows, heads, spec.value_dim)
        for first in range(0, heads, step):
            some = slice(first, min(first + step, heads))
            keys, values = self._expand(latents, k_ropes, first, some.stop - first)
            mixed = q.new_empty(rows, some.stop - first, spec.value_dim)
            scale = spec.softmax_scale
            self._many_expanded.gqa(q[:, some], keys, values, scale, mixed, self._work)
            out[:, some] = mixed
        return out

    def _expand(
        self, latents: Tensor, k_ropes: Tensor, first: int, count: int
    ) -> tuple[Tensor, Tensor]:
        """Keys [heads, positions, nope + rope] and values [heads, positions, value_dim]."""
        spec = self._spec
        positions = latents.shape[0]
        shared = latents.unsqueeze(1).expand(-1, count, -1)
        keys = latents.new_empty(positions, count, spec.qk_dim)
        self._heads.keys(shared, first, keys[..., : spec.nope_dim])
        keys[..., spec.nope_dim :] = k_ropes.unsqueeze(1)
        values = latents.new_empty(positions, count, spec.value_dim)
        self._heads.values(shared, first, values)
        return keys.transpose(0, 1), values.transpose(0, 1)
