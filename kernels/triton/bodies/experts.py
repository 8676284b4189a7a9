"""Many experts in one launch: which expert each tile of tokens is of, its products, the sum.

An assignment is a token and one of its choices: token · top_k + choice. Assignments are
sorted by expert and cut into tiles of M, the last of each expert filled up; a tile reads one
expert's weights. Everything stays on the device: the grid is as large as it could need to be,
and tiles that nobody needs end at once. A table holds three descriptors (`panels`) an expert:
gate, up, down.
"""

import triton
import triton.language as tl

from kernels.triton.bodies.panels import matrix, weights
from kernels.triton.bodies.products import multiplied, restored, some_of

KERNELS = ("count_slots", "place_slots", "expert_gates", "expert_product", "weighted_sum")


@triton.jit
def _choice(chosen, chosen_row, assignment, assignments, top_k):
    """The experts of assignments, -1 behind the last."""
    at = assignment // top_k * chosen_row + assignment % top_k
    return tl.load(chosen + at, assignment < assignments, other=-1).to(tl.int32)


@triton.jit
def count_slots(
    chosen, counts, tile_expert, assignments, top_k, chosen_row, tiles, A: tl.constexpr
):
    """counts int32 [experts], a program each; tile_expert int32 [tiles] becomes -1."""
    expert = tl.program_id(0)
    lane = tl.arange(0, A)
    found = tl.zeros((A,), tl.int32)
    for first in range(0, assignments, A):
        choice = _choice(chosen, chosen_row, first + lane, assignments, top_k)
        found += (choice == expert).to(tl.int32)
    tl.store(counts + expert, tl.sum(found, 0))
    for first in range(expert * A, tiles, tl.num_programs(0) * A):
        tl.store(tile_expert + first + lane, -1, first + lane < tiles)


@triton.jit
def place_slots(
    chosen, counts, slots, tile_expert, assignments, top_k, chosen_row,
    A: tl.constexpr, M: tl.constexpr,
):  # fmt: skip
    """slots int32 [tiles, M]: assignments in their own order, or `assignments` where none is;
    tile_expert where there are some. A program an expert."""
    expert = tl.program_id(0)
    lane = tl.arange(0, A)
    before = tl.zeros((A,), tl.int32)
    for first in range(0, expert, A):
        count = tl.load(counts + first + lane, first + lane < expert, other=0)
        before += (count + M - 1) // M
    own = tl.load(counts + expert)
    first_tile, own_tiles = tl.sum(before, 0), (own + M - 1) // M
    slots += first_tile * M
    placed = own * 0
    for first in range(0, assignments, A):
        choice = _choice(chosen, chosen_row, first + lane, assignments, top_k)
        here = (choice == expert).to(tl.int32)
        tl.store(slots + placed + tl.cumsum(here, 0) - 1, first + lane, here == 1)
        placed += tl.sum(here, 0)
    rest = own + tl.arange(0, M)
    tl.store(slots + rest, tl.zeros((M,), tl.int32) + assignments, rest < own_tiles * M)
    for first in range(0, own_tiles, A):
        tile = first + lane
        tl.store(tile_expert + first_tile + tile, expert, tile < own_tiles)


@triton.jit
def expert_gates(
    x, powers, table, slots, tile_expert, out, assignments, top_k, width, hidden, x_row,
    SCHEME: tl.constexpr, EXACT: tl.constexpr,
    M: tl.constexpr, N: tl.constexpr, K: tl.constexpr,
):  # fmt: skip
    """out float32 [assignments, width] = silu(gate(x)) · up(x); x [tokens, hidden].

    Grid: tiles of assignments, tiles of width.
    """
    expert = tl.load(tile_expert + tl.program_id(0))
    if expert >= 0:
        n = tl.program_id(1) * N + tl.arange(0, N)
        slot = tl.load(slots + tl.program_id(0) * M + tl.arange(0, M))
        valid, row = slot < assignments, slot // top_k
        gate, gate_stride, gate_scales, gate_tiles, gate_first = matrix(table, expert * 3)
        up, up_stride, up_scales, up_tiles, up_first = matrix(table, expert * 3 + 1)
        gates, ups = tl.zeros((M, N), tl.float32), tl.zeros((M, N), tl.float32)
        for k0 in range(0, hidden, K):
            values = some_of(x, row, valid, x_row, k0, hidden, EXACT, K)
            w = weights(
                gate, gate_stride, gate_scales, gate_tiles, gate_first, width, hidden, n, k0,
                SCHEME, K,
            )  # fmt: skip
            gates = multiplied(values, w, gates, EXACT)
            w = weights(
                up, up_stride, up_scales, up_tiles, up_first, width, hidden, n, k0, SCHEME, K
            )
            ups = multiplied(values, w, ups, EXACT)
        gates = restored(gates, powers, row, valid, EXACT)
        ups = restored(ups, powers, row, valid, EXACT)
        mask = valid[:, None] & (n < width)[None, :]
        at = slot.to(tl.int64)[:, None] * width + n[None, :]
        tl.store(out + at, gates / (1 + tl.exp(-gates)) * ups, mask)


@triton.jit
def expert_product(
    x, powers, table, slots, tile_expert, out, assignments, shared, which, features, columns,
    x_row,
    SCHEME: tl.constexpr, EXACT: tl.constexpr,
    M: tl.constexpr, N: tl.constexpr, K: tl.constexpr,
):  # fmt: skip
    """out float32 [assignments, features] = x · Wᵀ, W an expert's `which`-th matrix. `shared`
    assignments that follow one another have one row of x.

    Grid: tiles of assignments, tiles of features.
    """
    expert = tl.load(tile_expert + tl.program_id(0))
    if expert >= 0:
        n = tl.program_id(1) * N + tl.arange(0, N)
        slot = tl.load(slots + tl.program_id(0) * M + tl.arange(0, M))
        valid, row = slot < assignments, slot // shared
        address, stride, scales, scale_stride, first_row = matrix(table, expert * 3 + which)
        sums = tl.zeros((M, N), tl.float32)
        for k0 in range(0, columns, K):
            values = some_of(x, row, valid, x_row, k0, columns, EXACT, K)
            w = weights(
                address, stride, scales, scale_stride, first_row, features, columns, n, k0,
                SCHEME, K,
            )  # fmt: skip
            sums = multiplied(values, w, sums, EXACT)
        sums = restored(sums, powers, row, valid, EXACT)
        mask = valid[:, None] & (n < features)[None, :]
        tl.store(out + slot.to(tl.int64)[:, None] * features + n[None, :], sums, mask)


@triton.jit
def weighted_sum(parts, weights_of, out, top_k, columns, weights_row, out_row, K: tl.constexpr):
    """out [rows, columns] = Σ_k weights_of [rows, top_k] · parts [rows, top_k, columns], in
    the order of top_k. Grid: rows, tiles of columns."""
    row = tl.program_id(0).to(tl.int64)
    k = tl.program_id(1) * K + tl.arange(0, K)
    mask = k < columns
    total = tl.zeros((K,), tl.float32)
    for choice in range(0, top_k):
        part = tl.load(parts + (row * top_k + choice) * columns + k, mask, other=0)
        total += tl.load(weights_of + row * weights_row + choice) * part
    tl.store(out + row * out_row + k, total, mask)
