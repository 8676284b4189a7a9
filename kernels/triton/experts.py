"""Routed experts by Triton's kernels: sorted, multiplied, summed, without the host looking.

For: the backend beside this file, which mixes it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.contracts import Expert
from kernels.gpu.launching import Kernel, Kind, Parameter
from kernels.schemes.base import PackedTensor
from kernels.triton.formats import FLOATS, descriptor
from kernels.triton.products import (
    ProductOps,
    operand_kind,
    parameters,
    rows_of,
    tile_constants,
)
from kernels.triton.rows import RowOps
from kernels.triton.tiles import (
    ASSIGNMENTS,
    EXPERT_TOKENS,
    ROW_VALUES,
    Rows,
    Tile,
    expert_rows,
    gates_tile,
    product_tile,
)
from kernels.triton.views import begins_at_16_bytes, settled
from kernels.workspace import Workspace

_NOWHERE = (0, 0, 0, 0, 0, 0, 0, 0)
_SORTED = (Kind.I32_POINTER, "slots tile_expert")

COUNT_SLOTS = Kernel(
    "count_slots",
    parameters(
        (Kind.I64_POINTER, "chosen"),
        (Kind.I32_POINTER, "counts tile_expert"),
        (Kind.I32, "assignments top_k chosen_row tiles"),
    ),
    (("A", ASSIGNMENTS),),
)
WEIGHTED_SUM = Kernel(
    "weighted_sum",
    parameters(
        (Kind.F32_POINTER, "parts weights_of out"),
        (Kind.I32, "top_k columns weights_row out_row"),
    ),
    (("K", ROW_VALUES),),
)


def place_kernel(m: int) -> Kernel:
    """For tiles of `m` assignments."""
    return Kernel(
        "place_slots",
        parameters(
            (Kind.I64_POINTER, "chosen"),
            (Kind.I32_POINTER, "counts slots tile_expert"),
            (Kind.I32, "assignments top_k chosen_row"),
        ),
        (("A", ASSIGNMENTS), ("M", m)),
    )


def _grouped(name: str, scheme: str, tile: Tile, numbers: str) -> Kernel:
    taken: tuple[Parameter, ...] = parameters(
        (operand_kind(tile), "x"),
        (Kind.F32_POINTER, "powers"),
        (Kind.I64_POINTER, "table"),
        _SORTED,
        (Kind.F32_POINTER, "out"),
        (Kind.I32, numbers),
    )
    constants = tile_constants(scheme, tile)
    return Kernel(name, taken, constants, tile.num_warps, tile.num_stages)


def gates_kernel(scheme: str, tile: Tile) -> Kernel:
    """silu(gate(x)) · up(x)."""
    return _grouped("expert_gates", scheme, tile, "assignments top_k width hidden x_row")


def grouped_kernel(scheme: str, tile: Tile) -> Kernel:
    """One matrix of each expert."""
    numbers = "assignments shared which features columns x_row"
    return _grouped("expert_product", scheme, tile, numbers)


@dataclass(frozen=True)
class _Sorted:
    """Assignments of a call in tiles, and where each expert's three matrices lie."""

    table: Tensor
    slots: Tensor
    tile_expert: Tensor
    assignments: int
    top_k: int
    rows: Rows

    @property
    def tiles(self) -> int:
        return self.tile_expert.shape[0]


