"""Attention by Triton's kernels: what is launched over which grid.

For: the backend beside this file, which mixes it in. Latent attention is attention with one kv
head, whose keys are the latents and the rotary keys, and whose values are the latents. Up to 8
rows, what a row sees is split along the context and merged in order, and what the row sees alone
decides where: a row's bits are its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from kernels.contracts import MAX_INVARIANT_ROWS, Op
from kernels.gpu.launching import Kernel, Kind, Launch, Launcher
from kernels.triton.attention_tiles import (
    MODEL_SHAPES,
    SPAN,
    SPLITS,
    HeadShape,
    few_tile,
    many_tile,
)
from kernels.triton.products import parameters
from kernels.triton.views import aligned, begins_at_16_bytes, units
from kernels.workspace import Workspace

LOG2_E = 1.4426950408889634
MERGED_VALUES = 128
MEASURED_POSITIONS = 16
_LEAST_DIM = 16  # of a product on tensor cores
Arguments = Sequence[Tensor | int | float]


@dataclass(frozen=True)
class _Heads:
    """Operands of one call: q [rows, heads, …]; keys, values [kv_heads, positions, …]."""

    q: tuple[Tensor, Tensor]
    keys: tuple[Tensor, Tensor]
    values: Tensor
    shape: HeadShape
    scale: float

    @property
    def rows(self) -> int:
        return self.q[0].shape[0]

    @property
    def heads(self) -> int:
        return self.q[0].shape[1]

    @property
    def kv_heads(self) -> int:
        return self.keys[0].shape[0]

    @property
    def group(self) -> int:
        """Query heads to a kv head."""
        return self.heads // self.kv_heads

    @property
    def positions(self) -> int:
        return self.keys[0].shape[1]

    def tensors(self) -> tuple[Tensor, ...]:
        """In the kernels' order."""
        return (*self.q, *self.keys, self.values)

    def strides(self) -> tuple[int, ...]:
        """In the kernels' order, in units."""
        rows = (stride for part in self.q for stride in units(part, 0, 1))
        positions = (s for part in (*self.keys, self.values) for s in units(part, 0, 1))
        return (*rows, *positions)


