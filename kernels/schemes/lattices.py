"""The lattices of the IQ schemes: tables of points that codes point into.

They are part of the format; `tools/make_lattices.py` wrote the data file beside this
module from the `gguf` package's.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

_FILE = Path(__file__).with_name("lattices.safetensors")
# Eight signs are stored as seven: the eighth makes their number of minuses even.
_SEVEN_BITS = 128


@cache
def lattice(name: str) -> Tensor:
    """float32 [points, values of a point] of a lattice by its name in the data file."""
    return load_file(_FILE)[name].to(torch.float32)


def points(name: str, codes: Tensor) -> Tensor:
    """The points that integer codes [blocks, n] name: float32 [blocks, n · values]."""
    return lattice(name)[codes.to(torch.int64)].flatten(1)


@cache
def _sign_table() -> Tensor:
    codes = torch.arange(_SEVEN_BITS, dtype=torch.int64)
    bits = (codes.unsqueeze(-1) >> torch.arange(7)) & 1
    eighth = bits.sum(-1, keepdim=True) & 1
    return 1.0 - 2.0 * torch.cat([bits, eighth], -1).to(torch.float32)


def even_signs(codes: Tensor) -> Tensor:
    """Codes of seven bits [blocks, n] → signs float32 [blocks, 8 n]."""
    return _sign_table()[codes.to(torch.int64)].flatten(1)
