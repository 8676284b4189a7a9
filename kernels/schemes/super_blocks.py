"""What GGUF's K- and IQ-schemes share: super-blocks of 256 values."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.base import BlockScheme

SUPER_BLOCK = 256


class SuperBlockScheme(BlockScheme):
    """Blocks of 256 values with scales of their own inside."""

    block_elements = SUPER_BLOCK


def scales_and_minima(packed: Tensor) -> tuple[Tensor, Tensor]:
    """Q4_K's and Q5_K's eight scales and eight minima of 6 bits, float32 [blocks, 8] each.

    12 bytes: scales 0-3 and minima 0-3 in the low 6 bits of bytes 0-3 and 4-7; scales and
    minima 4-7 in the nibbles of bytes 8-11, their top 2 bits above the first eight.
    """
    first, second, third = packed[:, 0:4], packed[:, 4:8], packed[:, 8:12]
    scales = torch.cat([first & 63, (third & 15) | ((first >> 6) << 4)], -1)
    minima = torch.cat([second & 63, (third >> 4) | ((second >> 6) << 4)], -1)
    return scales.to(torch.float32), minima.to(torch.float32)
