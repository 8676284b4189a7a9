"""IQ4_XS: IQ4_NL's curve in super-blocks, a 6-bit scale offset by 32 for 32 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, nibbles, spread, words
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.iq4_nl import on_curve
from kernels.schemes.super_blocks import SuperBlockScheme


class IQ4_XS(ScaledGroups, SuperBlockScheme):
    """d, a word of the scales' top two bits, 4 bytes of their nibbles, 128 of codes."""

    name = "IQ4_XS"
    block_bytes = 136

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        high = spread(words(blocks, 2, 4), 2, 8)
        low = spread(blocks[:, 4:8], 4, 2).to(torch.int32)
        scales = half(blocks, 0) * ((low | (high << 4)) - 32).to(torch.float32)
        return on_curve(nibbles(blocks[:, 8:], 16)), scales
