"""Memory as unkind as a contract allows: NaN wherever an op has no business.

For: tests of backends. A tensor made here has NaN between its rows and behind its end; scratch
memory is full of NaN, or of the greatest whole number, whenever it is taken.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kernels.schemes.base import PackedTensor
from kernels.workspace import Workspace

# Four float32, so that a row whose width is a multiple of 16 bytes begins at one.
GAP = 4


class HostileWorkspace(Workspace):
    """Scratch memory that never holds what anybody left in it."""

    def take(self, name: str, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        taken = super().take(name, shape, dtype)
        return taken.fill_(math.nan if dtype.is_floating_point else torch.iinfo(dtype).max)


def between_nans(values: Tensor, device: str) -> Tensor:
    """The same values [..., n] on `device`, contiguous in the last axis alone."""
    shape = (*values.shape[:-1], values.shape[-1] + 2 * GAP)
    wide = torch.full(shape, math.nan, dtype=values.dtype, device=device)
    inner = wide[..., GAP:-GAP]
    inner.copy_(values)
    return inner


def before_nans(values: Tensor, axis: int, device: str) -> Tensor:
    """The same values on `device`, with NaN behind them along `axis`, as in a cache's buffer."""
    shape = list(values.shape)
    shape[axis] += 5
    longer = torch.full(shape, math.nan, dtype=values.dtype, device=device)
    inner = longer.narrow(axis, 0, values.shape[axis])
    inner.copy_(values)
    return inner


def unwritten(*shape: int, device: str) -> Tensor:
    """Where a result is to be written: NaN, with gaps as `between_nans`."""
    return between_nans(torch.full(shape, math.nan), device)


def moved(packed: PackedTensor, device: str) -> PackedTensor:
    """The same weight on `device`; on the processor itself, as it may be mapped."""
    buffers = {name: buffer.to(device) for name, buffer in packed.buffers.items()}
    return PackedTensor(packed.scheme, buffers, packed.shape)
