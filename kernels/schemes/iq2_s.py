"""IQ2_S: points of a larger 8-value lattice, free signs, a 4-bit scale for 16 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, signs, spread
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.lattices import points
from kernels.schemes.super_blocks import SuperBlockScheme


class IQ2_S(ScaledGroups, SuperBlockScheme):
    """d, 32 low bytes of codes, 32 bytes of signs, 8 of the codes' top bits, 8 of scales."""

    name = "IQ2_S"
    block_bytes = 82

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        high = spread(blocks[:, 66:74], 2, 4).to(torch.int32)
        codes = blocks[:, 2:34].to(torch.int32) | (high << 8)
        nibbles = spread(blocks[:, 74:82], 4, 2).to(torch.float32)
        scales = half(blocks, 0) * (nibbles + 0.5) * 0.25
        return points("iq2s", codes) * signs(blocks[:, 34:66]), scales
