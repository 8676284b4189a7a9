"""Attention of a prompt as the test of the kernels' speed runs it: one op of each kind.

For: `kernels.cpu.speed`. Counted as a model's shape says it: scores and mixed values of the pairs
under the diagonal, and of latent attention what its keys and values are expanded by. That tiles
at the diagonal are computed whole is part of the speed.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from kernels.cpu.attention import (
    GroupedShape,
    HeadWeights,
    LatentShape,
    Rotation,
    add_gqa,
    add_mla,
)
from kernels.cpu.plan import NativePlan, Rows, floats_view
from kernels.schemes.base import PackedTensor

_SMALL = 0.01
_CAUSAL = 0.5
_HEADS, _KV_HEADS, _HEAD_DIM = 8, 2, 128
_LATENT, _ROPE = 512, 64
LATENT_SCHEME = "Q5_K_P16"

Matrix = Callable[[str, int, int], PackedTensor]


def record_grouped(plan: NativePlan, rows: int) -> float:
    """One section of grouped-query attention; its operations."""
    q, k, v = (_rows(plan, heads * _HEAD_DIM) for heads in (_HEADS, _KV_HEADS, _KV_HEADS))
    shape = GroupedShape(_HEADS, _KV_HEADS, _HEAD_DIM, 0.0, _HEAD_DIM**-0.5, rows)
    out = plan.rows(_HEADS * _HEAD_DIM)
    add_gqa(plan, shape, (q, k, v), None, _rotation(plan, rows, _HEAD_DIM), out)
    plan.end_section()
    return 2 * _HEADS * 2 * _HEAD_DIM * rows * rows * _CAUSAL


def record_latent(plan: NativePlan, rows: int, matrix: Matrix) -> float:
    """One section of latent attention over weights that `matrix` (scheme, rows, columns) gives;
    its operations."""
    query = _HEAD_DIM + _ROPE
    q, kv = _rows(plan, _HEADS * query), _rows(plan, _LATENT + _ROPE)
    shape = LatentShape(_HEADS, _HEAD_DIM, _ROPE, _LATENT, _HEAD_DIM, 1e-6, query**-0.5, rows)
    keys, values = (
        [matrix(LATENT_SCHEME, _HEAD_DIM, _LATENT) for _ in range(_HEADS)] for _ in "kv"
    )
    norm, out = plan.constant(torch.ones(_LATENT)), plan.rows(_HEADS * _HEAD_DIM)
    heads = HeadWeights(keys, values, keys_by_nope=True)
    add_mla(plan, shape, heads, (q, kv), norm, _rotation(plan, rows, _ROPE), out)
    plan.end_section()
    scores = 2 * _HEADS * (query + _HEAD_DIM) * rows * rows * _CAUSAL
    return scores + 2 * rows * _HEADS * 2 * _HEAD_DIM * _LATENT


def _rows(plan: NativePlan, width: int) -> Rows:
    made = plan.rows(width)
    floats_view(made, plan.max_rows)[:] = _SMALL
    return made


def _rotation(plan: NativePlan, rows: int, dim: int) -> Rotation:
    """No turn: what angles are does not matter to speed."""
    flat = plan.constant(torch.ones(1, rows * dim // 2))
    table = Rows(flat.address, dim // 2, dim // 2)
    return Rotation(table, table, dim, interleaved=False)
