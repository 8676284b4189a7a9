"""Tensors as the kernels read them: every row begins at 16 bytes.

For: the ops beside this file. The tensors of real models lie like that as they are. Those of
odd sizes are copied, which is right and slow: kernels that read any address would be slow for all.
"""

from __future__ import annotations

from torch import Tensor

from kernels.workspace import Workspace

UNIT = 4  # float32 values in 16 bytes


def aligned(x: Tensor, name: str, work: Workspace) -> Tensor:
    """`x` [..., width], or a copy in scratch memory of that name whose rows begin at 16 bytes."""
    if begins_at_16_bytes(x) and not any(stride % UNIT for stride in x.stride()[:-1]):
        return x
    width = x.shape[-1]
    padded = work.take(name, (*x.shape[:-1], -(-width // UNIT) * UNIT), x.dtype)
    copy = padded[..., :width]
    copy.copy_(x)
    return copy


def begins_at_16_bytes(x: Tensor) -> bool:
    """Whether its first value does, as every pointer that is given to a kernel must."""
    return x.data_ptr() % 16 == 0


def settled(x: Tensor) -> Tensor:
    """`x`, or a copy of it that begins at 16 bytes: only of models with odd sizes."""
    return x if begins_at_16_bytes(x) else x.clone()


def units(x: Tensor, *axes: int) -> tuple[int, ...]:
    """Strides of `axes` in units of four values."""
    return tuple(x.stride(axis) // UNIT for axis in axes)
