"""Q5_0: 32 values, a float16 scale, codes of 5 bits offset by 16. value = d · (q - 16)."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, nibbles, spread
from kernels.schemes.legacy import (
    LegacyScheme,
    half_bytes,
    joined_bits,
    joined_nibbles,
    symmetric_codes,
)


class Q5_0(LegacyScheme):
    """d (2 bytes), 4 bytes of fifth bits, 16 bytes of nibbles."""

    name = "Q5_0"
    block_bytes = 22

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        codes = nibbles(blocks[:, 6:], 16) | (spread(blocks[:, 2:6], 1, 8) << 4)
        return codes.to(torch.float32).sub_(16.0).mul_(half(blocks, 0))

    def pack_blocks(self, values: Tensor) -> Tensor:
        scale, codes = symmetric_codes(values, 16)
        return torch.cat([half_bytes(scale), joined_bits(codes >> 4), joined_nibbles(codes)], -1)
