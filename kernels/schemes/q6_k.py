"""Q6_K: 16 groups of 16 values, 8-bit scales, codes of 6 bits offset by 32."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, nibbles, planes, scaled
from kernels.schemes.super_blocks import SuperBlockScheme


class Q6_K(SuperBlockScheme):
    """128 bytes of low nibbles, 64 of the upper two bits, 16 signed scales, d."""

    name = "Q6_K"
    block_bytes = 210

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        codes = nibbles(blocks[:, :128], 64) | (planes(blocks[:, 128:192], 2, 32) << 4)
        scales = half(blocks, 208) * blocks[:, 192:208].view(torch.int8).to(torch.float32)
        return scaled(codes.to(torch.float32).sub_(32.0), scales)
