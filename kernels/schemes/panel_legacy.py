"""Q4_0, Q4_1, Q5_0, Q8_0, MXFP4 and IQ4_NL in panels: groups of 32 k of 16 rows."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.iq4_nl import on_curve
from kernels.schemes.legacy import BLOCK
from kernels.schemes.mxfp4 import power, times_power
from kernels.schemes.panel_base import Layout, PanelScheme, Part
from kernels.schemes.panel_lanes import (
    ROWS,
    SIGN_BITS,
    VECTOR,
    halves,
    k_steps,
    lanes,
    pair_nibbles,
    split_nibbles,
    swap_index_bits,
    words,
)

_NIBBLE_BYTES = 4 * VECTOR  # of 32 k


def _write_nibbles(blocks: Tensor, start: int, body: Tensor) -> None:
    """A block's 16 bytes hold k-steps 0-3 in their low nibbles, 4-7 in their high ones;
    `body` uint8 [..., 256] takes vectors of k-steps 2i (low) and 2i + 1 (high)."""
    vectors = torch.unflatten(body.view(torch.int32), -1, (2, 2, ROWS))
    packed = lanes(words(blocks, start, start + 16))
    pair_nibbles(packed, vectors[..., 0, :, :], vectors[..., 1, :, :])


def _read_nibbles(body: Tensor) -> Tensor:
    """Codes uint8 [panels, runs, groups, 8, 64]."""
    return split_nibbles(torch.unflatten(body, -1, (-1, VECTOR)))


def _by_row(vectors: Tensor) -> Tensor:
    """Codes uint8 [panels, runs, groups, 8, 64] → [panels, 16, runs, groups, 32]."""
    return k_steps(vectors).permute(0, 3, 1, 2, 4)


class PairedGroups(PanelScheme):
    """Groups in pairs behind d[2][16] f16; an odd last one has a whole header, zeros behind."""

    block_elements = BLOCK

    def write_scales(self, blocks: Tensor, part: Part) -> None:
        """The two bytes that each block begins with."""
        d = torch.unflatten(part.header.view(torch.int16), -1, (2, ROWS))
        d[:, :, : part.body.shape[2]] = halves(blocks, 0, 1).squeeze(3)

    def read_scales(self, part: Part) -> Tensor:
        """float32 [panels, 16, runs, groups, 1]."""
        d = torch.unflatten(part.header.view(torch.float16).float(), -1, (2, ROWS))
        return d[:, :, : part.body.shape[2]].permute(0, 3, 1, 2).unsqueeze(-1)


class Q4_0_P16(PairedGroups):
    """Of each group 4 vectors of nibbles: vector i holds k-steps 2i (low), 2i + 1 (high).
    value = d · (code - 8)."""

    name = "Q4_0_P16"
    sources = ("Q4_0",)
    layout = Layout(BLOCK, 2, VECTOR, _NIBBLE_BYTES)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        blocks = part.blocks(rows)
        self.write_scales(blocks, part)
        _write_nibbles(blocks, 2, part.body)

    def unpack_part(self, part: Part) -> Tensor:
        codes = _by_row(_read_nibbles(part.body)).float()
        return codes.sub_(8.0).mul_(self.read_scales(part))


class IQ4_NL_P16(Q4_0_P16):
    """As Q4_0_P16; the codes are places on IQ4_NL's curve."""

    name = "IQ4_NL_P16"
    sources = ("IQ4_NL",)

    def unpack_part(self, part: Part) -> Tensor:
        codes = _by_row(_read_nibbles(part.body))
        return on_curve(codes).mul_(self.read_scales(part))


