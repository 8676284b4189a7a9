"""Walking a packed matrix a few rows at a time, so that no float copy of it ever exists.

For: backends that multiply with torch. Until a kernel reads packed codes itself, a chunk
is dequantized, used and dropped.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from kernels.schemes.base import PackedTensor


def dequantized_chunks(
    weight: PackedTensor, chunk_values: int, dtype: torch.dtype
) -> Iterator[tuple[int, int, Tensor]]:
    """(start, stop, `dtype` [stop - start, in]) over the rows of weight [out, in].

    A chunk holds about `chunk_values` values, and at least one row (one panel of rows).
    """
    out_features, in_features = weight.shape
    group = weight.scheme.row_group
    step = max(1, chunk_values // max(1, in_features) // group) * group
    for start in range(0, out_features, step):
        stop = min(start + step, out_features)
        yield start, stop, weight.rows(start, stop).dequantize(dtype)
