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
        return times_power(nibbles(blocks[:, 1:], 16), power(blocks[:, :1]))


def power(exponents: Tensor) -> Tensor:
    """2^(e - 128), float32, of exponent bytes by its bits; below e = 2 that is subnormal."""
    exponents = exponents.to(torch.int32)
    bits = torch.where(exponents < 2, 0x00200000 << exponents, (exponents - 1) << 23)
    return bits.view(torch.float32)


def times_power(codes: Tensor, powers: Tensor) -> Tensor:
    """Codes uint8 [...] as twice their E2M1 values, float32, times `powers`."""
    return torch.tensor(_DOUBLED, dtype=torch.float32)[codes.to(torch.int32)].mul_(powers)
