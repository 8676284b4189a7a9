"""One plan for ops that are asked for one at a time: each weight gets a section of its own.

For: `backend`. Buffers are shared by all ops of a width, so that memory grows with the widest
op and not with the number of weights. A section holds its weight, so that an address means
that weight as long as the plan lives. Not for models that can be planned whole: their
activations are copied in and out for each op.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from kernels.contracts import Expert, RouterRule
from kernels.cpu.formats import is_float, matrix_of
from kernels.cpu.plan import (
    ExpertSet,
    NativePlan,
    Product,
    Quantized,
    Rows,
    expert_set,
    floats_view,
)
from kernels.cpu.pool import NativePool
from kernels.cpu.structs import ExpertWeights
from kernels.schemes.base import PackedTensor

# The most rows of one run; longer inputs are cut. Enough that products are bound by arithmetic,
# few enough that the logits of a large vocabulary take 80 MB.
MAX_ROWS = 128
# Sections of a plan before it is thrown away: several times what the largest models have.
MOST_SECTIONS = 4096


@dataclass(frozen=True)
class Buffer:
    """Rows of a plan's memory and the same as a tensor [MAX_ROWS, width]."""

    rows: Rows
    view: Tensor


@dataclass(frozen=True)
class ChoiceMemory:
    """Chosen experts int32 and weights float32, both [MAX_ROWS · top_k]."""

    chosen: Tensor
    weights: Tensor

    @property
    def addresses(self) -> tuple[int, int]:
        """Of the chosen and of the weights."""
        return self.chosen.data_ptr(), self.weights.data_ptr()


@dataclass
class Section:
    """An op that was recorded: its number, where it reads and where it writes."""

    number: int
    x: Buffer | None
    out: Buffer | None
    choice: ChoiceMemory | None = None
    table: ExpertSet | None = None
    holds: list[Expert] = field(default_factory=list)


