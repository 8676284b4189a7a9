"""A map as a tensor, apart from the opening of files: what opens small ones needs no torch."""

from __future__ import annotations

import mmap
import warnings

import torch
from torch import Tensor


def bytes_over(data: mmap.mmap) -> Tensor:
    """The map as a tensor, uint8 [bytes]; it keeps the map."""
    with warnings.catch_warnings():
        # The map is read-only, and torch has no such tensors; nothing writes to weights.
        warnings.filterwarnings("ignore", "The given buffer is not writable")
        return torch.frombuffer(data, dtype=torch.uint8)
