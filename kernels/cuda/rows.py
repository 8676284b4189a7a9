"""Ops that go row by row, by CUDA's kernels: RMSNorm, rope, the router.

For: the backend beside this file, which mixes it in. Not here: SiLU and products.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from kernels.contracts import RouterRule
from kernels.cuda.operands import pointers
from kernels.gpu.launching import Kernel, Kind, Launch, Launcher, Parameter

_THREADS = 256
_WARPS = 8
# Rows up to so many values are normalised by a warp each, wider ones by a block.
_NARROW = 512

_NORM_PARAMETERS = (
    *pointers(("x", "weight", "y"), Kind.F32_POINTER),
    *(Parameter(n, Kind.I64) for n in ("x_outer", "x_inner", "y_outer", "y_inner")),
    *(Parameter(n, Kind.I32) for n in ("rows", "inner", "width")),
    Parameter("eps", Kind.F32),
)
RMS_NORM_NARROW = Kernel("pk_rms_norm_narrow", _NORM_PARAMETERS)
RMS_NORM_WIDE = Kernel("pk_rms_norm_wide", _NORM_PARAMETERS)
ROPE = Kernel(
    "pk_rope",
    (
        *pointers(("x", "cos", "sin"), Kind.F32_POINTER),
        *(Parameter(n, Kind.I64) for n in ("x_row", "x_head", "cos_row", "sin_row")),
        *(Parameter(n, Kind.I32) for n in ("rows", "heads", "half", "interleaved")),
    ),
)
ROUTER = Kernel(
    "pk_router",
    (
        *pointers(("logits", "bias"), Kind.F32_POINTER),
        Parameter("chosen", Kind.I64_POINTER),
        Parameter("weights", Kind.F32_POINTER),
        Parameter("logits_row", Kind.I64),
        *(Parameter(n, Kind.I32) for n in ("experts", "groups", "top_k", "top_groups")),
        *(Parameter(n, Kind.I32) for n in ("sigmoid", "has_bias", "sum_two", "normalise")),
        Parameter("scaling", Kind.F32),
    ),
)


def router_shared_bytes(experts: int, groups: int, top_k: int) -> int:
    """As csrc/router.cu lays it out."""
    return 12 * experts + 9 * groups + 4 * top_k


class RowOps:
    """`rms_norm`, `rope` and `router` of `contracts.Backend`, over float32 tensors."""

    _launcher: Launcher

    def rms_norm(self, x: Tensor, weight: Tensor, eps: float, out: Tensor) -> None:
        """The order of a row's sum follows from its width alone."""
        if not x.numel():
            return
        source, target = _as_rows(x), _as_rows(out)
        outer, inner, width = source.shape
        narrow = width <= _NARROW
        rows = outer * inner
        strides = (source.stride(0), source.stride(1), target.stride(0), target.stride(1))
        arguments = (source, weight, target, *strides, rows, inner, width, eps)
        kernel, blocks = (RMS_NORM_NARROW, -(-rows // _WARPS)) if narrow else (RMS_NORM_WIDE, rows)
        self._launcher.launch(Launch(kernel, (blocks, 1, 1), arguments, _THREADS))

    def rope(self, x: Tensor, cos: Tensor, sin: Tensor, interleaved: bool) -> None:
        """In place; a thread turns a pair."""
        rows, heads, dim = x.shape
        if not x.numel():
            return
        strides = (x.stride(0), x.stride(1), cos.stride(0), sin.stride(0))
        arguments = (x, cos, sin, *strides, rows, heads, dim // 2, int(interleaved))
        blocks = -(-rows * heads * (dim // 2) // _THREADS)
        self._launcher.launch(Launch(ROPE, (blocks, 1, 1), arguments, _THREADS))

    def router(
        self, logits: Tensor, bias: Tensor | None, rule: RouterRule
    ) -> tuple[Tensor, Tensor]:
        """Equal scores go to the lower id."""
        rows, experts = logits.shape
        chosen = logits.new_empty(rows, rule.top_k, dtype=torch.int64)
        weights = logits.new_empty(rows, rule.top_k)
        if rows:
            arguments = _router_arguments(logits, bias, rule, chosen, weights)
            shared_bytes = router_shared_bytes(experts, rule.num_groups, rule.top_k)
            self._launcher.launch(Launch(ROUTER, (rows, 1, 1), arguments, 32, shared_bytes))
        return chosen, weights


def _router_arguments(
    logits: Tensor, bias: Tensor | None, rule: RouterRule, chosen: Tensor, weights: Tensor
) -> tuple[Any, ...]:
    # Where there is no bias, the kernel is given the logits again and does not read them.
    given = logits if bias is None else bias
    return (
        *(logits, given, chosen, weights, logits.stride(0)),
        *(logits.shape[1], rule.num_groups, rule.top_k, rule.top_groups),
        *(int(rule.scoring == "sigmoid"), int(bias is not None)),
        *(int(rule.group_score == "sum_two"), int(rule.normalise), rule.scaling_factor),
    )


def _as_rows(x: Tensor) -> Tensor:
    """[..., width] as [outer, inner, width], a view. Raises RuntimeError where there is none."""
    if x.dim() == 1:
        return x.view(1, 1, -1)
    if x.dim() == 2:
        return x.unsqueeze(1)
    return x.view(-1, x.shape[-2], x.shape[-1]) if x.dim() > 3 else x