class AttentionOps:
    """`gqa` and `mla` of `contracts.Backend`."""

    _launcher: Launcher

    def gqa(
        self, q: Tensor, keys: Tensor, values: Tensor, scale: float, out: Tensor, work: Workspace
    ) -> None:
        """Keys of more values than a power of two are read as two parts."""
        shape = head_shape(q.shape[-1], values.shape[-1])
        q = aligned(q, "attention.q", work)
        keys = aligned(keys, "attention.keys", work)
        values = aligned(values, "attention.values", work)
        # Where there is no second part, the kernel is given the first again and reads nothing.
        cut = shape.first if shape.second else 0
        parts = (q, q[..., cut:]), (keys, keys[..., cut:])
        self._attend(_Heads(*parts, values, shape, scale), out, work)

    def mla(
        self,
        q_latent: Tensor,
        q_rope: Tensor,
        latent: Tensor,
        k_rope: Tensor,
        scale: float,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """All heads of a row read the latents once."""
        shape = HeadShape(latent.shape[-1], k_rope.shape[-1], latent.shape[-1], latent=True)
        q = (aligned(q_latent, "attention.q", work), aligned(q_rope, "attention.q_rope", work))
        keys = aligned(latent, "attention.keys", work).unsqueeze(0)
        ropes = aligned(k_rope, "attention.k_rope", work).unsqueeze(0)
        self._attend(_Heads(q, (keys, ropes), keys, shape, scale), out, work)

    def _attend(self, heads: _Heads, out: Tensor, work: Workspace) -> None:
        if not heads.rows:
            return
        target = out
        if not begins_at_16_bytes(out):
            target = work.take("attention.out", tuple(out.shape), out.dtype)
        if heads.rows <= MAX_INVARIANT_ROWS:
            self._few(heads, target, work)
        else:
            self._many(heads, target, work)
        if target is not out:
            out.copy_(target)

    def _few(self, heads: _Heads, out: Tensor, work: Workspace) -> None:
        kernel = attend_few_kernel(self._launcher.target, heads.shape)
        rows, positions, width = heads.rows, heads.positions, heads.shape.values
        # Not that of the longest: a row that sees a little less may have shorter splits.
        splits = max(splits_of(positions - row) for row in range(rows))
        parts = work.take("attention.parts", (rows, heads.heads, splits, width), torch.float32)
        marks = work.take("attention.marks", (rows, heads.heads, splits, 2), torch.float32)
        numbers = (rows, positions, heads.group, splits, heads.scale * LOG2_E)
        arguments: Arguments = (*heads.tensors(), parts, marks, *heads.strides(), *numbers)
        tiles = -(-heads.group // dict(kernel.constants)["BLOCK_Q"])
        self._launcher.launch(Launch(kernel, (rows * tiles, heads.kv_heads, splits), arguments))
        merged = (rows, positions, heads.heads, splits, width)
        grid = (rows * heads.heads, -(-width // MERGED_VALUES), 1)
        arguments = (parts, marks, out, out.stride(0), out.stride(1), *merged)
        self._launcher.launch(Launch(MERGE_SPLITS, grid, arguments))

    def _many(self, heads: _Heads, out: Tensor, work: Workspace) -> None:
        kernel = attend_many_kernel(self._launcher.target, heads.shape)
        powers = self._powers(heads, work)
        numbers = (heads.rows, heads.positions, heads.group, heads.scale * LOG2_E)
        strides = (*heads.strides(), out.stride(0), out.stride(1))
        tiles = -(-heads.rows * heads.group // dict(kernel.constants)["BLOCK_Q"])
        arguments: Arguments = (*heads.tensors(), *powers, out, *strides, *numbers)
        self._launcher.launch(Launch(kernel, (tiles, heads.kv_heads, 1), arguments))

    def _powers(self, heads: _Heads, work: Workspace) -> tuple[Tensor, Tensor, Tensor]:
        """Of both parts of the keys and of the values, [kv_heads, positions] each."""

        def measured(name: str, x: Tensor, columns: int) -> Tensor:
            powers = work.take(f"attention.{name}", x.shape[:2], torch.float32)
            grid = (-(-heads.positions // MEASURED_POSITIONS), heads.kv_heads, 1)
            arguments: Arguments = (x, powers, heads.positions, columns, *units(x, 0, 1))
            self._launcher.launch(Launch(ROW_POWERS, grid, arguments))
            return powers

        shape = heads.shape
        if shape.latent:
            first = measured("first_powers", heads.keys[0], shape.first)
            return first, measured("second_powers", heads.keys[1], shape.second), first
        # Both parts of a key are one tensor.
        keys = measured("first_powers", heads.keys[0], shape.first + shape.second)
        return keys, keys, measured("value_powers", heads.values, shape.values)


def splits_of(seen: int) -> int:
    """Splits of a row that sees so many positions; the kernels compute the same."""
    span = max(-(-seen // SPLITS // SPAN), 1) * SPAN
    return -(-seen // span)


@cache
def head_shape(key_width: int, value_width: int) -> HeadShape:
    """Keys whole, or in two parts where these need less than the next power of two."""
    whole = _padded(key_width)
    first = whole // 2
    second = key_width - first
    if first >= _LEAST_DIM and second > 0 and first + _padded(second) < whole:
        return HeadShape(first, second, value_width, latent=False)
    return HeadShape(key_width, 0, value_width, latent=False)


def asked_shape(op: Op, widths: Sequence[int]) -> HeadShape:
    """Heads as `contracts.Backend.accepts` has them."""
    first, second = widths
    if op in (Op.MLA_DECODE, Op.MLA_PREFILL):
        return HeadShape(first, second, first, latent=True)
    return head_shape(first, second)


def _padded(width: int) -> int:
    """The power of two that holds it, and that a product on tensor cores can have."""
    return max(_LEAST_DIM, 1 << (width - 1).bit_length())


_QKV = "q_a q_b k_a k_b v"
_STRIDES = (
    "q_a_row q_a_head q_b_row q_b_head k_a_head k_a_position k_b_head k_b_position v_head "
    "v_position"
)
_FEW = parameters(
    (Kind.F32_POINTER, f"{_QKV} parts marks"),
    (Kind.I32, f"{_STRIDES} rows positions group splits"),
    (Kind.F32, "scale"),
)
_MANY = parameters(
    (Kind.F32_POINTER, f"{_QKV} k_a_powers k_b_powers v_powers out"),
    (Kind.I32, f"{_STRIDES} out_row out_head rows positions group"),
    (Kind.F32, "scale"),
)
_SPLIT = (("SPLITS", SPLITS), ("SPAN", SPAN))
MERGE_SPLITS = Kernel(
    "merge_splits",
    parameters(
        (Kind.F32_POINTER, "parts marks out"),
        (Kind.I32, "out_row out_head rows positions heads splits width"),
    ),
    (*_SPLIT, ("BLOCK", MERGED_VALUES)),
    num_warps=1,
)

ROW_POWERS = Kernel(
    "row_powers",
    parameters(
        (Kind.F32_POINTER, "x powers"),
        (Kind.I32, "positions columns head_stride row_stride"),
    ),
    (("N", MEASURED_POSITIONS), ("K", 64)),
)


@cache
def attend_few_kernel(target: int, shape: HeadShape) -> Kernel:
    """Of decode: 1 to 8 rows."""
    tile = few_tile(target, shape)
    constants = (*_dims(shape), ("BLOCK_Q", tile.queries), ("BLOCK_N", tile.positions), *_SPLIT)
    return Kernel("attend_few", _FEW, constants, tile.num_warps, tile.num_stages)


@cache
def attend_many_kernel(target: int, shape: HeadShape) -> Kernel:
    """Of prefill: more rows."""
    tile = many_tile(target, shape)
    constants = (*_dims(shape), ("BLOCK_Q", tile.queries), ("BLOCK_N", tile.positions))
    return Kernel("attend_many", _MANY, constants, tile.num_warps, tile.num_stages)


def _dims(shape: HeadShape) -> tuple[tuple[str, int], ...]:
    return (
        ("WIDTH_A", shape.first),
        ("DIM_A", _padded(shape.first)),
        ("WIDTH_B", shape.second),
        ("DIM_B", _padded(shape.second) if shape.second else 0),
        ("WIDTH_V", shape.values),
        ("DIM_V", _padded(shape.values)),
        ("LATENT", int(shape.latent)),
    )


def attention_kernels(target: int) -> Iterator[Kernel]:
    """What is built ahead of time: the heads of the models that are known."""
    yield from (MERGE_SPLITS, ROW_POWERS)
    for shape in MODEL_SHAPES:
        yield attend_few_kernel(target, shape)
        yield attend_many_kernel(target, shape)
