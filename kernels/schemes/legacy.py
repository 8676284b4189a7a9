"""What GGUF's early schemes share: blocks of 32 values, a float16 scale, maybe a minimum.

Packing follows ggml's reference quantizers: the same bytes come out.
"""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.base import BlockScheme, PackedTensor

BLOCK = 32


class LegacyScheme(BlockScheme):
    """Blocks of 32; a subclass says how its bytes become values and back."""

    block_elements = BLOCK

    def pack(self, values: Tensor) -> PackedTensor:
        """float32 [..., columns] → packed; raises ValueError where columns do not divide."""
        shape = tuple(values.shape)
        row_bytes = self.row_bytes(shape[-1])
        blocks = self.pack_blocks(values.to(torch.float32).reshape(-1, BLOCK))
        return PackedTensor(self, {"blocks": blocks.view(*shape[:-1], row_bytes)}, shape)

    def pack_blocks(self, values: Tensor) -> Tensor:
        """float32 [blocks, 32] → uint8 [blocks, block_bytes]."""
        raise TypeError(f"{self.name} does not say how to pack its blocks")


def symmetric_codes(values: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    """Scale float32 [blocks, 1] and codes uint8 [blocks, 32] from 0 to 2 · steps - 1.

    The value furthest from zero falls on -steps exactly.
    """
    furthest = values.abs().argmax(-1, keepdim=True)
    scale = values.gather(-1, furthest) / -steps
    codes = (values * inverse(scale) + (steps + 0.5)).trunc().clamp(0, 2 * steps - 1)
    return scale, codes.to(torch.uint8)


def affine_codes(values: Tensor, most: int) -> tuple[Tensor, Tensor, Tensor]:
    """Scale and minimum float32 [blocks, 1], codes uint8 [blocks, 32] from 0 to `most`."""
    least, greatest = values.aminmax(dim=-1, keepdim=True)
    scale = (greatest - least) / most
    codes = ((values - least) * inverse(scale) + 0.5).trunc().clamp(0, most)
    return scale, least, codes.to(torch.uint8)


def inverse(scale: Tensor) -> Tensor:
    """1/scale, and 0 for 0."""
    return torch.where(scale == 0, 0.0, 1.0 / scale)


def half_bytes(values: Tensor) -> Tensor:
    """float32 [blocks, 1] → the bytes of float16 [blocks, 2]."""
    return values.to(torch.float16).view(torch.uint8)


def joined_nibbles(codes: Tensor) -> Tensor:
    """Codes [blocks, 32] → bytes [blocks, 16]: value i low, value i + 16 high."""
    return (codes[:, :16] & 15) | (codes[:, 16:] << 4)


def joined_bits(bits: Tensor) -> Tensor:
    """Bits [blocks, 32] → bytes [blocks, 4], lowest first."""
    weights = torch.tensor([1, 2, 4, 8, 16, 32, 64, 128], dtype=torch.uint8)
    return (bits.view(-1, 4, 8) * weights).sum(-1, dtype=torch.uint8)
