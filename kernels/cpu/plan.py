"""A recorded forward pass on the native kernels: ops are added once and replayed each step.

For: `inference.planned`, which knows what a model is; this knows memory and structs. Widths
are in values, strides in floats. A plan owns its buffers and keeps every tensor alive that
its ops read. Not thread-safe: one thread records and runs.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Sequence
from ctypes import Array, Structure
from dataclasses import dataclass
from enum import IntEnum

import torch
from torch import Tensor

from kernels.contracts import Expert, RouterRule
from kernels.cpu.formats import ROWS, is_float, matrix_of
from kernels.cpu.library import NativeLibraryError, NativeMemoryError, error_of
from kernels.cpu.pool import NativePool
from kernels.cpu.structs import (
    MAX_PARTS,
    EmbeddingArgs,
    ExpertsArgs,
    ExpertWeights,
    LinearArgs,
    LinearPart,
    NormArgs,
    RouterArgs,
)
from kernels.schemes.base import PackedTensor
from kernels.sentence import said


class OpKind(IntEnum):
    """The numbers of ops in the C interface (`csrc/core/levels.h`)."""

    LINEAR = 0
    EMBEDDING = 1
    NORM = 2
    ROUTER = 3
    EXPERTS = 4
    MLA = 5
    GQA = 6


@dataclass(frozen=True)
class Rows:
    """Float32 rows in a plan's memory: `width` values, `stride` floats apart."""

    address: int
    width: int
    stride: int


@dataclass(frozen=True)
class Quantized:
    """Rows as int8 (or, `precise`, as 14 bits) with a scale a block, in a plan's memory."""

    address: int
    width: int


@dataclass(frozen=True)
class Product:
    """One matrix of a `linear`: out = x · weightᵀ + bias + residual."""

    weight: PackedTensor
    out: Rows
    bias: Rows | None = None
    residual: Rows | None = None


@dataclass(frozen=True)
class ExpertSet:
    """Experts as the kernels read them: a table, and what keeps it and its tensors alive."""

    table: Array[ExpertWeights]
    count: int
    width: int
    takes_floats: bool
    takes_quantized: bool
    keeps: tuple[object, ...]


def expert_set(experts: Sequence[Expert]) -> ExpertSet:
    """A table of experts of one width; raises ValueError where their shapes differ."""
    table = (ExpertWeights * max(1, len(experts)))()
    widths = {expert.gate.shape[0] for expert in experts}
    if len(widths) > 1:
        raise ValueError(
            said("experts of one layer have one width, not {widths}", widths=sorted(widths))
        )
    names = set()
    for index, expert in enumerate(experts):
        table[index] = ExpertWeights(*map(matrix_of, (expert.gate, expert.up, expert.down)))
        names |= {expert.gate.scheme.name, expert.up.scheme.name}
    floats = {is_float(name) for name in names}
    width = widths.pop() if widths else 0
    return ExpertSet(table, len(experts), width, True in floats, False in floats, tuple(experts))


