"""Routed experts by CUDA's kernels.

For: `backend.CudaBackend`, which mixes it in. Up to 8 rows of a mix that files have go in one
launch (csrc/experts_fused.cu); all else is listed by expert and goes a product a launch, more than
8 rows on tensor cores (csrc/experts.cu, many.cu). The host looks at nothing that was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.contracts import MAX_INVARIANT_ROWS, Expert
from kernels.cuda import kernels
from kernels.cuda.expert_tables import ExpertTables, MatrixTable
from kernels.cuda.kernels import (
    CHUNKS,
    FEW_PAIRS,
    FUSED,
    GROUPS,
    MOST_EXPERTS,
    ROWS,
    TILE_TOKENS,
    TILE_WARPS,
)
from kernels.cuda.operands import aligned, write_aligned
from kernels.cuda.products import ProductOps, Rounded, activation_block
from kernels.workspace import Workspace

_THREADS = 256
_FUSED_THREADS = 128
_MOST_PAIRS = 1 << 15  # of a run: pairs are listed by one block
_SHIMS_MULTIPROCESSORS = 1  # tensors of the processor: the shim's blocks share one core


@dataclass(frozen=True)
class _Call:
    """Rows of one run, their choice, and where each expert lies. `chosen` and `weights` are
    contiguous."""

    x: Tensor
    tables: ExpertTables
    chosen: Tensor
    weights: Tensor

    @property
    def rows(self) -> int:
        return self.chosen.shape[0]

    @property
    def top_k(self) -> int:
        return self.chosen.shape[1]

    @property
    def pairs(self) -> int:
        return self.chosen.numel()


@dataclass(frozen=True)
class _Lists:
    """Pairs by expert, `most` in a list at most; `bound`: there are no more lists than this."""

    expert: Tensor
    count: Tensor
    pairs: Tensor
    lists: Tensor
    most: int
    bound: int

    @property
    def arguments(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.expert, self.count, self.pairs, self.lists


class ExpertOps(ProductOps):
    """`experts` of `contracts.Backend`."""

    _meeting: Tensor | None = None

    def experts(
        self,
        x: Tensor,
        experts: Mapping[int, Expert],
        chosen: Tensor,
        weights: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """All experts of a layer have the same schemes and shapes; an `ExpertTables` is used as
        it is, of any other mapping tables are made."""
        if not chosen.numel():
            out.zero_()
            return
        tables = experts if isinstance(experts, ExpertTables) else ExpertTables(experts, x.device)
        if tables.count > MOST_EXPERTS:
            raise ValueError(f"expert {tables.count - 1} is beyond the {MOST_EXPERTS} of a layer")
        step = max(1, _MOST_PAIRS // chosen.shape[1])
        for first in range(0, x.shape[0], step):
            some = slice(first, first + step)
            call = _Call(
                aligned(x[some], "cuda.x", work),
                tables,
                aligned(chosen[some].contiguous(), "cuda.chosen", work),
                aligned(weights[some].contiguous(), "cuda.weights", work),
            )
            with write_aligned(out[some], "cuda.out", work) as target:
                self._run(call, target, work)

    def _run(self, call: _Call, out: Tensor, work: Workspace) -> None:
        tables = call.tables
        mix = (tables.gate.scheme_name, tables.down.scheme_name)
        alike = (tables.gate.scheme_name, tables.gate.panel_bytes) == (
            tables.up.scheme_name,
            tables.up.panel_bytes,
        )
        few = call.rows <= MAX_INVARIANT_ROWS and call.pairs <= FEW_PAIRS
        if few and alike and mix in FUSED:
            self._fused(call, out, work)
        else:
            self._by_product(call, out, work)

    def _fused(self, call: _Call, out: Tensor, work: Workspace) -> None:
        gate, down, parts = call.tables.gate, call.tables.down, 2 if self._precise else 1
        hidden, width, pairs = gate.columns, gate.features, call.pairs
        of_x = Rounded.taken("cuda.rounded", call.rows, hidden, parts, work)
        of_h = Rounded.taken("cuda.rounded_h", pairs, width, parts, work)
        h = work.take("cuda.h", (pairs, width), torch.float32)
        products = work.take("cuda.products", (pairs, hidden), torch.float32)
        names = (gate.scheme_name.lower(), down.scheme_name.lower())
        arguments = (
            *(call.x, call.x.stride(0), call.rows, call.top_k, hidden, width),
            *(call.chosen, call.weights),
            *(gate.addresses, call.tables.up.addresses, down.addresses),
            *(gate.panel_bytes, down.panel_bytes),
            *(activation_block(hidden), activation_block(width), parts),
            *(*of_x.tensors, *of_h.tensors, h, products, out, out.stride(0), self._meeting_at(out)),
        )
        kernel = kernels.fused_experts(*names, call.rows)
        grid = (self._expert_blocks(call), 1, 1)
        self._launch(kernel, grid, _FUSED_THREADS, *arguments, cooperative=True)

    def _expert_blocks(self, call: _Call) -> int:
        """As many as are there at once, and no more than the widest phase has work for."""
        one, few = self._tiles.expert_blocks
        resident = (one if call.rows == 1 else few) * _multiprocessors(call.x.device)
        widest = max(call.tables.gate.features, call.tables.down.features)
        return min(resident, call.pairs * -(-widest // ROWS))

    def _meeting_at(self, out: Tensor) -> Tensor:
        """The barrier's state: zero at first, and left as the next launch wants it."""
        if self._meeting is None:
            self._meeting = torch.zeros(2, dtype=torch.int32, device=out.device)
        return self._meeting

    def _by_product(self, call: _Call, out: Tensor, work: Workspace) -> None:
        tables, pairs = call.tables, call.pairs
        gate = work.take("cuda.gate", (pairs, tables.gate.features), torch.float32)
        up = work.take("cuda.up", gate.shape, torch.float32)
        products = work.take("cuda.products", (pairs, tables.down.features), torch.float32)
        lists: dict[int, _Lists] = {}
        self._product(call, tables.gate, lists, call.x, gate, work)
        self._product(call, tables.up, lists, call.x, up, work)
        self._silu_mul(gate, up, gate)
        self._product(call, tables.down, lists, gate, products, work)
        width = tables.down.features
        grid = (-(-width // _THREADS), call.rows, 1)
        numbers = (call.top_k, width)
        given = (products, call.weights, *numbers, out, out.stride(0))
        self._launch(kernels.WEIGHTED_SUM, grid, _THREADS, *given)

    def _product(
        self,
        call: _Call,
        table: MatrixTable,
        listed: dict[int, _Lists],
        x: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """x by row or by pair → out [pairs, features]. `listed`: of this call, by length."""
        name, scheme = table.scheme_name.lower(), table.scheme_name
        quantized = scheme in GROUPS
        many = quantized and call.rows > MAX_INVARIANT_ROWS
        most = TILE_TOKENS if many else MAX_INVARIANT_ROWS
        lists = listed[most] if most in listed else self._list(call, most, work)
        listed[most] = lists
        divide = call.pairs // x.shape[0]
        where = (table.addresses, table.panel_bytes, table.features, divide, *lists.arguments)
        panels = -(-table.features // ROWS)
        if quantized:
            rounded = self._round(x, "cuda.rounded", work)
            kernel = kernels.expert_product(name, many)
            given: tuple[Tensor | int, ...] = rounded.arguments
            per_block, warps = (TILE_WARPS, TILE_WARPS) if many else (1, self._warps(table))
        else:
            kernel, per_block, warps = kernels.float_expert_product(name), 1, self._warps(table)
            given = (x, x.stride(0), table.columns)
        grid = (-(-panels // per_block), lists.bound, 1)
        self._launch(kernel, grid, 32 * warps, *where, *given, out)

    def _warps(self, table: MatrixTable) -> int:
        """As the fused launch has: the same bits whichever way a row goes."""
        if table.scheme_name in GROUPS:
            return _FUSED_THREADS // 32
        return self._tiles.warps(-(-table.columns // CHUNKS[table.scheme_name]))

    def _list(self, call: _Call, most: int, work: Workspace) -> _Lists:
        pairs, experts = call.pairs, call.tables.count
        bound = min(pairs, experts + pairs // most)
        lists = _Lists(
            work.take(f"cuda.list.expert.{most}", (bound,), torch.int32),
            work.take(f"cuda.list.count.{most}", (bound,), torch.int32),
            work.take(f"cuda.list.pairs.{most}", (bound, most), torch.int32),
            work.take(f"cuda.list.lists.{most}", (1,), torch.int32),
            most,
            bound,
        )
        given = (call.chosen, pairs, experts, most, *lists.arguments)
        self._launch(kernels.LIST_PAIRS, (1, 1, 1), _THREADS, *given)
        return lists


def _multiprocessors(device: torch.device) -> int:
    if device.type != "cuda":
        return _SHIMS_MULTIPROCESSORS
    return int(torch.cuda.get_device_properties(device).multi_processor_count)
