"""IQ3_S: points of a larger 4-value lattice, free signs, an odd 4-bit scale for 32 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, signs, spread
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.lattices import points
from kernels.schemes.super_blocks import SuperBlockScheme


class IQ3_S(ScaledGroups, SuperBlockScheme):
    """d, 64 low bytes of codes, 8 of their ninth bits, 32 of signs, 4 of scales."""

    name = "IQ3_S"
    block_bytes = 110

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        ninth = spread(blocks[:, 66:74], 1, 8).to(torch.int32)
        codes = blocks[:, 2:66].to(torch.int32) | (ninth << 8)
        steps = 2 * spread(blocks[:, 106:110], 4, 2) + 1
        scales = half(blocks, 0) * steps.to(torch.float32)
        return points("iq3s", codes) * signs(blocks[:, 74:106]), scales
