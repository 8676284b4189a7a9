"""Tiles of attention, as data: a table for each target and shape of heads.

For: `attention`, and the catalogue of what is built ahead of time. Read from the compiled
kernels' registers and shared memory, and never timed: a card with 99 KiB of shared memory for a
block (8.6, 8.9, 12.0) takes shorter tiles than one with 163 or 227 (8.0; 9.0, 10.0).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AttentionTile:
    """Pairs of a row and a head in a tile, positions in a step, and how that is compiled."""

    queries: int
    positions: int
    num_warps: int
    num_stages: int


@dataclass(frozen=True)
class HeadShape:
    """Widths of one head: keys in two parts, and values; `latent`: the first part is the values."""

    first: int
    second: int
    values: int
    latent: bool


# A row's context is cut into at most so many splits of at least so many positions.
SPLITS = 64
SPAN = 128

# Every tile of few rows looks for the greatest of each position itself: wide ones in short steps,
# or these registers would spill. Many rows are told, and take whole ones.
_FEW_LATENT = AttentionTile(16, 16, 8, 2)
_FEW_LATENT_OF = {100: AttentionTile(16, 16, 8, 3), 120: AttentionTile(16, 16, 8, 1)}
_FEW = AttentionTile(16, 64, 4, 2)
_FEW_LONG = AttentionTile(16, 32, 4, 2)
_FEW_WIDE = AttentionTile(16, 16, 4, 3)
_MANY_LATENT = AttentionTile(32, 16, 8, 2)
_MANY_NARROW = AttentionTile(128, 64, 8, 2)
# Keys of 192 values are float32 in shared memory while they are on their way.
_MANY = AttentionTile(64, 32, 8, 2)
_MANY_WIDE = AttentionTile(32, 32, 8, 2)
# Where tensor cores take operands from shared memory (wgmma, tcgen05), larger tiles spill nothing.
# By target and width of a head, padded.
_MANY_LARGE = {
    (90, 128): AttentionTile(64, 64, 8, 2),
    (90, 192): AttentionTile(128, 32, 8, 2),
    **dict.fromkeys([(100, 64), (100, 128), (100, 192)], AttentionTile(64, 64, 8, 2)),
}


def few_tile(target: int, shape: HeadShape) -> AttentionTile:
    """For 1 to 8 rows."""
    if shape.latent:
        return _FEW_LATENT_OF.get(target, _FEW_LATENT)
    width = _width(shape)
    if width > 192:
        return _FEW_WIDE
    return _FEW if width <= 128 else _FEW_LONG


def many_tile(target: int, shape: HeadShape) -> AttentionTile:
    """For more rows."""
    if shape.latent:
        return _MANY_LATENT
    width = _width(shape)
    if width > 192:
        return _MANY_WIDE
    other = _MANY if width > 64 else _MANY_NARROW
    return _MANY_LARGE.get((target, -(-width // 64) * 64), other)


def _width(shape: HeadShape) -> int:
    return max(shape.first + shape.second, shape.values)


# What models have: keys and values of Llama, Qwen and GLM, expanded latent attention (V2, V3, and
# GLM-4.7-Flash), and the latents of all of these.
MODEL_SHAPES = (
    HeadShape(64, 0, 64, latent=False),
    HeadShape(128, 0, 128, latent=False),
    HeadShape(128, 64, 128, latent=False),
    HeadShape(256, 0, 256, latent=False),
    HeadShape(512, 64, 512, latent=True),
)
