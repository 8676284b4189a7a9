"""Tiles of products, as data: a table for each target.

For: `products`, `experts`, and the catalogue of what is built ahead of time. Read from the
compiled kernels' registers, spills and shared memory, and never timed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from kernels.triton.formats import FLOATS


class Rows(Enum):
    """How many rows a product has of one matrix: 1 to 8, some (of an expert), or many."""

    FEW = "few"
    SOME = "some"
    MANY = "many"


@dataclass(frozen=True)
class Tile:
    """Rows of activations, rows of a matrix, and columns of a step; how that is compiled.

    `exact`: operands are float32.
    """

    m: int
    n: int
    k: int
    num_warps: int = 4
    num_stages: int = 2
    exact: bool = False


# One tile of rows, whatever their number, so that a row's bits are its own. As reading the
# weights is all that costs, nothing is rounded.
_FEW = Tile(16, 64, 64, num_warps=8, exact=True)
_SOME = Tile(32, 64, 64)
# Cards with 99 KiB of shared memory for a block, and so many fewer registers for an operation of
# tensor cores (8.6, 8.9, 12.0), take smaller tiles than 8.0, 9.0 and 10.0.
_SMALL, _LARGE = Tile(64, 64, 64, num_warps=8), Tile(128, 64, 64, num_warps=8)
_MANY = {80: _LARGE, 86: _SMALL, 89: _SMALL, 90: _LARGE, 100: _LARGE, 120: _SMALL}
# What spills there with the tile of all others: more stages or warps, or less width, and it fits.
_DEEPER = replace(_LARGE, num_stages=3)
_MANY_OF = {
    **dict.fromkeys([(80, "Q5_K_P16"), (80, "Q4_1_P16")], _DEEPER),
    (100, "BF16_P16"): replace(_LARGE, n=32),
}
_SOME_GATES_OF = {
    (80, "FP8_E4M3_128"): replace(_SOME, num_warps=8),
    (90, "IQ4_NL_P16"): replace(_SOME, num_stages=3),
}
# Two sums at once: narrower ones where these would spill.
_SMALL_GATES, _NARROW_GATES = replace(_SMALL, n=32), replace(_LARGE, n=32)
_MANY_GATES = {
    **dict.fromkeys((86, 89, 120), _SMALL_GATES),
    **{80: _NARROW_GATES, 90: _LARGE, 100: _LARGE},
}
_MANY_GATES_OF = dict.fromkeys(
    [(80, "Q4_1_P16"), (80, "MXFP4_P16")], replace(_NARROW_GATES, num_stages=3)
)
# Steps are of 128 columns, as each has one scale.
_SMALL_FP8, _LARGE_FP8 = Tile(64, 64, 128), Tile(128, 64, 128, num_warps=8)
_FP8 = {89: _SMALL_FP8, 90: _LARGE_FP8, 100: _LARGE_FP8, 120: _SMALL_FP8}
TARGETS = tuple(_MANY)
_SOME_TOKENS = 32


def product_tile(target: int, rows: Rows, scheme: str) -> Tile:
    """F32, BF16 and F16 are multiplied as they are, in shorter steps."""
    many = _MANY_OF.get((target, scheme), _MANY[target])
    tile = {Rows.FEW: _FEW, Rows.SOME: _SOME, Rows.MANY: many}[rows]
    if scheme in FLOATS and rows is not Rows.FEW:
        return replace(tile, k=32, num_warps=8, exact=True)
    return tile


def gates_tile(target: int, rows: Rows, scheme: str) -> Tile:
    """Of an expert's gate and up at once; as many rows as `product_tile` has, for any scheme."""
    some = _SOME_GATES_OF.get((target, scheme), _SOME)
    many = _MANY_GATES_OF.get((target, scheme), _MANY_GATES[target])
    return {Rows.FEW: _FEW, Rows.SOME: some, Rows.MANY: many}[rows]


def expert_rows(tokens: int) -> Rows:
    """Of more than 8 rows in all, of which an expert has so many on average."""
    return Rows.SOME if tokens <= _SOME_TOKENS else Rows.MANY


def fp8_tile(target: int) -> Tile | None:
    """For many rows, with FP8 operands, where tensor cores take them."""
    return _FP8.get(target)


# Columns that a program of the row-wise kernels takes, and assignments of the sorting ones.
ROW_VALUES = 1024
ASSIGNMENTS = 256
# Tokens whose experts are computed at once: their parts are float32 [tokens, top_k, hidden].
EXPERT_TOKENS = 512
