"""Q2_K: 16 groups of 16 values, 4-bit scales and minima, codes of 2 bits."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, planes
from kernels.schemes.grouped import AffineGroups
from kernels.schemes.super_blocks import SuperBlockScheme


class Q2_K(AffineGroups, SuperBlockScheme):
    """16 bytes of scales (low nibble) and minima (high), 64 of codes, d, dmin."""

    name = "Q2_K"
    block_bytes = 84

    def codes_scales_and_minima(self, blocks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        packed = blocks[:, :16]
        scales = half(blocks, 80) * (packed & 15).to(torch.float32)
        minima = half(blocks, 82) * (packed >> 4).to(torch.float32)
        return planes(blocks[:, 16:80], 2, 32), scales, minima
