"""Comparing a backend's result with the reference's."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.schemes.base import Tolerance


class MismatchError(AssertionError):
    """A result that lies too far from the reference's: says where and how far."""


def compare(got: Tensor, want: Tensor, tolerance: Tolerance) -> float:
    """The greatest relative error over rows of the last axis; raises MismatchError.

    Relative to the greatest |want| of the row, so that a swapped nibble shows and a value
    near zero does not. NaN in `got` never passes.
    """
    if got.shape != want.shape:
        raise MismatchError(f"shape {list(got.shape)}, wanted {list(want.shape)}")
    got, want = got.double(), want.double()
    scale = want.abs().amax(-1, keepdim=True).clamp_min(torch.finfo(torch.float64).tiny)
    error = ((got - want).abs() / scale).nan_to_num(nan=float("inf"))
    worst = float(error.max()) if error.numel() else 0.0
    if worst > tolerance.relative:
        where = torch.unravel_index(error.argmax(), error.shape)
        at = [int(axis) for axis in where]
        raise MismatchError(f"relative error {worst:.2e} at {at}, allowed {tolerance.relative:.2e}")
    return worst
