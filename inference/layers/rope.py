"""Rotary positions: the angles of a step, and turning queries and keys by them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from inference.compute import ComputePath
from inference.models.base import LinearScaling, Llama3Scaling, RopeSpec, YarnScaling
from kernels.contracts import Op


@dataclass(frozen=True)
class Angles:
    """cos and sin [rows, dim/2] of one step's positions."""

    cos: Tensor
    sin: Tensor

    def to(self, device: torch.device) -> Angles:
        """The same there."""
        return Angles(self.cos.to(device), self.sin.to(device))


class Rope:
    """One model's frequencies and the turn by them.

    Angles are float32, as in the implementations that the models were trained with.
    """

    def __init__(self, spec: RopeSpec, factors: Tensor | None, path: ComputePath) -> None:
        self._frequencies, self._magnitude = _turns(spec, factors)
        self._spec = spec
        self._dtype = path.dtype
        self._backend = path.registry.choose(Op.ROPE).backend

    def angles(self, start: int, rows: int) -> Angles:
        """The angles of positions start … start + rows - 1."""
        found = _angles(self._frequencies, self._magnitude, start, rows)
        return Angles(found.cos.to(self._dtype), found.sin.to(self._dtype))

    def turn(self, x: Tensor, angles: Angles) -> None:
        """Rotate the first `dim` values of each head of x [rows, heads, head_dim] in place."""
        self._backend.rope(x[..., : self._spec.dim], angles.cos, angles.sin, self._spec.interleaved)


def angle_tables(spec: RopeSpec, factors: Tensor | None, positions: int) -> Angles:
    """float32 cos and sin [positions, dim/2] from position 0 on, as `Rope.angles` has them."""
    return _angles(*_turns(spec, factors), 0, positions)


def _turns(spec: RopeSpec, factors: Tensor | None) -> tuple[Tensor, float]:
    """Frequencies [dim/2], and what cos and sin are multiplied by."""
    frequencies = inverse_frequencies(spec)
    scaling = spec.scaling
    magnitude = scaling.attention_factor if isinstance(scaling, YarnScaling) else 1.0
    return frequencies if factors is None else frequencies / factors, magnitude


def _angles(frequencies: Tensor, magnitude: float, start: int, rows: int) -> Angles:
    positions = torch.arange(start, start + rows, dtype=torch.float32)
    turned = torch.outer(positions, frequencies)
    return Angles(turned.cos() * magnitude, turned.sin() * magnitude)


def inverse_frequencies(spec: RopeSpec) -> Tensor:
    """float32 [dim/2]: theta^(-2i/dim) (Su et al. 2021, equation 15), scaled as `spec` says.

    Every step rounds where transformers rounds: at position 4,096 the last bit of a
    frequency is 2e-4 of an angle.
    """
    exponents = torch.arange(0, spec.dim, 2, dtype=torch.float32) / spec.dim
    periods = spec.theta**exponents
    match spec.scaling:
        case None:
            return 1.0 / periods
        case LinearScaling(factor):
            return 1.0 / periods / factor
        case Llama3Scaling() as scaling:
            return _llama3(1.0 / periods, scaling)
        case YarnScaling() as scaling:
            return _yarn(periods, spec, scaling)


def _llama3(frequencies: Tensor, scaling: Llama3Scaling) -> Tensor:
    """Long wavelengths divided, short ones kept, a smooth step between (Llama 3.1's code)."""
    context, low, high = (
        scaling.original_context_tokens,
        scaling.low_freq_factor,
        scaling.high_freq_factor,
    )
    wavelengths = 2 * math.pi / frequencies
    divided = torch.where(wavelengths > context / low, frequencies / scaling.factor, frequencies)
    smooth = (context / wavelengths - low) / (high - low)
    blended = (1 - smooth) * divided / scaling.factor + smooth * divided
    between = (wavelengths >= context / high) & (wavelengths <= context / low)
    return torch.where(between, blended, divided)


def _yarn(periods: Tensor, spec: RopeSpec, scaling: YarnScaling) -> Tensor:
    """A ramp from frequencies as they are to divided ones (Peng et al. 2023, section 3.2)."""

    def dimension_of(rotations: float) -> float:
        """Where a frequency turns that often within the original context."""
        turns = scaling.original_context_tokens / (rotations * 2 * math.pi)
        return (spec.dim * math.log(turns)) / (2 * math.log(spec.theta))

    low, high = dimension_of(scaling.beta_fast), dimension_of(scaling.beta_slow)
    if scaling.truncate:
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, 0), min(high, spec.dim - 1)
    width = high - low if high != low else 0.001
    ramp = ((torch.arange(spec.dim // 2, dtype=torch.float32) - low) / width).clamp(0, 1)
    kept = 1 - ramp
    return 1.0 / (scaling.factor * periods) * (1 - kept) + 1.0 / periods * kept
