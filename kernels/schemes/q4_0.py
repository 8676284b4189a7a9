"""Q4_0: 32 values, a float16 scale, codes of 4 bits offset by 8. value = d · (q - 8)."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, nibbles
from kernels.schemes.legacy import LegacyScheme, half_bytes, joined_nibbles, symmetric_codes


class Q4_0(LegacyScheme):
    """d (2 bytes), 16 bytes of nibbles."""

    name = "Q4_0"
    block_bytes = 18

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        codes = nibbles(blocks[:, 2:], 16).to(torch.float32)
        return codes.sub_(8.0).mul_(half(blocks, 0))

    def pack_blocks(self, values: Tensor) -> Tensor:
        scale, codes = symmetric_codes(values, 8)
        return torch.cat([half_bytes(scale), joined_nibbles(codes)], -1)
