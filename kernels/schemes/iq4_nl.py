"""IQ4_NL: 32 values, a float16 scale, codes of 4 bits into a curve of 16 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.base import BlockScheme
from kernels.schemes.bits import half, nibbles

_CURVE = (-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)


def on_curve(codes: Tensor) -> Tensor:
    """Codes of 4 bits, uint8 [...] → the curve's values, float32 [...]."""
    return torch.tensor(_CURVE, dtype=torch.float32)[codes.to(torch.int32)]


class IQ4_NL(BlockScheme):
    """d (2 bytes), 16 bytes of nibbles."""

    name = "IQ4_NL"
    block_elements = 32
    block_bytes = 18

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        return on_curve(nibbles(blocks[:, 2:], 16)).mul_(half(blocks, 0))
