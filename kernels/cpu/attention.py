"""Attention ops of a plan: their C structs (`csrc/core/attention_args.h`) and how to fill them.

For: `inference.planned.attention`. Each op owns its layer's cache, in a layout of the kernels'
own, and shares its work space with the other layers; the native side allocates both.
"""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import Array, Structure, addressof, c_float, c_int32, c_int64, c_void_p
from dataclasses import dataclass

from kernels.cpu.formats import matrix_of
from kernels.cpu.plan import NativePlan, OpKind, Rows
from kernels.cpu.structs import Matrix
from kernels.schemes.base import PackedTensor


class MlaArgs(Structure):
    """Latent attention of one layer."""

    _fields_ = [
        *((name, c_void_p) for name in ("q", "kv", "latent_norm", "cos", "sin", "k_b", "v_b")),
        *((name, c_void_p) for name in ("cache", "out", "work")),
        *((name, c_int64) for name in ("q_stride", "kv_stride", "out_stride", "capacity")),
        *((name, c_int32) for name in ("max_rows", "heads", "nope", "rope", "latent", "value")),
        *((name, c_int32) for name in ("interleaved", "keys_by_nope")),
        ("eps", c_float),
        ("scale", c_float),
        ("parts", c_int32),
        ("form", c_int32),
    ]


class GqaArgs(Structure):
    """Grouped-query attention of one layer."""

    _fields_ = [
        *((name, c_void_p) for name in ("q", "k", "v", "q_norm", "k_norm", "cos", "sin")),
        *((name, c_void_p) for name in ("keys", "values", "out", "work")),
        *((name, c_int64) for name in ("q_stride", "k_stride", "v_stride", "out_stride")),
        ("capacity", c_int64),
        *((name, c_int32) for name in ("max_rows", "heads", "kv_heads", "head_dim")),
        *((name, c_int32) for name in ("rope_dim", "interleaved")),
        ("eps", c_float),
        ("scale", c_float),
    ]


@dataclass(frozen=True)
class Rotation:
    """Tables of cos and sin, a row a position, and which values make a pair."""

    cos: Rows
    sin: Rows
    dim: int
    interleaved: bool


@dataclass(frozen=True)
class LatentShape:
    """Sizes of latent attention, and what scores are multiplied by."""

    heads: int
    nope: int
    rope: int
    latent: int
    value: int
    eps: float
    scale: float
    capacity: int


@dataclass(frozen=True)
class HeadWeights:
    """One matrix a head: keys [latent, nope], or [nope, latent] if `keys_by_nope`; values
    [value, latent]."""

    keys: Sequence[PackedTensor]
    values: Sequence[PackedTensor]
    keys_by_nope: bool


def add_mla(
    plan: NativePlan,
    shape: LatentShape,
    heads: HeadWeights,
    inputs: tuple[Rows, Rows],
    norm: Rows,
    rotation: Rotation,
    out: Rows,
) -> None:
    """`inputs`: queries and compressed keys and values, as their products left them."""
    q, kv = inputs
    k_b, v_b = _matrices(heads.keys), _matrices(heads.values)
    plan.keep(heads, k_b, v_b)
    args = MlaArgs(
        q=q.address,
        kv=kv.address,
        latent_norm=norm.address,
        cos=rotation.cos.address,
        sin=rotation.sin.address,
        k_b=addressof(k_b),
        v_b=addressof(v_b),
        out=out.address,
        q_stride=q.stride,
        kv_stride=kv.stride,
        out_stride=out.stride,
        capacity=shape.capacity,
        max_rows=plan.max_rows,
        heads=shape.heads,
        nope=shape.nope,
        rope=shape.rope,
        latent=shape.latent,
        value=shape.value,
        interleaved=rotation.interleaved,
        keys_by_nope=heads.keys_by_nope,
        eps=shape.eps,
        scale=shape.scale,
        parts=plan.parts,
    )
    plan.add(OpKind.MLA, args)


@dataclass(frozen=True)
class GroupedShape:
    """Sizes of grouped-query attention, and what scores are multiplied by."""

    heads: int
    kv_heads: int
    head_dim: int
    eps: float
    scale: float
    capacity: int


def add_gqa(
    plan: NativePlan,
    shape: GroupedShape,
    inputs: tuple[Rows, Rows, Rows],
    norms: tuple[Rows, Rows] | None,
    rotation: Rotation,
    out: Rows,
) -> None:
    """`inputs`: queries, keys and values; `norms`: of queries and keys, a head at a time."""
    q, k, v = inputs
    args = GqaArgs(
        q=q.address,
        k=k.address,
        v=v.address,
        q_norm=norms[0].address if norms else None,
        k_norm=norms[1].address if norms else None,
        cos=rotation.cos.address,
        sin=rotation.sin.address,
        out=out.address,
        q_stride=q.stride,
        k_stride=k.stride,
        v_stride=v.stride,
        out_stride=out.stride,
        capacity=shape.capacity,
        max_rows=plan.max_rows,
        heads=shape.heads,
        kv_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        rope_dim=rotation.dim,
        interleaved=rotation.interleaved,
        eps=shape.eps,
        scale=shape.scale,
    )
    plan.add(OpKind.GQA, args)


def _matrices(packed: Sequence[PackedTensor]) -> Array[Matrix]:
    table = (Matrix * len(packed))()
    for index, one in enumerate(packed):
        table[index] = matrix_of(one)
    return table
