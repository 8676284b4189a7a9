"""IQ1_S: points of an 8-value lattice of -1, 0, 1, shifted by an eighth, a 3-bit scale for 32."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, scaled, spread, words
from kernels.schemes.lattices import points
from kernels.schemes.super_blocks import SuperBlockScheme

SHIFT = 0.125


class IQ1_S(SuperBlockScheme):
    """d, 32 low bytes of codes, 8 words: 4 × 3 top bits, 3 of the scale, the shift's sign."""

    name = "IQ1_S"
    block_bytes = 50

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        packed = words(blocks, 34, 50)
        codes = blocks[:, 2:34].to(torch.int32) | (spread(packed, 3, 4) << 8)
        scales = half(blocks, 0) * (2 * ((packed >> 12) & 7) + 1).to(torch.float32)
        shift = torch.where((packed & 0x8000) == 0, SHIFT, -SHIFT)
        values = points("iq1s", codes).view(-1, 8, 32) + shift.unsqueeze(-1)
        return scaled(values.view(-1, 256), scales)
