"""How CUDA's kernels are cut up for each target: data, not numbers spread in code.

For: the ops beside this file. Keys are compute capabilities as 10 · major + minor. None of
these was measured on a GPU: they follow from registers, shared memory and how many bytes must
be on their way to keep a card's memory busy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tiles:
    """Of one target.

    `most_warps` share one panel of a product of few rows, each taking at least `rounds` rounds
    of eight groups. `expert_blocks`: blocks of a multiprocessor that stay for all of a fused
    launch of experts, with one row and with several; the kernels' launch bounds promise room
    for so many (csrc/experts_fused.cu).
    """

    most_warps: int
    rounds: int
    expert_blocks: tuple[int, int]

    def warps(self, groups: int) -> int:
        """Of a block, for so many groups of a row; never of how many rows there are."""
        rounds = -(-groups // 8)
        return max(1, min(self.most_warps, rounds // self.rounds))


_SMALL = Tiles(most_warps=4, rounds=4, expert_blocks=(4, 3))  # sm_75: 32 warps a multiprocessor
_LARGE = Tiles(most_warps=8, rounds=2, expert_blocks=(4, 3))
# Blackwell's compiler takes more registers for several rows.
_BLACKWELL = Tiles(most_warps=8, rounds=2, expert_blocks=(4, 2))
TILES: Mapping[int, Tiles] = {
    75: _SMALL,
    80: _LARGE,
    86: _LARGE,
    89: _LARGE,
    90: _LARGE,
    100: _BLACKWELL,
    120: _BLACKWELL,
}
