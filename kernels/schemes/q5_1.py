"""Q5_1: 32 values, a float16 scale and minimum, codes of 5 bits. value = d · q + m."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.bits import half, nibbles, spread
from kernels.schemes.grouped import AffineGroups
from kernels.schemes.legacy import (
    LegacyScheme,
    affine_codes,
    half_bytes,
    joined_bits,
    joined_nibbles,
)


class Q5_1(AffineGroups, LegacyScheme):
    """d, m (2 bytes each), 4 bytes of fifth bits, 16 bytes of nibbles."""

    name = "Q5_1"
    block_bytes = 24

    def codes_scales_and_minima(self, blocks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        codes = nibbles(blocks[:, 8:], 16) | (spread(blocks[:, 4:8], 1, 8) << 4)
        return codes, half(blocks, 0), -half(blocks, 2)

    def pack_blocks(self, values: Tensor) -> Tensor:
        scale, least, codes = affine_codes(values, 31)
        parts = [half_bytes(scale), half_bytes(least), joined_bits(codes >> 4)]
        return torch.cat([*parts, joined_nibbles(codes)], -1)
