"""IQ2_XS: points of an 8-value lattice, even signs, a 4-bit scale for 16 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, spread, words
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.lattices import even_signs, points
from kernels.schemes.super_blocks import SuperBlockScheme


class IQ2_XS(ScaledGroups, SuperBlockScheme):
    """d, 32 codes (9 bits, then 7 of signs), 8 bytes of scales."""

    name = "IQ2_XS"
    block_bytes = 74

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        codes = words(blocks, 2, 66)
        nibbles = spread(blocks[:, 66:74], 4, 2).to(torch.float32)
        scales = half(blocks, 0) * (nibbles + 0.5) * 0.25
        return points("iq2xs", codes & 511) * even_signs(codes >> 9), scales
