"""Rotary positions: the angles of a step, and turning queries and keys by them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from inference.compute import ComputePath
from inference.models.base import RopeSpec
from kernels.contracts import Op


@dataclass(frozen=True)
class Angles:
    """cos and sin [rows, dim/2] of one step's positions."""

    cos: Tensor
    sin: Tensor


class Rope:
    """One model's frequencies: theta^(-2i/dim) (Su et al. 2021, equation 15).

    Angles are float32, as in the implementations that the models were trained with.
    """

    def __init__(self, spec: RopeSpec, factors: Tensor | None, path: ComputePath) -> None:
        exponents = torch.arange(0, spec.dim, 2, dtype=torch.float32) / spec.dim
        frequencies = 1.0 / (spec.theta**exponents) / spec.linear_factor
        self._frequencies = frequencies if factors is None else frequencies / factors
        self._spec = spec
        self._dtype = path.dtype
        self._backend = path.registry.choose(Op.ROPE).backend

    def angles(self, start: int, rows: int) -> Angles:
        """The angles of positions start … start + rows - 1."""
        positions = torch.arange(start, start + rows, dtype=torch.float32)
        turned = torch.outer(positions, self._frequencies)
        return Angles(turned.cos().to(self._dtype), turned.sin().to(self._dtype))

    def turn(self, x: Tensor, angles: Angles) -> None:
        """Rotate the first `dim` values of each head of x [rows, heads, head_dim] in place."""
        self._backend.rope(x[..., : self._spec.dim], angles.cos, angles.sin, self._spec.interleaved)
