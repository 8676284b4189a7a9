"""IQ1_S: points of an 8-value lattice of -1, 0, 1, shifted by an eighth, a 3-bit scale for 32."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, spread, words
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.lattices import points
from kernels.schemes.super_blocks import SuperBlockScheme

EIGHTHS = 8.0  # codes are counted in eighths: a point 8, the shift 1


class IQ1_S(ScaledGroups, SuperBlockScheme):
    """d, 32 low bytes of codes, 8 words: 4 × 3 top bits, 3 of the scale, the shift's sign."""

    name = "IQ1_S"
    block_bytes = 50

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        packed = words(blocks, 34, 50)
        codes = blocks[:, 2:34].to(torch.int32) | (spread(packed, 3, 4) << 8)
        scales = half(blocks, 0) * (2 * ((packed >> 12) & 7) + 1).to(torch.float32) / EIGHTHS
        shift = torch.where((packed & 0x8000) == 0, 1.0, -1.0)
        values = points("iq1s", codes).view(-1, 8, 32) * EIGHTHS + shift.unsqueeze(-1)
        return values.view(-1, 256), scales
