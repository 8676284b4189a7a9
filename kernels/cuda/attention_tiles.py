"""Sizes that attention's kernels are launched with, as data for each target.

For: `attention.py`. On paper: no GPU was at hand to measure any of it.
"""

from __future__ import annotations

# Shared memory that a block may have, in KiB (CUDA C++ Programming Guide, technical
# specifications per compute capability).
_SHARED_KIB = {75: 64, 80: 163, 86: 99, 89: 99, 90: 227, 100: 227, 120: 99}
# Blocks that keep a card of the target busy while one token is decoded: two a multiprocessor of
# a common one (RTX 2070, A100, 3080, 4070 Ti, H100, B200, 5080).
_BUSY_BLOCKS = {75: 72, 80: 216, 86: 136, 89: 120, 90: 264, 100: 296, 120: 168}
# More splits than that cost more to merge than they bring.
_MOST_SPLITS = 64


def shared_bytes_of(target: int) -> int:
    """Shared memory that one block may have."""
    return _SHARED_KIB[target] << 10


def most_splits(target: int, blocks_a_row: int) -> int:
    """Parts that a row's context is cut into, at most, where a row has so many blocks for each.

    It may not depend on how many rows there are, or a row's bits would.
    """
    return min(_MOST_SPLITS, max(1, _BUSY_BLOCKS[target] // blocks_a_row))
