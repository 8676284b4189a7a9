"""MXFP4: 32 values of 4 bits (E2M1) under one power of two (E8M0), as OCP's MX 1.0 defines.

Kept doubled in the table, so that the scale is half of the power of two.
"""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.base import BlockScheme
from kernels.schemes.bits import nibbles

_DOUBLED = (0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12)


class MXFP4(BlockScheme):
    """The exponent (1 byte), 16 bytes of nibbles."""

    name = "MXFP4"
    block_elements = 32
    block_bytes = 17

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        codes = nibbles(blocks[:, 1:], 16).to(torch.int32)
        exponents = blocks[:, :1].to(torch.int32)
        # 2^(e - 128) by its bits; below e = 2 that is subnormal.
        bits = torch.where(exponents < 2, 0x00200000 << exponents, (exponents - 1) << 23)
        return torch.tensor(_DOUBLED, dtype=torch.float32)[codes].mul_(bits.view(torch.float32))
