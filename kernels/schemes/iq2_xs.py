"""IQ2_XS: points of an 8-value lattice, even signs, a 4-bit scale for 16 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, scaled, spread, words
from kernels.schemes.lattices import even_signs, points
from kernels.schemes.super_blocks import SuperBlockScheme


class IQ2_XS(SuperBlockScheme):
    """d, 32 codes (9 bits, then 7 of signs), 8 bytes of scales."""

    name = "IQ2_XS"
    block_bytes = 74

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        codes = words(blocks, 2, 66)
        nibbles = spread(blocks[:, 66:74], 4, 2).to(torch.float32)
        scales = half(blocks, 0) * (nibbles + 0.5) * 0.25
        return scaled(points("iq2xs", codes & 511), scales).mul_(even_signs(codes >> 9))
