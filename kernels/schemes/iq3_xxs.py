"""IQ3_XXS: points of a 4-value lattice, even signs, a 4-bit scale for 32 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import double_words, half, spread
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.lattices import even_signs, points
from kernels.schemes.super_blocks import SuperBlockScheme


class IQ3_XXS(ScaledGroups, SuperBlockScheme):
    """d, 64 bytes of codes, then 8 words of 4 × 7 bits of signs and the scale."""

    name = "IQ3_XXS"
    block_bytes = 98

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        packed = double_words(blocks, 66, 98)
        scales = half(blocks, 0) * ((packed >> 28).to(torch.float32) + 0.5) * 0.5
        values = points("iq3xxs", blocks[:, 2:66])
        return values * even_signs(spread(packed, 7, 4)), scales
