"""Q8_0: 32 values, a float16 scale, signed bytes. value = d · q."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half
from kernels.schemes.legacy import LegacyScheme, half_bytes, inverse


class Q8_0(LegacyScheme):
    """d (2 bytes), 32 signed bytes."""

    name = "Q8_0"
    block_bytes = 34

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        codes = blocks[:, 2:].view(torch.int8).to(torch.float32)
        return codes.mul_(half(blocks, 0))

    def pack_blocks(self, values: Tensor) -> Tensor:
        scale = values.abs().amax(-1, keepdim=True) / 127
        steps = values * inverse(scale)
        # Halves go away from zero, as in C's roundf; torch's own rounding goes to even.
        codes = (steps.abs() + 0.5).floor().copysign(steps)
        return torch.cat([half_bytes(scale), codes.to(torch.int8).view(torch.uint8)], -1)
