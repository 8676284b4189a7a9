"""IQ2_XXS: points of an 8-value lattice, even signs, a 4-bit scale for 32 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import double_words, half, spread
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.lattices import even_signs, points
from kernels.schemes.super_blocks import SuperBlockScheme


class IQ2_XXS(ScaledGroups, SuperBlockScheme):
    """d; for each 32 values 4 bytes of codes, then 4 × 7 bits of signs and the scale."""

    name = "IQ2_XXS"
    block_bytes = 66

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        pairs = blocks[:, 2:].reshape(-1, 8, 8)
        packed = double_words(blocks, 2, 66)[:, 1::2]
        scales = half(blocks, 0) * ((packed >> 28).to(torch.float32) + 0.5) * 0.25
        values = points("iq2xxs", pairs[:, :, :4].reshape(-1, 32))
        return values * even_signs(spread(packed, 7, 4)), scales
