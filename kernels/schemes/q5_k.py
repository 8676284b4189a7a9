"""Q5_K: 8 groups of 32 values, 6-bit scales and minima, codes of 5 bits."""

from __future__ import annotations

from torch import Tensor

from kernels.schemes.bits import half, nibbles, planes, scaled_from
from kernels.schemes.super_blocks import SuperBlockScheme, scales_and_minima


class Q5_K(SuperBlockScheme):
    """d, dmin, 12 bytes of scales and minima, 32 of fifth bits, 128 of nibbles."""

    name = "Q5_K"
    block_bytes = 176

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        scales, minima = scales_and_minima(blocks[:, 4:16])
        codes = nibbles(blocks[:, 48:], 32) | (planes(blocks[:, 16:48], 1, 32) << 4)
        return scaled_from(codes, half(blocks, 0) * scales, half(blocks, 2) * minima)
