"""Q4_K, Q5_K and Q6_K in panels: super-blocks of 256 k of 16 rows, bits regrouped."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.panel_base import Layout, PanelScheme, Part
from kernels.schemes.panel_lanes import (
    ROWS,
    VECTOR,
    WORD,
    halves,
    k_steps,
    lanes,
    pair_nibbles,
    split_nibbles,
    transpose_fields,
    words,
)
from kernels.schemes.super_blocks import SUPER_BLOCK

_SIX_BITS = 0x3F3F3F3F
_TOP_OF_SCALE = 0x30303030
_NIBBLES = 0x0F0F0F0F
_GROUPS = 8  # of 32 values in a super-block
_SCALE_BYTES = 256  # d, dmin and 6-bit scales and minima of 16 rows


def _write_scales(blocks: Tensor, header: Tensor) -> None:
    """d[16], dmin[16] f16, then three planes of 6-bit scales and minima with a fourth in
    their top bits: planes v0 … v3 are scales 0-3, scales 4-7, minima 0-3, minima 4-7, byte
    row · 4 + group % 4; stored v0 | (v3 & 3) << 6, v1 | (v3 >> 2 & 3) << 6, v2 | v3 >> 4 << 6.
    """
    torch.unflatten(header.view(torch.int16)[..., : 2 * ROWS], -1, (2, ROWS)).copy_(
        halves(blocks, 0, 2).squeeze(2)
    )
    packed = lanes(words(blocks, 4, 16)).squeeze(2)
    first, second, third = packed.unbind(-2)
    scales = (third & _NIBBLES) | ((first >> 2) & _TOP_OF_SCALE)
    minima = ((third >> 4) & _NIBBLES) | ((second >> 2) & _TOP_OF_SCALE)
    planes = torch.unflatten(header.view(torch.int32)[..., ROWS:], -1, (3, ROWS))
    torch.bitwise_or(first & _SIX_BITS, (minima & 0x03030303) << 6, out=planes[..., 0, :])
    torch.bitwise_or(scales, (minima & 0x0C0C0C0C) << 4, out=planes[..., 1, :])
    torch.bitwise_or(second & _SIX_BITS, (minima & _TOP_OF_SCALE) << 2, out=planes[..., 2, :])


def _read_scales(header: Tensor) -> tuple[Tensor, Tensor]:
    """Scales and minima, float32 [panels, 16, super-blocks, 8, 1]."""
    factors = torch.unflatten(header.view(torch.float16)[..., : 2 * ROWS], -1, (2, ROWS)).float()
    planes = torch.unflatten(header[..., VECTOR:], -1, (3, ROWS, WORD))
    fourth = (planes >> 6) << torch.tensor([0, 2, 4], dtype=torch.uint8).view(3, 1, 1)
    small = planes & 63
    scales = torch.cat([small[..., 0, :, :], small[..., 1, :, :]], -1)
    minima = torch.cat([small[..., 2, :, :], fourth.sum(-3, dtype=torch.uint8)], -1)
    d, dmin = (factors[..., i, :].unsqueeze(-1) for i in range(2))
    return tuple(
        (factor * codes.float()).transpose(1, 2).unsqueeze(-1)
        for factor, codes in ((d, scales), (dmin, minima))
    )  # type: ignore[return-value]


def _affine(header: Tensor, vectors: Tensor) -> Tensor:
    """Values [panels, 16, super-blocks, 1, 256] of codes uint8 [panels, super-blocks, 64, 64]."""
    scales, minima = _read_scales(header)
    codes = torch.unflatten(k_steps(vectors).transpose(1, 2).float(), -1, (_GROUPS, -1))
    return codes.mul_(scales).sub_(minima).flatten(-2).unsqueeze(3)


class Q4_K_P16(PanelScheme):
    """256 k, 2304 B: 256 of scales (`_write_scales`), then 8 groups of 32 k in 4 vectors of
    nibbles: vector i holds k-steps 2i (low) and 2i + 1 (high)."""

    name = "Q4_K_P16"
    sources = ("Q4_K",)
    block_elements = SUPER_BLOCK
    layout = Layout(SUPER_BLOCK, 1, _SCALE_BYTES, 2048)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        blocks = part.blocks(rows)
        _write_scales(blocks, part.header)
        codes = torch.unflatten(lanes(words(blocks, 16, 144)), 3, (_GROUPS // 2, 8))
        groups = torch.unflatten(part.body.view(torch.int32), -1, (_GROUPS // 2, 2, 4, ROWS))
        pair_nibbles(codes, groups[..., 0, :, :], groups[..., 1, :, :])

    def unpack_part(self, part: Part) -> Tensor:
        vectors = split_nibbles(torch.unflatten(part.body.squeeze(2), -1, (-1, VECTOR)))
        return _affine(part.header, vectors)


class Q5_K_P16(PanelScheme):
    """As Q4_K_P16, with 64 B of fifth bits before each group's nibbles: bit s of byte
    row · 4 + j belongs to k-step s of the group."""

    name = "Q5_K_P16"
    sources = ("Q5_K",)
    block_elements = SUPER_BLOCK
    layout = Layout(SUPER_BLOCK, 1, _SCALE_BYTES, _GROUPS * 5 * VECTOR)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        blocks = part.blocks(rows)
        _write_scales(blocks, part.header)
        body = part.body.view(torch.int32)
        fifth = torch.unflatten(body, -1, (_GROUPS, 5, ROWS))[..., 0, :]
        fifth.copy_(transpose_fields(lanes(words(blocks, 16, 48)), 1))
        codes = torch.unflatten(lanes(words(blocks, 48, 176)), 3, (_GROUPS // 2, 8))
        groups = torch.unflatten(body, -1, (_GROUPS // 2, 2, 5, ROWS))[..., 1:, :]
        pair_nibbles(codes, groups[..., 0, :, :], groups[..., 1, :, :])

    def unpack_part(self, part: Part) -> Tensor:
        groups = torch.unflatten(part.body.squeeze(2), -1, (_GROUPS, 5, VECTOR))
        shifts = torch.arange(8, dtype=torch.uint8).unsqueeze(-1)
        fifth = (groups[..., :1, :] >> shifts) & 1
        return _affine(
            part.header, (split_nibbles(groups[..., 1:, :]) | (fifth << 4)).flatten(2, 3)
        )


class Q6_K_P16(PanelScheme):
    """Pairs of super-blocks behind d[2][16] f16; of each 256 B of int8 scales [16 groups of
    16 k][16 rows], then 16 groups of 64 B upper bits (bits 2s, 2s + 1 of byte row · 4 + j:
    k-step s) and 2 vectors of low nibbles. value = d · scale · (code - 32)."""

    name = "Q6_K_P16"
    sources = ("Q6_K",)
    block_elements = SUPER_BLOCK
    layout = Layout(SUPER_BLOCK, 2, VECTOR, 256 + 16 * 3 * VECTOR)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        blocks = part.blocks(rows)
        d = torch.unflatten(part.header.view(torch.int16), -1, (2, ROWS))
        d[:, :, : part.body.shape[2]] = halves(blocks, 208, 1).squeeze(3)
        torch.unflatten(part.body[..., :256], -1, (16, ROWS)).copy_(
            blocks[..., 192:208].permute(0, 2, 3, 4, 1)
        )
        # [half, low or high nibble, group, upper bits and two vectors, row]
        groups = torch.unflatten(part.body[..., 256:].view(torch.int32), -1, (2, 2, 4, 3, ROWS))
        low, high = groups[..., 0, :, 1:, :], groups[..., 1, :, 1:, :]
        pair_nibbles(torch.unflatten(lanes(words(blocks, 0, 128)), 3, (2, 4, 4)), low, high)
        # Of 32 values a plane: words [half, 16 values of the plane, k-step], fields = planes.
        upper = torch.unflatten(lanes(words(blocks, 128, 192)), 3, (2, 2, 4))
        planes = transpose_fields(upper, 2).transpose(-3, -2)  # [half, plane, 16 values, row]
        groups[..., 0, :].copy_(torch.unflatten(planes, -3, (2, 2)).flatten(-3, -2))

    def unpack_part(self, part: Part) -> Tensor:
        d = torch.unflatten(part.header.view(torch.float16).float(), -1, (2, ROWS))
        d = d[:, :, : part.body.shape[2], None]
        scales = torch.unflatten(part.body[..., :256].view(torch.int8), -1, (16, ROWS)).float()
        scales = (d * scales).permute(0, 4, 1, 2, 3).unsqueeze(-1)
        groups = torch.unflatten(part.body[..., 256:], -1, (16, 3, VECTOR))
        shifts = torch.arange(0, 8, 2, dtype=torch.uint8).unsqueeze(-1)
        upper = (groups[..., :1, :] >> shifts) & 3
        codes = split_nibbles(groups[..., 1:, :]) | (upper << 4)
        values = k_steps(codes.flatten(3, 4)).permute(0, 3, 1, 2, 4).float().sub_(32.0)
        return torch.unflatten(values, -1, (16, 16)).mul_(scales).flatten(-2)
