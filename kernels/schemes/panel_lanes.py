"""Turning rows of codes into lanes of panels: 16 rows side by side, four bytes a row.

For: the panel schemes beside this one. A word is int32 and holds four consecutive bytes of
one row; lanes are the same word of the 16 rows of a panel. All work is on whole words, so
that four codes move at a time; nothing here knows a scheme.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

ROWS = 16  # of a panel
WORD = 4  # bytes of a word
VECTOR = ROWS * WORD

_LOW = 0x0F0F0F0F
_HIGH = -0x0F0F0F10  # 0xF0F0F0F0 as int32
SIGN_BITS = -0x7F7F7F80  # 0x80808080 as int32
_INDEX_BITS = 5  # of a bit in a word


def words(blocks: Tensor, start: int, stop: int) -> Tensor:
    """Bytes start:stop of each block, uint8 [..., block bytes] → int32 [..., words].

    A view where the blocks lie on word boundaries, else a copy.
    """
    part = blocks[..., start:stop]
    strides = (part.storage_offset(), *part.stride()[:-1])
    if any(stride % WORD for stride in strides):
        part = _moved(part)
    return part.view(torch.int32)


def _moved(part: Tensor) -> Tensor:
    """A contiguous copy; by two bytes at a time where addresses allow (1.6 times as fast)."""
    strides = (part.storage_offset(), *part.stride()[:-1], part.shape[-1])
    if any(stride % 2 for stride in strides):
        return part.clone(memory_format=torch.contiguous_format)
    return part.view(torch.int16).clone(memory_format=torch.contiguous_format).view(torch.uint8)


def lanes(values: Tensor) -> Tensor:
    """[panels, 16, heads, units, n] → [panels, heads, units, n, 16], contiguous."""
    return values.permute(0, 2, 3, 4, 1).contiguous()


def halves(blocks: Tensor, start: int, count: int) -> Tensor:
    """The `count` 16-bit values at byte `start` of each block, in lanes: int16 [..., count, 16]."""
    part = blocks[..., start : start + 2 * count]
    strides = (part.storage_offset(), *part.stride()[:-1])
    if any(stride % 2 for stride in strides):
        part = part.clone(memory_format=torch.contiguous_format)
    return lanes(part.view(torch.int16))


def pair_nibbles(packed: Tensor, low: Tensor, high: Tensor) -> None:
    """Two k-steps a vector: words [..., 2n, 16] that hold one k-step in their low nibbles and
    a later one in their high nibbles → `low` and `high`, each [..., n, 16].
    """
    pairs = torch.unflatten(packed, -2, (-1, 2))
    even, odd = pairs[..., 0, :], pairs[..., 1, :]
    torch.bitwise_or(even & _LOW, (odd & _LOW).bitwise_left_shift_(4), out=low)
    upper = (even >> 4).bitwise_and_(_LOW)
    torch.bitwise_or(upper, odd & _HIGH, out=high)


def split_nibbles(vectors: Tensor) -> Tensor:
    """The reverse for reading: uint8 [..., n, 64] → codes [..., 2n, 64], k-step by k-step."""
    return torch.stack([vectors & 15, vectors >> 4], -2).flatten(-3, -2)


def transpose_fields(packed: Tensor, bits: int) -> Tensor:
    """Words [..., 8/bits, 16] whose bytes are fields of `bits` bits: field j of word i becomes
    field i of word j. Hacker's Delight, section 7-3, on every byte at once.
    """
    packed = packed.clone()
    count = 8 // bits
    step = count // 2
    while step:
        shift = step * bits
        mask = _field_mask(bits, step)
        runs = torch.unflatten(packed, -2, (-1, 2, step))
        first, second = runs[..., 0, :, :], runs[..., 1, :, :]
        changed = (first >> shift).bitwise_xor_(second).bitwise_and_(mask)
        second.bitwise_xor_(changed)
        first.bitwise_xor_(changed.bitwise_left_shift_(shift))
        step //= 2
    return packed


@cache
def _field_mask(bits: int, step: int) -> int:
    """The fields of a byte whose number has no `step` in it, in each of the four bytes."""
    byte = sum(((1 << bits) - 1) << bits * i for i in range(8 // bits) if not i & step)
    return _signed(byte * 0x01010101)


def swap_index_bits(packed: Tensor, first: int, second: int) -> Tensor:
    """Each bit of a word goes where its number, with two of its own bits swapped, says."""
    low, high = sorted((first, second))
    distance = (1 << high) - (1 << low)
    moved = [i for i in range(1 << _INDEX_BITS) if i >> low & 1 and not i >> high & 1]
    mask = _signed(sum(1 << i for i in moved))
    changed = (packed >> distance).bitwise_xor_(packed).bitwise_and_(mask)
    return (packed ^ changed).bitwise_xor_(changed << distance)


def _signed(word: int) -> int:
    """A word's bits as int32."""
    return word - (1 << 32) if word >> 31 else word


def k_steps(vectors: Tensor) -> Tensor:
    """Codes uint8 [panels, k-steps, 64] → [panels, 16, k]."""
    return torch.unflatten(vectors, -1, (ROWS, WORD)).transpose(-3, -2).flatten(-2)