class Q5_0_P16(PairedGroups):
    """Of each group 64 B of fifth bits (bit s of byte row · 4 + j: k-step s), then nibbles
    as in Q4_0_P16. value = d · (code - 16)."""

    name = "Q5_0_P16"
    sources = ("Q5_0",)
    layout = Layout(BLOCK, 2, VECTOR, VECTOR + _NIBBLE_BYTES)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        blocks = part.blocks(rows)
        self.write_scales(blocks, part)
        fifth = lanes(words(blocks, 2, 6)).squeeze(3)
        # Bit 4s + j of a block's word, as bits s2 s1 s0 j1 j0 → bit 8j + s, j1 j0 s2 s1 s0.
        for first, second in ((4, 1), (3, 0), (2, 1), (1, 0)):
            fifth = swap_index_bits(fifth, first, second)
        part.body.view(torch.int32)[..., :ROWS] = fifth
        _write_nibbles(blocks, 6, part.body[..., VECTOR:])

    def unpack_part(self, part: Part) -> Tensor:
        shifts = torch.arange(8, dtype=torch.uint8).unsqueeze(-1)
        fifth = (part.body[..., None, :VECTOR] >> shifts) & 1
        codes = _by_row(_read_nibbles(part.body[..., VECTOR:]) | (fifth << 4)).float()
        return codes.sub_(16.0).mul_(self.read_scales(part))


class Q8_0_P16(PairedGroups):
    """Of each group 8 vectors of bytes, stored as code + 128. value = d · (byte - 128)."""

    name = "Q8_0_P16"
    sources = ("Q8_0",)
    layout = Layout(BLOCK, 2, VECTOR, 8 * VECTOR)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        blocks = part.blocks(rows)
        self.write_scales(blocks, part)
        vectors = torch.unflatten(part.body.view(torch.int32), -1, (8, ROWS))
        torch.bitwise_xor(lanes(words(blocks, 2, 34)), SIGN_BITS, out=vectors)

    def unpack_part(self, part: Part) -> Tensor:
        codes = _by_row(torch.unflatten(part.body, -1, (8, VECTOR)))
        return codes.float().sub_(128.0).mul_(self.read_scales(part))

    def clear_padding(self, part: Part, rows: int) -> None:
        torch.unflatten(part.body[-1], -1, (8, ROWS, -1))[..., rows:, :] = 0


class Q4_1_P16(PanelScheme):
    """Of each group d[16], m[16] f16, then nibbles as in Q4_0_P16. value = d · code + m."""

    name = "Q4_1_P16"
    sources = ("Q4_1",)
    block_elements = BLOCK
    layout = Layout(BLOCK, 1, VECTOR, _NIBBLE_BYTES)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        blocks = part.blocks(rows)
        torch.unflatten(part.header.view(torch.int16), -1, (2, ROWS)).copy_(
            halves(blocks, 0, 2).squeeze(2)
        )
        _write_nibbles(blocks, 4, part.body)

    def unpack_part(self, part: Part) -> Tensor:
        factors = torch.unflatten(part.header.view(torch.float16).float(), -1, (2, ROWS))
        d, m = factors.permute(2, 0, 3, 1).unsqueeze(-1).unsqueeze(-1).unbind(0)
        return _by_row(_read_nibbles(part.body)).float().mul_(d).add_(m)


class MXFP4_P16(PanelScheme):
    """Groups in fours behind their exponent bytes [4][16 rows]; nibbles as in Q4_0_P16, the
    E2M1 codes as they are. value = 2^(exponent - 128) · twice the code's value."""

    name = "MXFP4_P16"
    sources = ("MXFP4",)
    block_elements = BLOCK
    layout = Layout(BLOCK, 4, VECTOR, _NIBBLE_BYTES)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        blocks = part.blocks(rows)
        exponents = torch.unflatten(part.header, -1, (4, ROWS))
        exponents[:, :, : part.body.shape[2]] = blocks[..., 0].permute(0, 2, 3, 1)
        _write_nibbles(blocks, 1, part.body)

    def unpack_part(self, part: Part) -> Tensor:
        exponents = torch.unflatten(part.header, -1, (4, ROWS))[:, :, : part.body.shape[2]]
        scales = power(exponents.permute(0, 3, 1, 2).unsqueeze(-1))
        return times_power(_by_row(_read_nibbles(part.body)), scales)
