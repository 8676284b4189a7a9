"""Q3_K: 16 groups of 16 values, 6-bit scales offset by 32, codes of 3 bits offset by 4."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, nibbles, planes
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.super_blocks import SuperBlockScheme


class Q3_K(ScaledGroups, SuperBlockScheme):
    """32 bytes of third bits, 64 of the lower two, 12 of scales, d."""

    name = "Q3_K"
    block_bytes = 110

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        # Scales: the low four bits in nibbles of 8 bytes, the top two in planes of 4 bytes.
        low, high = nibbles(blocks[:, 96:104], 8), planes(blocks[:, 104:108], 2, 4)
        scales = (low | (high << 4)).to(torch.float32).sub_(32.0)
        third = planes(blocks[:, :32], 1, 32)
        codes = planes(blocks[:, 32:96], 2, 32) | (third << 2)
        return codes.to(torch.float32).sub_(4.0), half(blocks, 108) * scales
