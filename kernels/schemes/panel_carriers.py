"""Carriers: panels that hold the values of many sources exactly, at more bits than theirs.

For: schemes whose codes point into lattices, or that are too rare for a kernel of their own
(Q2_K, Q3_K, Q5_1, IQ1_S to IQ4_XS). Every value of these is a float32 scale times a small
whole number (less a float32 minimum), which is what is stored; the scale is worked out as
the source's own unpacking does, so the products round alike.
"""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.grouped import AffineGroups, ScaledGroups
from kernels.schemes.panel_base import Layout, PanelScheme, Part
from kernels.schemes.panel_lanes import ROWS, VECTOR, k_steps, lanes

GROUP = 16
_VECTORS = GROUP // 4
_OFFSET = 128


class Carrier(PanelScheme):
    """Groups of 16 k: `factors` lists of [16 rows] f32, then 4 vectors of bytes.

    What is packed lies in rows of units: each a group's factors as bytes, then its codes.
    """

    block_elements = GROUP
    factors: int

    def grouped(self, source: str, blocks: Tensor) -> tuple[Tensor, ...]:
        """blocks uint8 [n, block bytes] → codes uint8 [groups, 16], then each factor
        float32 [groups, 1]."""
        raise TypeError(f"{type(self).__name__} does not say what it carries")

    def prepared_rows(self, source: str, rows: Tensor, columns: int) -> Tensor:
        blocks = rows.reshape(-1, BLOCK_SCHEMES[source].block_bytes)
        codes, *factors = self.grouped(source, blocks)
        packed = torch.cat([*(f.contiguous().view(torch.uint8) for f in factors), codes], -1)
        return packed.view(rows.shape[0], ROWS, self.layout.units(columns), -1)

    def pack_part(self, rows: Tensor, part: Part) -> None:
        packed = lanes(part.blocks(rows).view(torch.int32))
        for target, some in (
            (part.header.unsqueeze(2), packed[..., : self.factors, :]),
            (part.body, packed[..., self.factors :, :]),
        ):
            torch.unflatten(target.view(torch.int32), -1, (-1, ROWS)).copy_(some)

    def clear_padding(self, part: Part, rows: int) -> None:
        for some in (part.header, part.body):
            torch.unflatten(some[-1], -1, (-1, ROWS, 4))[..., rows:, :] = 0

    def codes(self, part: Part) -> Tensor:
        """float32 [panels, 16, groups, 1, 16]."""
        vectors = torch.unflatten(part.body, -1, (_VECTORS, VECTOR))
        return k_steps(vectors).permute(0, 3, 1, 2, 4).float()

    def factor(self, part: Part, index: int) -> Tensor:
        """float32 [panels, 16, groups, 1, 1]."""
        lists = torch.unflatten(part.header.view(torch.float32), -1, (self.factors, ROWS))
        return lists[:, :, index].transpose(1, 2)[..., None, None]


class S8G16_P16(Carrier):
    """s[16] f32, then bytes stored as code + 128. value = s · (byte - 128)."""

    name = "S8G16_P16"
    sources = tuple(n for n, s in BLOCK_SCHEMES.items() if isinstance(s, ScaledGroups))
    factors = 1
    layout = Layout(GROUP, 1, VECTOR, _VECTORS * VECTOR)

    def grouped(self, source: str, blocks: Tensor) -> tuple[Tensor, ...]:
        scheme = BLOCK_SCHEMES[source]
        assert isinstance(scheme, ScaledGroups)
        codes, scales = scheme.codes_and_scales(blocks)
        stored = (codes + _OFFSET).to(torch.uint8).view(-1, GROUP)
        return stored, _for_each_group(scales, stored)

    def unpack_part(self, part: Part) -> Tensor:
        return self.codes(part).sub_(float(_OFFSET)).mul_(self.factor(part, 0))


class A8G16_P16(Carrier):
    """s[16], m[16] f32, then bytes as they are. value = s · byte - m."""

    name = "A8G16_P16"
    sources = tuple(n for n, s in BLOCK_SCHEMES.items() if isinstance(s, AffineGroups))
    factors = 2
    layout = Layout(GROUP, 1, 2 * VECTOR, _VECTORS * VECTOR)

    def grouped(self, source: str, blocks: Tensor) -> tuple[Tensor, ...]:
        scheme = BLOCK_SCHEMES[source]
        assert isinstance(scheme, AffineGroups)
        codes, *factors = scheme.codes_scales_and_minima(blocks)
        stored = codes.to(torch.uint8).view(-1, GROUP)
        return stored, *(_for_each_group(factor, stored) for factor in factors)

    def unpack_part(self, part: Part) -> Tensor:
        return self.codes(part).mul_(self.factor(part, 0)).sub_(self.factor(part, 1))


def _for_each_group(factors: Tensor, groups: Tensor) -> Tensor:
    """float32 [blocks, n] → [groups, 1], a source's group lasting for one or more of ours."""
    return factors.repeat_interleave(groups.shape[0] // factors.numel(), -1).view(-1, 1)
