"""Recording attention into a plan: products before it, the fused op, and its tables.

For: `planned.recording`. Rotary tables hold every position of the cache, worked out by
`layers.rope` in float32, so that angles are the reference's to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from inference.layers.rope import angle_tables
from inference.models.base import GqaSpec, MlaSpec, ModelSpec
from inference.planned.weights import LayerWeights, attention_of
from kernels.cpu.attention import (
    GroupedShape,
    HeadWeights,
    LatentShape,
    Rotation,
    add_gqa,
    add_mla,
)
from kernels.cpu.plan import NativePlan, Product, Quantized, Rows
from kernels.schemes.base import PackedTensor

_BF16_BYTES = 2
_LANES = 16

Input = tuple[Quantized | None, Rows]


def bytes_per_token(spec: ModelSpec) -> int:
    """What one position takes in the kernels' cache, over all layers."""
    total = 0
    for layer in spec.layers:
        attention = layer.attention
        if isinstance(attention, MlaSpec):
            values = attention.kv_lora_rank + attention.rope_dim
        else:
            padded = -(-attention.head_dim // _LANES) * _LANES
            values = attention.num_kv_heads * (attention.head_dim + padded)
        total += values * _BF16_BYTES
    return total


@dataclass(frozen=True)
class AttentionMemory:
    """Buffers that every layer's attention uses, and the rotary tables."""

    capacity_tokens: int
    rotation: Rotation
    queries: Rows
    latent_queries: tuple[Rows, Quantized | None] | None
    keys_values: tuple[Rows, ...]
    mixed: Rows
    mixed_quantized: Quantized | None

    @classmethod
    def of(
        cls,
        spec: ModelSpec,
        tensors: Mapping[str, PackedTensor],
        plan: NativePlan,
        capacity_tokens: int,
    ) -> AttentionMemory:
        """For a cache of `capacity_tokens`."""
        attention = attention_of(spec)
        factors = tensors.get("rope_factors")
        table = angle_tables(
            attention.rope, factors.dequantize() if factors else None, capacity_tokens
        )
        cos, sin = (_table(plan, values) for values in (table.cos, table.sin))
        rotation = Rotation(cos, sin, attention.rope.dim, attention.rope.interleaved)
        latent_queries = None
        if isinstance(attention, MlaSpec):
            queries = plan.rows(attention.num_heads * attention.qk_dim)
            rank = attention.q_lora_rank
            if rank is not None:
                quantized = plan.quantized(rank) if rank % _LANES == 0 else None
                latent_queries = (plan.rows(rank), quantized)
            keys_values: tuple[Rows, ...] = (
                plan.rows(attention.kv_lora_rank + attention.rope_dim),
            )
            width = attention.num_heads * attention.value_dim
        else:
            width = attention.num_heads * attention.head_dim
            queries = plan.rows(width)
            kv_width = attention.num_kv_heads * attention.head_dim
            keys_values = (plan.rows(kv_width), plan.rows(kv_width))
        mixed_quantized = plan.quantized(width) if width % _LANES == 0 else None
        return cls(
            capacity_tokens,
            rotation,
            queries,
            latent_queries,
            keys_values,
            plan.rows(width),
            mixed_quantized,
        )


def _table(plan: NativePlan, values: Tensor) -> Rows:
    """A rotary table without gaps between its rows."""
    flat = plan.constant(values.reshape(1, -1))
    return Rows(flat.address, values.shape[1], values.shape[1])


def record_gqa(
    plan: NativePlan,
    spec: GqaSpec,
    weights: LayerWeights,
    x: Input,
    memory: AttentionMemory,
) -> Rows:
    """Products, attention; what is returned is the heads' mixed values."""
    keys, values = memory.keys_values
    outs = {"q": memory.queries, "k": keys, "v": values}
    plan.linear(*x, [_product(plan, weights, name, out) for name, out in outs.items()])
    eps, norms = spec.qk_norm_eps, None
    if eps is not None:
        norms = (_vector(plan, weights["q_norm"]), _vector(plan, weights["k_norm"]))
    shape = GroupedShape(
        heads=spec.num_heads,
        kv_heads=spec.num_kv_heads,
        head_dim=spec.head_dim,
        eps=eps or 0.0,
        scale=spec.head_dim**-0.5,
        capacity=memory.capacity_tokens,
    )
    add_gqa(plan, shape, (memory.queries, keys, values), norms, memory.rotation, memory.mixed)
    return memory.mixed


def record_mla(
    plan: NativePlan,
    spec: MlaSpec,
    weights: LayerWeights,
    x: Input,
    memory: AttentionMemory,
) -> Rows:
    """The same for latent attention."""
    (compressed,) = memory.keys_values
    key_product = _product(plan, weights, "kv_a", compressed)
    if memory.latent_queries is None:
        plan.linear(*x, [_product(plan, weights, "q", memory.queries), key_product])
    else:
        latent, quantized = memory.latent_queries
        plan.linear(*x, [_product(plan, weights, "q_a", latent), key_product])
        norm = _vector(plan, weights["q_a_norm"])
        normed = plan.rows(latent.width)
        plan.norm(latent, norm, spec.latent_eps, y=normed, q=quantized)
        plan.linear(quantized, normed, [_product(plan, weights, "q_b", memory.queries)])
    shape = LatentShape(
        heads=spec.num_heads,
        nope=spec.nope_dim,
        rope=spec.rope_dim,
        latent=spec.kv_lora_rank,
        value=spec.value_dim,
        eps=spec.latent_eps,
        scale=spec.softmax_scale,
        capacity=memory.capacity_tokens,
    )
    norm = _vector(plan, weights["kv_a_norm"])
    inputs = (memory.queries, compressed)
    heads = _head_weights(spec, weights)
    add_mla(plan, shape, heads, inputs, norm, memory.rotation, memory.mixed)
    return memory.mixed


def _head_weights(spec: MlaSpec, weights: LayerWeights) -> HeadWeights:
    heads = range(spec.num_heads)
    if spec.split_kv_b:
        k_b, v_b = weights["k_b.weight"], weights["v_b.weight"]
        keys, values = [k_b.expert(h) for h in heads], [v_b.expert(h) for h in heads]
        return HeadWeights(keys, values, keys_by_nope=False)
    k_part, v_part = weights["kv_b.keys"], weights["kv_b.values"]
    keys, values = [k_part.expert(h) for h in heads], [v_part.expert(h) for h in heads]
    return HeadWeights(keys, values, keys_by_nope=True)


def _product(plan: NativePlan, weights: LayerWeights, name: str, out: Rows) -> Product:
    bias = weights.get(f"{name}.bias")
    return Product(weights[f"{name}.weight"], out, None if bias is None else _vector(plan, bias))


def _vector(plan: NativePlan, packed: PackedTensor) -> Rows:
    return plan.constant(packed.dequantize())
