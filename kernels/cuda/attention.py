"""Attention by CUDA's kernels: which instance runs, over which grid, with which scratch memory.

For: the backend beside this file, which mixes it in. Latent attention is attention with one kv
head, whose keys are the latents and the rotary keys, and whose values are the latents again. Up
to 8 rows, what a row sees is split along the context and merged in order; what the row sees
alone decides where, so that a row's bits are its own. Not here: the kernels (`csrc/attention.h`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.contracts import MAX_INVARIANT_ROWS, Op
from kernels.cuda.attention_tiles import most_splits, shared_bytes_of
from kernels.cuda.operands import aligned, pointers, write_aligned
from kernels.gpu.launching import Kernel, Kind, Launch, Launcher, Parameter
from kernels.workspace import Workspace

LOG2_E = 1.4426950408889634
# As csrc/attention.h has them.
SPAN, WARPS, THREADS = 32, 8, 256
_QUERIES_OF_FEW = 16


def _operands(*last: Parameter) -> tuple[Parameter, ...]:
    floats = ("q", "q_rope", "keys", "k_rope", "values")
    strides = (
        *("q_row", "q_head", "q_rope_row", "q_rope_head", "key_head", "key_position"),
        *("k_rope_position", "value_head", "value_position"),
    )
    numbers = ("dim", "rope_dim", "value_dim", "rows", "positions", "group")
    return (
        *(Parameter(name, Kind.F32_POINTER) for name in floats),
        *(Parameter(name, Kind.I64) for name in strides),
        *(Parameter(name, Kind.I32) for name in numbers),
        Parameter("scale", Kind.F32),
        *last,
    )


_AT = (Parameter("at", Kind.I32_POINTER), Parameter("has_at", Kind.I32))
_FEW_PARAMETERS = _operands(
    Parameter("partial", Kind.F32_POINTER),
    Parameter("marks", Kind.F32_POINTER),
    Parameter("most", Kind.I32),
    *_AT,
)
_MANY_PARAMETERS = _operands(
    Parameter("out", Kind.F32_POINTER),
    Parameter("out_row", Kind.I64),
    Parameter("out_head", Kind.I64),
)


@dataclass(frozen=True)
class Instance:
    """A kernel for heads of at most `values` values, and how many queries a block of it has."""

    kernel: Kernel
    values: int
    queries: int
    latent: bool

    def shared_bytes(self, dims: int, value_dim: int) -> int:
        """Dynamic shared memory for keys of `dims` values, as AttentionTile lays it out."""
        stride, value_stride = _up(dims, 16) + 8, _up(value_dim, 16) + 8
        shares = max(1, WARPS * 16 // self.queries // (SPAN // 8))
        halves = (self.queries + SPAN) * stride + self.queries * (SPAN + 8)
        halves += 0 if self.latent else SPAN * value_stride
        powers = (1 if self.latent else 2) * SPAN
        return 2 * halves + 4 * (shares * self.queries * (SPAN + 1) + 4 * self.queries + powers)


def _few(name: str, values: int, *, latent: bool = False) -> Instance:
    return Instance(Kernel(name, _FEW_PARAMETERS), values, _QUERIES_OF_FEW, latent)


def _many(name: str, values: int, queries: int, *, latent: bool = False) -> Instance:
    return Instance(Kernel(name, _MANY_PARAMETERS), values, queries, latent)


# Narrow ones first: the first that is wide enough, and fits the target, runs.
FEW = (
    _few("pk_attend_few_64", 64),
    _few("pk_attend_few_128", 128),
    _few("pk_attend_few_256", 256),
    _few("pk_attend_few_latent_128", 128, latent=True),
    _few("pk_attend_few_latent_512", 512, latent=True),
)
MANY = (
    _many("pk_attend_many_64", 64, 64),
    _many("pk_attend_many_128", 128, 64),
    _many("pk_attend_many_256", 256, 32),
    _many("pk_attend_many_latent_128", 128, 16, latent=True),
    _many("pk_attend_many_latent_512", 512, 16, latent=True),
)
MERGE_SPLITS = Kernel(
    "pk_merge_splits",
    (
        *pointers(("partial", "marks", "out"), Kind.F32_POINTER),
        Parameter("out_row", Kind.I64),
        Parameter("out_head", Kind.I64),
        *(Parameter(n, Kind.I32) for n in ("rows", "heads", "positions", "value_dim", "most")),
        *_AT,
    ),
)


def fitting(
    of: tuple[Instance, ...], target: int, dims: int, value_dim: int, *, latent: bool
) -> Instance | None:
    """The first that has room for keys of `dims` values, both parts, and such values."""
    for one in of:
        fits = one.shared_bytes(dims, value_dim) <= shared_bytes_of(target)
        if one.latent == latent and value_dim <= one.values and fits:
            return one
    return None


def has_room(op: Op, target: int, widths: Sequence[int]) -> bool:
    """Whether there is a kernel for heads as `contracts.Backend.accepts` has them."""
    first, second = widths
    of = FEW if op in (Op.GQA_DECODE, Op.MLA_DECODE) else MANY
    if op in (Op.MLA_DECODE, Op.MLA_PREFILL):
        return fitting(of, target, _up(first, 8) + second, first, latent=True) is not None
    return fitting(of, target, _up(first, 8), second, latent=False) is not None


@dataclass(frozen=True)
class _Operands:
    """q, q_rope [rows, heads, …]; keys, values [kv_heads, positions, …]; k_rope [positions, …]."""

    q: Tensor
    q_rope: Tensor
    keys: Tensor
    k_rope: Tensor
    values: Tensor
    scale: float
    latent: bool

    @property
    def group(self) -> int:
        """Query heads to a kv head."""
        return self.q.shape[1] // self.keys.shape[0]

    @property
    def rope_dim(self) -> int:
        return self.q_rope.shape[-1] if self.latent else 0

    @property
    def dims(self) -> int:
        """Of a key, both parts."""
        return _up(self.q.shape[-1], 8) + self.rope_dim

    @property
    def value_dim(self) -> int:
        return self.values.shape[-1]

    def instance(self, of: tuple[Instance, ...], target: int) -> Instance:
        """Raises AssertionError for heads that no kernel has room for."""
        one = fitting(of, target, self.dims, self.value_dim, latent=self.latent)
        assert one is not None, f"no attention kernel for keys of {self.dims} on sm_{target}"
        return one

    def arguments(self) -> tuple[Tensor | int | float, ...]:
        """In the kernels' order."""
        rope_strides = (self.q_rope.stride(0), self.q_rope.stride(1))
        return (
            *(self.q, self.q_rope, self.keys, self.k_rope, self.values),
            *(self.q.stride(0), self.q.stride(1), *rope_strides),
            *(self.keys.stride(0), self.keys.stride(1), self.k_rope.stride(-2)),
            *(self.values.stride(0), self.values.stride(1)),
            *(self.q.shape[-1], self.rope_dim, self.value_dim),
            *(self.q.shape[0], self.keys.shape[1], self.group),
            self.scale * LOG2_E,
        )


