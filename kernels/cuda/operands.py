"""Tensors as kernels take them: float32, contiguous in the last axis, beginning at 16 bytes.

For: the ops of this package. What does not begin so is copied into scratch memory; that happens
to shapes of tests and to odd models, not to those that people run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor

from kernels.gpu.launching import Kind, Parameter
from kernels.workspace import Workspace

ALIGNMENT = 16


def pointers(names: Sequence[str], kind: Kind) -> tuple[Parameter, ...]:
    """Parameters of one kind."""
    return tuple(Parameter(name, kind) for name in names)


def aligned(tensor: Tensor, name: str, work: Workspace) -> Tensor:
    """The tensor itself, or a copy in the scratch buffer `name`."""
    if tensor.data_ptr() % ALIGNMENT == 0 and tensor.stride(-1) == 1:
        return tensor
    copy = work.take(name, tuple(tensor.shape), tensor.dtype)
    copy.copy_(tensor)
    return copy


@contextmanager
def write_aligned(out: Tensor, name: str, work: Workspace) -> Iterator[Tensor]:
    """`out` itself, or scratch memory of its shape that is copied into it at the end."""
    if out.data_ptr() % ALIGNMENT == 0 and out.stride(-1) == 1:
        yield out
        return
    target = work.take(name, tuple(out.shape), out.dtype)
    yield target
    out.copy_(target)
