"""Scratch memory that callers hand to ops, so that a decode step allocates nothing large.

For: backends. One per engine thread; not thread-safe. Contents do not survive the op. What a
captured CUDA graph uses must stay where it is: `fixed` refuses whatever would move it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

_CPU = torch.device("cpu")


class Workspace:
    """Named scratch buffers on one device, that grow and are kept until `clear`."""

    def __init__(self, device: torch.device = _CPU) -> None:
        self._buffers: dict[tuple[str, torch.dtype], Tensor] = {}
        self.device = device
        self._is_fixed = False

    def take(self, name: str, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        """An uninitialised contiguous tensor of `shape`, valid until `name` is taken again."""
        elements = math.prod(shape)
        buffer = self._buffers.get((name, dtype))
        if buffer is None or buffer.numel() < elements:
            if self._is_fixed:
                raise AssertionError(f"{name} takes {elements} elements of {dtype} more")
            buffer = torch.empty(elements, dtype=dtype, device=self.device)
            self._buffers[name, dtype] = buffer
        return buffer[:elements].view(shape)

    @contextmanager
    def fixed(self) -> Iterator[None]:
        """Inside, everything that is taken lies where it lay before; else AssertionError.

        One pass of the largest step beforehand takes what there is to take.
        """
        before, self._is_fixed = self._is_fixed, True
        try:
            yield
        finally:
            self._is_fixed = before

    @property
    def held_bytes(self) -> int:
        """Bytes held for reuse."""
        return sum(b.numel() * b.element_size() for b in self._buffers.values())

    def clear(self) -> None:
        """Give all of it back; never while it is fixed."""
        if self._is_fixed:
            raise AssertionError("what a graph uses was to be given back")
        self._buffers.clear()
