"""Q4_K: 8 groups of 32 values, 6-bit scales and minima, codes of 4 bits."""

from __future__ import annotations

from torch import Tensor

from kernels.schemes.bits import half, nibbles, scaled_from
from kernels.schemes.super_blocks import SuperBlockScheme, scales_and_minima


class Q4_K(SuperBlockScheme):
    """d, dmin, 12 bytes of scales and minima, 128 of codes."""

    name = "Q4_K"
    block_bytes = 144

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        scales, minima = scales_and_minima(blocks[:, 4:16])
        codes = nibbles(blocks[:, 16:], 32)
        return scaled_from(codes, half(blocks, 0) * scales, half(blocks, 2) * minima)
