"""RMSNorm, rope, SiLU and the router by Triton's kernels: what is launched over which grid.

For: the backend beside this file, which mixes it in. Every row is a program of its own, so its
bits are its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import torch
from torch import Tensor

from kernels.contracts import RouterRule
from kernels.gpu.launching import Kernel, Kind, Launch, Launcher
from kernels.triton.products import parameters
from kernels.triton.views import begins_at_16_bytes, settled

NORM_VALUES = 1024
ROPE_HEADS, ROPE_PAIRS = 8, 32
SILU_VALUES = 1024
# Tiles of the router: at least so many experts, groups, and chosen ones.
LEAST_EXPERTS, LEAST_GROUPS, LEAST_TOP = 64, 16, 16
MODEL_EXPERTS = (64, 128, 256, 512)
Arguments = Sequence[Tensor | int | float]


RMS_NORM = Kernel(
    "rms_norm",
    parameters(
        (Kind.F32_POINTER, "x weight out"),
        (Kind.I32, "inner x_outer x_inner out_outer out_inner width"),
        (Kind.F32, "eps"),
    ),
    (("BLOCK", NORM_VALUES),),
    num_warps=8,
)
SILU_MUL = Kernel(
    "silu_mul",
    parameters(
        (Kind.F32_POINTER, "gate up out"),
        (Kind.I32, "inner gate_outer gate_inner up_outer up_inner out_outer out_inner width"),
    ),
    (("BLOCK", SILU_VALUES),),
)


@cache
def rope_kernel(interleaved: bool) -> Kernel:
    """Pairs that lie side by side, or half a head apart."""
    return Kernel(
        "rope",
        parameters(
            (Kind.F32_POINTER, "x cos sin"), (Kind.I32, "x_row x_head angle_row heads half")
        ),
        (
            ("INTERLEAVED", int(interleaved)),
            ("BLOCK_HEADS", ROPE_HEADS),
            ("BLOCK", ROPE_PAIRS),
        ),
    )


@cache
def router_kernel(experts: int, groups: int = 1, top_k: int = 1) -> Kernel:
    """For so many, or fewer."""
    flags = "sigmoid sum_two biased normalise"
    return Kernel(
        "router",
        parameters(
            (Kind.F32_POINTER, "logits bias"),
            (Kind.I64_POINTER, "chosen"),
            (Kind.F32_POINTER, "weights"),
            (Kind.I32, f"logits_row experts top_k groups top_groups {flags}"),
            (Kind.F32, "scaling_factor"),
        ),
        (
            ("EXPERTS", max(LEAST_EXPERTS, _power_of_two(experts))),
            ("GROUPS", max(LEAST_GROUPS, _power_of_two(groups))),
            ("TOP", max(LEAST_TOP, _power_of_two(top_k))),
        ),
        num_warps=1,
    )


class RowOps:
    """`rms_norm`, `rope`, `silu_mul` and `router` of `contracts.Backend`."""

    _launcher: Launcher

    def rms_norm(self, x: Tensor, weight: Tensor, eps: float, out: Tensor) -> None:
        """The sum runs in an order that the width alone decides."""
        target = out if begins_at_16_bytes(out) else torch.empty_like(out)
        x = settled(x)
        inner, *strides = _leading(x, target)
        arguments: Arguments = (x, settled(weight), target, inner, *strides, x.shape[-1], eps)
        self._by_rows(RMS_NORM, x, 1, arguments)
        if target is not out:
            out.copy_(target)

    def rope(self, x: Tensor, cos: Tensor, sin: Tensor, interleaved: bool) -> None:
        """A pair is read and written by one lane."""
        rows, heads, dim = x.shape
        turned = settled(x)
        cos, sin = cos.contiguous(), sin.contiguous()
        strides = (turned.stride(0), turned.stride(1), cos.stride(0))
        arguments = (turned, cos, sin, *strides, heads, dim // 2)
        grid = (rows, -(-heads // ROPE_HEADS), 1)
        if x.numel():
            self._launcher.launch(Launch(rope_kernel(interleaved), grid, arguments))
        if turned is not x:
            x.copy_(turned)

    def silu_mul(self, gate: Tensor, up: Tensor, out: Tensor) -> None:
        """Elementwise."""
        target = out if begins_at_16_bytes(out) else torch.empty_like(out)
        gate, up = settled(gate), settled(up)
        width = gate.shape[-1]
        arguments: Arguments = (gate, up, target, *_leading(gate, up, target), width)
        self._by_rows(SILU_MUL, gate, -(-width // SILU_VALUES), arguments)
        if target is not out:
            out.copy_(target)

    def router(
        self, logits: Tensor, bias: Tensor | None, rule: RouterRule
    ) -> tuple[Tensor, Tensor]:
        """Equal scores go to the lower id, equal groups to the lower group."""
        rows, experts = logits.shape
        logits = settled(logits)
        by = logits if bias is None else settled(bias.contiguous())
        chosen = logits.new_empty(rows, rule.top_k, dtype=torch.int64)
        weights = logits.new_empty(rows, rule.top_k)
        flags = (
            int(rule.scoring == "sigmoid"),
            int(rule.group_score == "sum_two"),
            int(bias is not None),
            int(rule.normalise),
        )
        numbers = (experts, rule.top_k, rule.num_groups, rule.top_groups, *flags)
        arguments = (
            *(logits, by, chosen, weights, logits.stride(0)),
            *numbers,
            rule.scaling_factor,
        )
        if rows:
            kernel = router_kernel(experts, rule.num_groups, rule.top_k)
            self._launcher.launch(Launch(kernel, (rows, 1, 1), arguments))
        return chosen, weights

    def _by_rows(self, kernel: Kernel, x: Tensor, tiles: int, arguments: Arguments) -> None:
        """A program for each row of `x` [..., width] and each tile of its width."""
        if x.numel():
            grid = (x.numel() // x.shape[-1], tiles, 1)
            self._launcher.launch(Launch(kernel, grid, arguments))


def _leading(*tensors: Tensor) -> tuple[int, ...]:
    """Rows of the inner leading axis, then the outer and inner stride of each tensor."""
    first = tensors[0]
    assert first.dim() <= 3, "rows lie along two axes at most"
    inner = first.shape[1] if first.dim() == 3 else 1
    strides: list[int] = []
    for tensor in tensors:
        outer = tensor.stride(0) if tensor.dim() > 1 else 0
        strides += (outer, tensor.stride(1) if tensor.dim() == 3 else 0)
    return (inner, *strides)


def _power_of_two(count: int) -> int:
    """The least one that is not below `count`."""
    return 1 << (count - 1).bit_length()


def row_kernels() -> Iterator[Kernel]:
    """What is built ahead of time, for every target."""
    yield from (RMS_NORM, SILU_MUL, rope_kernel(True), rope_kernel(False))
    yield from (router_kernel(experts) for experts in MODEL_EXPERTS)
