"""Scratch memory that callers hand to ops, so that a decode step allocates nothing large.

For: backends. One per engine thread; not thread-safe. Contents do not survive the op.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


class Workspace:
    """Named scratch buffers that grow and are kept until `clear`."""

    def __init__(self) -> None:
        self._buffers: dict[tuple[str, torch.dtype], Tensor] = {}

    def take(self, name: str, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        """An uninitialised contiguous tensor of `shape`, valid until `name` is taken again."""
        elements = math.prod(shape)
        buffer = self._buffers.get((name, dtype))
        if buffer is None or buffer.numel() < elements:
            buffer = torch.empty(elements, dtype=dtype)
            self._buffers[name, dtype] = buffer
        return buffer[:elements].view(shape)

    @property
    def held_bytes(self) -> int:
        """Bytes held for reuse."""
        return sum(b.numel() * b.element_size() for b in self._buffers.values())

    def clear(self) -> None:
        """Give all of it back."""
        self._buffers.clear()
