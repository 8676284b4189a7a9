"""Random weights that are valid in their scheme: for `benchmarks.shapes`, nothing else.

Codes are random bytes; scales are set so that values have a standard deviation of about
0.02, or activations would grow from layer to layer until they overflow.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from gguf import GGMLQuantizationType as Scheme
from numpy.typing import NDArray

# Values and bytes of one block (GGUF's specification of each scheme).
BLOCKS = {
    Scheme.Q4_K: (256, 144),
    Scheme.Q6_K: (256, 210),
    Scheme.Q5_0: (32, 22),
    Scheme.Q8_0: (32, 34),
}
# Where a block keeps its 16-bit scales, and what they are set to. Q4_K has two: 6-bit scales
# and minima, both random with a mean of 31.5, so that codes (mean 7.5) centre on zero.
SCALES = {
    Scheme.Q4_K: {0: 1.0e-4, 2: 7.5e-4},
    Scheme.Q6_K: {208: 1.2e-4},
    Scheme.Q5_0: {0: 2.2e-3},
    Scheme.Q8_0: {0: 2.7e-4},
}
Q6_K_GROUP_SCALES = slice(192, 208)
# Larger than any cache, and drawn in seconds where 10 GB would take minutes.
POOL_BYTES = 96 << 20
ROUTER_STD, BIAS_STD = 0.05, 0.01


class RandomWeights:
    """Draws tensors; the same seed and order give the same bytes."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._pools: dict[Scheme, NDArray[np.uint8]] = {}

    def pieces(self, name: str, scheme: Scheme, size_bytes: int) -> Iterator[memoryview]:
        """A tensor's data in order."""
        if scheme == Scheme.F32:
            yield self._floats(name, size_bytes // 4).data
            return
        pool = self._pool(scheme)
        left = size_bytes // BLOCKS[scheme][1]
        while left:
            start = int(self._random.integers(len(pool) // 2))
            piece = pool[start : start + left]
            left -= len(piece)
            yield piece.data

    def _floats(self, name: str, count: int) -> NDArray[np.float32]:
        if "norm" in name:
            return np.ones(count, np.float32)
        std = ROUTER_STD if "gate_inp" in name else BIAS_STD
        return self._random.standard_normal(count, np.float32) * np.float32(std)

    def _pool(self, scheme: Scheme) -> NDArray[np.uint8]:
        """Blocks [count, bytes] that tensors are cut from."""
        if scheme not in self._pools:
            self._pools[scheme] = self._draw(scheme)
        return self._pools[scheme]

    def _draw(self, scheme: Scheme) -> NDArray[np.uint8]:
        size = BLOCKS[scheme][1]
        count = POOL_BYTES // size
        blocks = self._random.integers(0, 256, (count, size), np.uint8)
        for at, scale in SCALES[scheme].items():
            blocks[:, at : at + 2] = np.frombuffer(np.float16(scale).tobytes(), np.uint8)
        if scheme == Scheme.Q6_K:
            signed = self._random.integers(-16, 16, (count, 16), np.int8)
            blocks[:, Q6_K_GROUP_SCALES] = signed.view(np.uint8)
        return blocks