class NativePlan:
    """Ops over one pool. Raises NativeLibraryError where the native side refuses.

    `precise`: activations keep 14 bits instead of 8, for up to twice the arithmetic.
    """

    def __init__(
        self, pool: NativePool, max_rows: int, level: str, *, precise: bool = False
    ) -> None:
        self.parts = 2 if precise else 1
        self._library = pool.library
        self._pool = pool
        self.max_rows = max_rows
        self._keeps: list[object] = []
        handle = self._library.pk_plan_new(level.encode(), max_rows)
        if not handle:
            raise NativeLibraryError(
                said("No plan could be made: {why}.", why=error_of(self._library))
            )
        self._handle: int = handle
        self.sections = 0
        self.close = weakref.finalize(self, _free, pool, handle)

    @property
    def level(self) -> str:
        """The build that runs."""
        name: bytes = self._library.pk_plan_level(self._handle)
        return name.decode()

    @property
    def held_bytes(self) -> int:
        """Bytes asked for; pages that were never touched take no memory."""
        held: int = self._library.pk_plan_held_bytes(self._handle)
        return held

    def memory(self, size_bytes: int) -> int:
        """The address of zeroed memory for the plan's life."""
        address: int | None = self._library.pk_plan_memory(self._handle, size_bytes)
        if not address:
            raise NativeMemoryError("There is not enough memory for this model's work space.")
        return address

    def rows(self, width: int, count: int | None = None) -> Rows:
        """Room for `count` rows (the plan's most, by default)."""
        stride = -(-width // ROWS) * ROWS
        # A tile's last tokens may be written beyond the rows that are there.
        return Rows(self.memory(((count or self.max_rows) + ROWS) * stride * 4), width, stride)

    def quantized(self, width: int) -> Quantized:
        """Room for the plan's rows as int8, or as 14 bits if the plan is precise."""
        address = self._library.pk_plan_activations(self._handle, width, self.parts)
        if not address:
            raise NativeLibraryError(
                said("Rows can't be quantized: {why}.", why=error_of(self._library))
            )
        return Quantized(address, width)

    def constant(self, values: Tensor) -> Rows:
        """A vector or rows as float32 in the plan's memory, padded as kernels read them."""
        table = values.to(torch.float32).reshape(-1, values.shape[-1])
        made = self.rows(table.shape[1], table.shape[0])
        floats_view(made, table.shape[0])[:] = table
        return made

    def keep(self, *what: object) -> None:
        """Keep these alive as long as the plan."""
        self._keeps.extend(what)

    def linear(
        self,
        x: Quantized | None,
        x_float: Rows | None,
        products: Sequence[Product],
        *,
        wanted_only: bool = False,
    ) -> None:
        """Products of one input; quantized weights read `x`, float weights `x_float`."""
        for start in range(0, len(products), MAX_PARTS):
            some = products[start : start + MAX_PARTS]
            args = LinearArgs(
                x=x.address if x else None,
                x_float=x_float.address if x_float else None,
                x_stride=x_float.stride if x_float else 0,
                count=len(some),
                wanted_only=wanted_only,
            )
            for index, product in enumerate(some):
                args.parts[index] = _part(product)
                self.keep(product.weight)
            self._add(OpKind.LINEAR, args)

    def embedding(self, table: PackedTensor, out: Rows) -> None:
        """out = rows of the table."""
        self.keep(table)
        self._add(OpKind.EMBEDDING, EmbeddingArgs(matrix_of(table), out.address, out.stride))

    def norm(
        self,
        x: Rows,
        weight: Rows | None,
        eps: float,
        *,
        y: Rows | None = None,
        q: Quantized | None = None,
        wanted_only: bool = False,
    ) -> None:
        """RMSNorm of rows into floats, int8, or both; without a weight, no norm."""
        args = NormArgs(
            x=x.address,
            weight=weight.address if weight else None,
            y=y.address if y else None,
            q=q.address if q else None,
            x_stride=x.stride,
            y_stride=y.stride if y else 0,
            width=x.width,
            eps=eps,
            wanted_only=wanted_only,
        )
        self._add(OpKind.NORM, args)

    def router(
        self, logits: Rows, bias: Rows | None, rule: RouterRule, chosen: int, weights: int
    ) -> None:
        """Chosen experts int32 and weights float32 [rows, top_k] at these addresses."""
        args = RouterArgs(
            logits=logits.address,
            bias=bias.address if bias else None,
            chosen=chosen,
            weights=weights,
            logits_stride=logits.stride,
            num_experts=logits.width,
            top_k=rule.top_k,
            num_groups=rule.num_groups,
            top_groups=rule.top_groups,
            sigmoid=rule.scoring == "sigmoid",
            sum_two=rule.group_score == "sum_two",
            normalise=rule.normalise,
            scaling_factor=rule.scaling_factor,
        )
        self._add(OpKind.ROUTER, args)

    def experts(
        self,
        x: Quantized | None,
        x_float: Rows,
        routed: ExpertSet | None,
        always: ExpertSet | None,
        choice: tuple[int, int, int],
        residual: Rows | None,
        out: Rows,
    ) -> None:
        """`choice`: addresses of chosen and weights, and top_k; out may not be `residual`."""
        chosen, weights, top_k = choice
        args = ExpertsArgs(
            x=x.address if x else None,
            experts=ctypes.addressof(routed.table) if routed else None,
            always=ctypes.addressof(always.table) if always else None,
            chosen=chosen,
            weights=weights,
            residual=residual.address if residual else None,
            out=out.address,
            residual_stride=residual.stride if residual else 0,
            out_stride=out.stride,
            num_experts=routed.count if routed else 0,
            num_always=always.count if always else 0,
            top_k=top_k if routed else 0,
            hidden=out.width,
            width=routed.width if routed else 0,
            always_width=always.width if always else 0,
            parts=self.parts,
            x_float=x_float.address,
            x_float_stride=x_float.stride,
        )
        self.keep(routed, always)
        self._add(OpKind.EXPERTS, args)

    def add(self, op: OpKind, args: Structure) -> None:
        """An op whose struct the caller has filled."""
        self._add(op, args)

    def end_section(self) -> None:
        """What was added since the last call can be run by itself."""
        self._library.pk_plan_end_section(self._handle)
        self.sections += 1

    def run(
        self, token_ids: Tensor, past: int, wanted: tuple[int, int], sections: tuple[int, int]
    ) -> None:
        """Run sections first … last - 1 over token_ids int64 [rows] behind `past` tokens.

        `wanted`: the first row whose logits are wanted, and how many rows.
        """
        done = self._library.pk_plan_run(
            self._handle,
            self._pool.handle,
            token_ids.data_ptr(),
            token_ids.shape[0],
            past,
            *wanted,
            *sections,
        )
        if not done:
            raise NativeLibraryError(
                said("The kernels refused a step: {why}.", why=error_of(self._library))
            )

    def _add(self, op: OpKind, args: Structure) -> None:
        size = ctypes.sizeof(args)
        if not self._library.pk_plan_add(self._handle, op, ctypes.byref(args), size):
            raise NativeLibraryError(
                said(
                    "The kernels refused {op}: {why}.",
                    op=op.name.lower(),
                    why=error_of(self._library),
                )
            )


def floats_view(rows: Rows, count: int) -> Tensor:
    """A float32 view [count, width] of rows in a plan's memory, valid as long as the plan."""
    buffer = (ctypes.c_float * (count * rows.stride)).from_address(rows.address)
    return torch.frombuffer(buffer, dtype=torch.float32).view(count, rows.stride)[:, : rows.width]


def _part(product: Product) -> LinearPart:
    bias, residual = product.bias, product.residual
    return LinearPart(
        weight=matrix_of(product.weight),
        out=product.out.address,
        bias=bias.address if bias else None,
        residual=residual.address if residual else None,
        out_stride=product.out.stride,
        residual_stride=residual.stride if residual else 0,
    )


def _free(pool: NativePool, handle: int) -> None:
    pool.quiesce()  # a late thread may still read the plan's memory
    pool.library.pk_plan_free(handle)
