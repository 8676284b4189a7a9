"""IQ1_M: as IQ1_S, with a 3-bit scale for 16 values and a shift for 8."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import spread, words
from kernels.schemes.grouped import ScaledGroups
from kernels.schemes.iq1_s import EIGHTHS
from kernels.schemes.lattices import points
from kernels.schemes.super_blocks import SuperBlockScheme


class IQ1_M(ScaledGroups, SuperBlockScheme):
    """32 low bytes of codes, 16 of top bits and shift signs, 8 of scales.

    The float16 scale of the whole is spread over the top nibbles of the four scale words.
    """

    name = "IQ1_M"
    block_bytes = 56

    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        packed = words(blocks, 48, 56)
        top = spread(blocks[:, 32:48], 4, 2)
        codes = blocks[:, :32].to(torch.int32) | ((top & 7).to(torch.int32) << 8)
        steps = (2 * spread(packed, 3, 4) + 1).to(torch.float32)
        scales = self._whole_scale(packed) * steps / EIGHTHS
        shift = torch.where((top & 8) == 0, 1.0, -1.0)
        values = points("iq1s", codes).view(-1, 32, 8) * EIGHTHS + shift.unsqueeze(-1)
        return values.view(-1, 256), scales

    @staticmethod
    def _whole_scale(packed: Tensor) -> Tensor:
        nibbles = (packed >> 12) << torch.tensor([0, 4, 8, 12], dtype=torch.int32)
        bits = nibbles.sum(-1, keepdim=True)
        # int32 → int16 wraps, which keeps the bits.
        return bits.to(torch.int16).view(torch.float16).to(torch.float32)
