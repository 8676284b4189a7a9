"""The cases that every backend is held to: shapes chosen to hurt.

One row, rows at the edge of the invariant path, ragged sizes, an expert that nobody
chose, all rows on one expert, a cache of one position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor, Scheme


@dataclass(frozen=True)
class LinearCase:
    """x [rows, in_blocks · block] · weight [out_features, …]ᵀ."""

    rows: int
    out_features: int
    in_blocks: int

    def columns(self, scheme_name: str) -> int:
        """With the blocks of a file's scheme; floats have none, and get ragged widths."""
        block = BLOCK_SCHEMES[scheme_name].block_elements
        return self.in_blocks * block if block > 1 else 37 * self.in_blocks + self.rows % 2

    def __str__(self) -> str:
        return f"{self.rows}x{self.out_features}x{self.in_blocks}b"


@dataclass(frozen=True)
class AttentionCase:
    """`rows` new tokens behind `past` cached ones."""

    rows: int
    past: int
    num_heads: int
    num_kv_heads: int
    head_dim: int

    def __str__(self) -> str:
        return f"{self.rows}+{self.past}h{self.num_heads}/{self.num_kv_heads}d{self.head_dim}"


@dataclass(frozen=True)
class ExpertsCase:
    """`rows` tokens, each on `top_k` of `num_experts`; `skew` says how they choose."""

    rows: int
    num_experts: int
    top_k: int
    skew: str

    def chosen(self) -> Tensor:
        """int64 [rows, top_k], no expert twice in a row."""
        if self.skew == "all on one set":
            return torch.arange(self.top_k).expand(self.rows, -1).contiguous()
        random = torch.Generator().manual_seed(self.rows)
        # The last expert stays without tokens.
        drawn = torch.rand(self.rows, self.num_experts - 1, generator=random)
        return drawn.topk(self.top_k, dim=-1).indices

    def __str__(self) -> str:
        return f"{self.rows}on{self.top_k}of{self.num_experts}-{self.skew.replace(' ', '-')}"


LINEAR_CASES = (
    LinearCase(1, 1, 1),
    LinearCase(1, 96, 3),
    LinearCase(2, 33, 1),
    LinearCase(7, 64, 2),
    LinearCase(8, 65, 2),
    LinearCase(9, 31, 1),
    LinearCase(48, 40, 2),
    LinearCase(129, 17, 1),
)
# As in models, where speed is looked at too; the interpreters would take minutes over them.
REAL_LINEAR_CASES = (
    LinearCase(1, 1408, 8),
    LinearCase(8, 1408, 8),
    LinearCase(48, 1408, 8),
)
ATTENTION_CASES = (
    AttentionCase(1, 0, 1, 1, 2),
    AttentionCase(1, 37, 9, 3, 64),
    AttentionCase(8, 5, 4, 4, 16),
    AttentionCase(9, 0, 6, 2, 16),
    AttentionCase(150, 23, 4, 1, 8),
)
EXPERTS_CASES = (
    ExpertsCase(1, 4, 1, "spread"),
    ExpertsCase(3, 8, 2, "spread"),
    ExpertsCase(8, 8, 4, "all on one set"),
    ExpertsCase(40, 8, 2, "spread"),
    ExpertsCase(17, 4, 3, "all on one set"),
)
REAL_EXPERTS_CASES = (ExpertsCase(1, 64, 6, "spread"), ExpertsCase(128, 64, 6, "spread"))


def random_blocks(scheme: Scheme, shape: tuple[int, ...], seed: int) -> PackedTensor:
    """A packed tensor of random values that its scheme can hold, for schemes that `pack`.

    For those that can't, random codes with scales that keep values near one are made by
    the schemes' own tests.
    """
    pack = getattr(scheme, "pack", None)
    if pack is None:
        raise ValueError(f"{scheme.name} cannot pack")
    random = torch.Generator().manual_seed(seed)
    packed = pack(torch.randn(shape, generator=random))
    assert isinstance(packed, PackedTensor)
    return packed


def random_values(seed: int, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Standard normal values of a fixed seed."""
    random = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=random, dtype=torch.float64).to(dtype)


def invariant_rows() -> Iterator[int]:
    """Row counts over which a row's bits must not change."""
    yield from (1, 2, 3, 5, 8)
