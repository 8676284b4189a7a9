"""Schemes whose values are whole codes times a scale a group: what carriers ask of them."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor

from kernels.schemes.base import BlockScheme
from kernels.schemes.bits import scaled, scaled_from


class ScaledGroups(BlockScheme):
    """value = code · scale, codes whole numbers from -128 to 127."""

    @abstractmethod
    def codes_and_scales(self, blocks: Tensor) -> tuple[Tensor, Tensor]:
        """uint8 [blocks, block_bytes] → codes float32 [blocks, values], scales float32
        [blocks, groups]."""

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        return scaled(*self.codes_and_scales(blocks))


class AffineGroups(BlockScheme):
    """value = code · scale - minimum, codes whole numbers from 0 to 255."""

    @abstractmethod
    def codes_scales_and_minima(self, blocks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """uint8 [blocks, block_bytes] → codes [blocks, values], scales and minima float32
        [blocks, groups]."""

    def unpack_blocks(self, blocks: Tensor) -> Tensor:
        return scaled_from(*self.codes_scales_and_minima(blocks))