class AttentionOps:
    """`gqa` and `mla` of `contracts.Backend`, over float32 tensors.

    `_seen` (int32 [1], on the launcher's device), where there is one: how many of a cache's
    positions are there for up to 8 rows; keys and values are then all that it has room for.
    """

    _launcher: Launcher
    _seen: Tensor | None = None

    def gqa(
        self, q: Tensor, keys: Tensor, values: Tensor, scale: float, out: Tensor, work: Workspace
    ) -> None:
        """Operands are rounded to fp16, sums and the softmax are float32."""
        q, keys, values = (
            aligned(tensor, f"attention.{name}", work)
            for name, tensor in (("q", q), ("keys", keys), ("values", values))
        )
        # There is no second part: the kernel is given the first again and reads nothing of it.
        self._attend(_Operands(q, q, keys, keys, values, scale, latent=False), out, work)

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
        """All heads of a block read the latents once; rounding as `gqa`."""
        q_latent = aligned(q_latent, "attention.q", work)
        q_rope = aligned(q_rope, "attention.q_rope", work)
        latents = aligned(latent, "attention.keys", work).unsqueeze(0)
        k_rope = aligned(k_rope, "attention.k_rope", work)
        operands = _Operands(q_latent, q_rope, latents, k_rope, latents, scale, latent=True)
        self._attend(operands, out, work)

    def _attend(self, operands: _Operands, out: Tensor, work: Workspace) -> None:
        if not out.numel():
            return
        with write_aligned(out, "attention.out", work) as target:
            if operands.q.shape[0] <= MAX_INVARIANT_ROWS:
                self._few(operands, target, work)
            else:
                self._many(operands, target)

    def _few(self, operands: _Operands, out: Tensor, work: Workspace) -> None:
        one = operands.instance(FEW, self._launcher.target)
        rows, heads = operands.q.shape[:2]
        kv_heads, positions = operands.keys.shape[:2]
        tiles = -(-operands.group // one.queries)
        most = most_splits(self._launcher.target, kv_heads * tiles)
        partial = work.take(
            "attention.partial", (rows, heads, most, operands.value_dim), torch.float32
        )
        marks = work.take("attention.marks", (rows, heads, most, 2), torch.float32)
        if self._seen is None:
            splits = max(splits_of(positions - row, most) for row in range(rows))
            at = (work.take("attention.at", (1,), torch.int32), 0)
        else:  # the most that any number of positions has; blocks without a split leave at once
            splits, at = min(most, -(-positions // SPAN)), (self._seen, 1)
        self._launcher.launch(
            Launch(
                one.kernel,
                (rows * tiles, kv_heads, splits),
                (*operands.arguments(), partial, marks, most, *at),
                THREADS,
                one.shared_bytes(operands.dims, operands.value_dim),
            )
        )
        numbers = (rows, heads, positions, operands.value_dim, most)
        arguments = (partial, marks, out, out.stride(0), out.stride(1), *numbers, *at)
        grid = (rows * heads, -(-operands.value_dim // THREADS), 1)
        self._launcher.launch(Launch(MERGE_SPLITS, grid, arguments, THREADS))

    def _many(self, operands: _Operands, out: Tensor) -> None:
        one = operands.instance(MANY, self._launcher.target)
        tiles = -(-operands.q.shape[0] * operands.group // one.queries)
        self._launcher.launch(
            Launch(
                one.kernel,
                (tiles, operands.keys.shape[0], 1),
                (*operands.arguments(), out, out.stride(0), out.stride(1)),
                THREADS,
                one.shared_bytes(operands.dims, operands.value_dim),
            )
        )


def splits_of(seen: int, most: int) -> int:
    """How many splits a row has that sees so many positions, as `split_size` in the kernels."""
    size = -(-seen // (SPAN * most)) * SPAN
    return -(-seen // size)


def _up(value: int, to: int) -> int:
    return -(-value // to) * to
