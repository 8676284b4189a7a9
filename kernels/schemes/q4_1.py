"""Q4_1: 32 values, a float16 scale and minimum, codes of 4 bits. value = d · q + m."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, nibbles
from kernels.schemes.legacy import LegacyScheme, affine_codes, half_bytes, joined_nibbles


class Q4_1(LegacyScheme):
    """d, m (2 bytes each), 16 bytes of nibbles."""

    name = "Q4_1"
    block_bytes = 20

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        codes = nibbles(blocks[:, 4:], 16).to(torch.float32)
        return codes.mul_(half(blocks, 0)).add_(half(blocks, 2))

    def pack_blocks(self, values: Tensor) -> Tensor:
        scale, least, codes = affine_codes(values, 15)
        return torch.cat([half_bytes(scale), half_bytes(least), joined_nibbles(codes)], -1)
