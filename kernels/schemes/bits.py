"""Taking packed codes apart: what several schemes do alike.

All take and give uint8 (or the dtype named) with blocks along the first axis.
"""

from __future__ import annotations

import torch
from torch import Tensor

_LOW_NIBBLES = 0x0F0F0F0F


def _copied(blocks: Tensor, start: int, stop: int) -> Tensor:
    """Bytes start:stop of each block in new memory, so that wider views of it are aligned.

    A copy always: `contiguous` keeps a single block where it lies, at any odd address.
    """
    return blocks[:, start:stop].clone(memory_format=torch.contiguous_format)


def half(blocks: Tensor, at: int) -> Tensor:
    """The float16 at byte `at` of each block, as float32 [blocks, 1]."""
    return _copied(blocks, at, at + 2).view(torch.float16).to(torch.float32)


def words(blocks: Tensor, start: int, stop: int) -> Tensor:
    """Bytes start:stop as little-endian uint16 values in int32 [blocks, (stop - start)/2]."""
    return _copied(blocks, start, stop).view(torch.int16).to(torch.int32) & 0xFFFF


def double_words(blocks: Tensor, start: int, stop: int) -> Tensor:
    """Bytes start:stop as little-endian uint32 values in int64 [blocks, (stop - start)/4]."""
    return _copied(blocks, start, stop).view(torch.int32).to(torch.int64) & 0xFFFFFFFF


def nibbles(codes: Tensor, group: int) -> Tensor:
    """Codes of 4 bits: each run of `group` bytes gives its low nibbles, then its high ones.

    uint8 [blocks, bytes] → [blocks, 2 · bytes]. Works on four bytes at a time, which takes
    a third of the time of the same in single bytes.
    """
    blocks = codes.shape[0]
    packed = _copied(codes, 0, codes.shape[1]).view(torch.int32).view(blocks, -1, 1, group // 4)
    out = torch.empty(
        blocks, packed.shape[1], 2, group // 4, dtype=torch.int32, device=codes.device
    )
    torch.bitwise_and(packed[:, :, 0], _LOW_NIBBLES, out=out[:, :, 0])
    torch.bitwise_and(packed[:, :, 0] >> 4, _LOW_NIBBLES, out=out[:, :, 1])
    return out.view(torch.uint8).view(blocks, -1)


def planes(codes: Tensor, bits: int, group: int) -> Tensor:
    """Codes of `bits` bits, 8/bits in a byte: each run of `group` bytes gives plane after plane.

    uint8 [blocks, bytes] → [blocks, bytes · 8/bits]; the first plane is the lowest bits.
    """
    shifts = torch.arange(0, 8, bits, dtype=torch.uint8).view(-1, 1)
    runs = codes.reshape(codes.shape[0], -1, 1, group)
    return ((runs >> shifts) & ((1 << bits) - 1)).reshape(codes.shape[0], -1)


def spread(values: Tensor, bits: int, count: int) -> Tensor:
    """Each value's lowest `count` fields of `bits` bits, lowest first, side by side.

    Integers [blocks, values] → the same dtype [blocks, values · count].
    """
    shifts = torch.arange(0, bits * count, bits, dtype=values.dtype)
    return ((values.unsqueeze(-1) >> shifts) & ((1 << bits) - 1)).flatten(1)


def scaled(codes: Tensor, scales: Tensor) -> Tensor:
    """codes [blocks, values] · scales float32 [blocks, groups], group by group, float32."""
    groups = codes.to(torch.float32).view(codes.shape[0], scales.shape[1], -1)
    return groups.mul_(scales.unsqueeze(-1)).view(codes.shape[0], -1)


def scaled_from(codes: Tensor, scales: Tensor, minima: Tensor) -> Tensor:
    """codes · scales - minima, group by group as `scaled`."""
    groups = codes.to(torch.float32).view(codes.shape[0], scales.shape[1], -1)
    return groups.mul_(scales.unsqueeze(-1)).sub_(minima.unsqueeze(-1)).view(codes.shape[0], -1)


def signs(bits: Tensor) -> Tensor:
    """Sign bits [blocks, bytes], lowest first, as float32 +1 or -1 [blocks, 8 · bytes]."""
    return 1.0 - 2.0 * spread(bits, 1, 8).to(torch.float32)