class Sections:
    """Sections by what was asked for; recorded when they are first asked for."""

    def __init__(self, pool: NativePool, level: str, *, precise: bool) -> None:
        self._pool = pool
        self._plan = NativePlan(pool, MAX_ROWS, level, precise=precise)
        self._known: dict[Hashable, Section] = {}
        self._buffers: dict[tuple[str, int], Buffer] = {}
        self._quantized: dict[int, Quantized] = {}
        self._no_tokens = torch.zeros(MAX_ROWS, dtype=torch.int64)

    @property
    def full(self) -> bool:
        """Whether a new plan should take over."""
        return self._plan.sections >= MOST_SECTIONS

    def run(self, section: Section, rows: int, token_ids: Tensor | None = None) -> None:
        """One section over its buffers."""
        tokens = self._no_tokens[:rows] if token_ids is None else token_ids
        self._plan.run(tokens, 0, (0, rows), (section.number, section.number + 1))

    def linear(self, weight: PackedTensor) -> Section:
        """out = x · weightᵀ."""
        return self._get(("linear", _identity(weight)), lambda: self._linear(weight))

    def embedding(self, table: PackedTensor) -> Section:
        """out = rows of the table, by token id."""
        return self._get(("embedding", _identity(table)), lambda: self._embedding(table))

    def rms_norm(self, weight: Tensor, eps: float) -> Section:
        """out = the norm of x; `weight` float32, contiguous."""
        return self._get(
            ("rms_norm", weight.data_ptr(), weight.shape[0], eps),
            lambda: self._rms_norm(weight, eps),
        )

    def router(self, experts: int, bias: Tensor | None, rule: RouterRule) -> Section:
        """From logits x to the choice; `bias` float32, contiguous."""
        key = ("router", experts, None if bias is None else bias.data_ptr(), rule)
        return self._get(key, lambda: self._router(experts, bias, rule))

    def experts(self, some: Mapping[int, Expert], ids: Iterable[int], top_k: int) -> Section:
        """The mixture over these experts, which take the numbers 0, 1, … in this order."""
        chosen = [some[index] for index in ids]
        kinds = {_kind(expert): expert for expert in chosen}
        slots = 1 << (max(len(chosen), len(kinds), top_k) - 1).bit_length()
        key = ("experts", frozenset(kinds), slots, top_k)
        section = self._get(key, lambda: self._experts(list(kinds.values()), slots, top_k))
        assert section.table is not None
        # A thread that was taken off its core may still read the table.
        self._pool.quiesce()
        for slot, expert in enumerate(chosen):
            section.table.table[slot] = _matrices(expert)
        section.holds = chosen
        return section

    def _get(self, key: Hashable, record: Callable[[], Section]) -> Section:
        section = self._known.get(key)
        if section is None:
            # Recording moves what a late thread may still look at.
            self._pool.quiesce()
            # Tensors made in inference mode could not be written outside it later.
            with torch.inference_mode(False):
                section = record()
            self._plan.end_section()
            self._known[key] = section
        return section

    def _linear(self, weight: PackedTensor) -> Section:
        features, columns = weight.shape
        x, out = self._buffer("x", columns), self._buffer("out", features)
        quantized = None
        if not is_float(weight.scheme.name):
            quantized = self._quantized_rows(columns)
            self._plan.norm(x.rows, None, 0.0, q=quantized)
        self._plan.linear(quantized, x.rows, [Product(weight, out.rows)])
        return Section(self._plan.sections, x, out)

    def _embedding(self, table: PackedTensor) -> Section:
        out = self._buffer("out", table.shape[1])
        self._plan.embedding(table, out.rows)
        return Section(self._plan.sections, None, out)

    def _rms_norm(self, weight: Tensor, eps: float) -> Section:
        width = weight.shape[0]
        x, out = self._buffer("x", width), self._buffer("out", width)
        self._plan.keep(weight)
        self._plan.norm(x.rows, Rows(weight.data_ptr(), width, width), eps, y=out.rows)
        return Section(self._plan.sections, x, out)

    def _router(self, experts: int, bias: Tensor | None, rule: RouterRule) -> Section:
        x, choice = self._buffer("x", experts), self._choice(rule.top_k)
        self._plan.keep(bias)
        biases = None if bias is None else Rows(bias.data_ptr(), experts, experts)
        self._plan.router(x.rows, biases, rule, *choice.addresses)
        return Section(self._plan.sections, x, None, choice)

    def _experts(self, kinds: list[Expert], slots: int, top_k: int) -> Section:
        """A table of `slots`, for the time being filled with one expert of each kind."""
        table = expert_set([kinds[slot % len(kinds)] for slot in range(slots)])
        hidden = kinds[0].gate.shape[1]
        x, out, choice = (
            self._buffer("x", hidden),
            self._buffer("out", hidden),
            self._choice(top_k),
        )
        quantized = None
        if table.takes_quantized:
            quantized = self._quantized_rows(hidden)
            self._plan.norm(x.rows, None, 0.0, q=quantized)
        self._plan.experts(
            quantized, x.rows, table, None, (*choice.addresses, top_k), None, out.rows
        )
        return Section(self._plan.sections, x, out, choice, table)

    def _buffer(self, role: str, width: int) -> Buffer:
        made = self._buffers.get((role, width))
        if made is None:
            rows = self._plan.rows(width)
            made = Buffer(rows, floats_view(rows, MAX_ROWS))
            self._buffers[role, width] = made
        return made

    def _quantized_rows(self, width: int) -> Quantized:
        made = self._quantized.get(width)
        if made is None:
            made = self._quantized[width] = self._plan.quantized(width)
        return made

    def _choice(self, top_k: int) -> ChoiceMemory:
        count = MAX_ROWS * top_k
        chosen = (ctypes.c_int32 * count).from_address(self._plan.memory(count * 4))
        weights = (ctypes.c_float * count).from_address(self._plan.memory(count * 4))
        return ChoiceMemory(
            torch.frombuffer(chosen, dtype=torch.int32),
            torch.frombuffer(weights, dtype=torch.float32),
        )


def _identity(weight: PackedTensor) -> Hashable:
    panels = weight.buffers["panels"]
    return weight.scheme.name, weight.shape, panels.data_ptr(), panels.stride()


def _kind(expert: Expert) -> Hashable:
    return tuple((part.scheme.name, part.shape) for part in (expert.gate, expert.up, expert.down))


def _matrices(expert: Expert) -> ExpertWeights:
    return ExpertWeights(*map(matrix_of, (expert.gate, expert.up, expert.down)))