class ExpertOps(RowOps, ProductOps):
    """`experts` of `contracts.Backend`."""

    def experts(
        self,
        x: Tensor,
        experts: Mapping[int, Expert],
        chosen: Tensor,
        weights: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """Some hundred tokens at once. All experts of a call have the same three schemes."""
        for start in range(0, x.shape[0], EXPERT_TOKENS):
            some = slice(start, start + EXPERT_TOKENS)
            self._some_experts(x[some], experts, chosen[some], weights[some], out[some], work)

    def _some_experts(
        self,
        x: Tensor,
        experts: Mapping[int, Expert],
        chosen: Tensor,
        weights: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        one = next(iter(experts.values()))
        hidden = one.down.shape[0]
        rows, top_k = chosen.shape
        order = self._sort(chosen, experts, work)
        if one.gate.scheme.name == one.up.scheme.name not in FLOATS:
            middle = self._gates(x, one.gate, order, work)
        else:
            middle = self._gates_apart(x, one, order, work)
        parts = work.take("experts.parts", (rows * top_k, hidden), torch.float32)
        self._grouped(middle, one.down, order, (2, 1), parts, work)
        target = out
        if not begins_at_16_bytes(out):
            target = work.take("experts.out", (rows, hidden), torch.float32)
        weights = settled(weights)
        grid = (rows, -(-hidden // ROW_VALUES), 1)
        told = (top_k, hidden, weights.stride(0), target.stride(0))
        self._launch(WEIGHTED_SUM, grid, parts, weights, target, *told)
        if target is not out:
            out.copy_(target)

    def _sort(self, chosen: Tensor, experts: Mapping[int, Expert], work: Workspace) -> _Sorted:
        """Two launches, of a program for every expert up to the greatest id."""
        rows, top_k = chosen.shape
        assignments, kind = rows * top_k, rows_of(rows)
        if kind is Rows.MANY:
            kind = expert_rows(assignments // len(experts))
        gate = next(iter(experts.values())).gate
        m = gates_tile(self._launcher.target, kind, gate.scheme.name).m
        # An expert's last tile may hold one assignment alone.
        others = min(len(experts), assignments) * (m - 1)
        tiles = (assignments + others) // m
        count = max(experts) + 1
        counts = work.take("experts.counts", (count,), torch.int32)
        slots = work.take("experts.slots", (tiles * m,), torch.int32)
        tile_expert = work.take("experts.tiles", (tiles,), torch.int32)
        chosen = settled(chosen)
        told = (assignments, top_k, chosen.stride(0))
        self._launch(COUNT_SLOTS, (count, 1, 1), chosen, counts, tile_expert, *told, tiles)
        place = place_kernel(m)
        self._launch(place, (count, 1, 1), chosen, counts, slots, tile_expert, *told)
        table = self._expert_table(experts, count)
        return _Sorted(table, slots, tile_expert, assignments, top_k, kind)

    def _gates(self, x: Tensor, gate: PackedTensor, order: _Sorted, work: Workspace) -> Tensor:
        """silu(gate(x)) · up(x), float32 [assignments, width]."""
        width, hidden = gate.shape
        scheme = gate.scheme.name
        tile = gates_tile(self._launcher.target, order.rows, scheme)
        operand = self._operand(x.unsqueeze(1), tile.exact, work)
        middle = work.take("experts.middle", (order.assignments, width), torch.float32)
        self._launch(
            gates_kernel(scheme, tile),
            (order.tiles, -(-width // tile.n), 1),
            *(operand.values, operand.powers, order.table, order.slots, order.tile_expert),
            *(middle, order.assignments, order.top_k, width, hidden, operand.row),
        )
        return middle

    def _gates_apart(self, x: Tensor, one: Expert, order: _Sorted, work: Workspace) -> Tensor:
        """The same of floats, and where gate and up have different schemes."""
        shape = (order.assignments, one.gate.shape[0])
        middle = work.take("experts.middle", shape, torch.float32)
        ups = work.take("experts.ups", shape, torch.float32)
        for which, (weight, out) in enumerate(((one.gate, middle), (one.up, ups))):
            self._grouped(x, weight, order, (which, order.top_k), out, work)
        self.silu_mul(middle, ups, middle)
        return middle

    def _grouped(
        self,
        x: Tensor,
        weight: PackedTensor,
        order: _Sorted,
        which_shared: tuple[int, int],
        out: Tensor,
        work: Workspace,
    ) -> None:
        """out [assignments, features] = each assignment's row of x · its expert's `which`-th
        matrix; `shared` assignments have one row."""
        features, columns = weight.shape
        scheme, (which, shared) = weight.scheme.name, which_shared
        tile = product_tile(self._launcher.target, order.rows, scheme)
        operand = self._operand(x.unsqueeze(1), tile.exact, work)
        self._launch(
            grouped_kernel(scheme, tile),
            (order.tiles, -(-features // tile.n), 1),
            *(operand.values, operand.powers, order.table, order.slots, order.tile_expert),
            *(out, order.assignments, shared, which, features, columns, operand.row),
        )

    def _expert_table(self, experts: Mapping[int, Expert], count: int) -> Tensor:
        """Three descriptors for each id below `count`, zeros for those that nobody chose."""
        told = [_NOWHERE] * (3 * count)
        schemes = set()
        for index, expert in experts.items():
            matrices = (expert.gate, expert.up, expert.down)
            schemes.add(tuple(matrix.scheme.name for matrix in matrices))
            told[3 * index : 3 * index + 3] = map(descriptor, matrices)
        assert len(schemes) == 1, "experts of a layer have the same schemes"
        return self._kept(tuple(told))
