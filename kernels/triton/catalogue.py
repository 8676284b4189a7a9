"""Every kernel that the backend may launch on a target: what is built ahead of time.

For: `tools/build_gpu_kernels.py`. Imports no triton.
"""

from __future__ import annotations

from collections.abc import Iterator

from kernels.gpu.launching import Kernel
from kernels.triton.attention import attention_kernels
from kernels.triton.experts import (
    COUNT_SLOTS,
    WEIGHTED_SUM,
    gates_kernel,
    grouped_kernel,
    place_kernel,
)
from kernels.triton.formats import FLOATS, SCHEMES
from kernels.triton.products import (
    SCALED_ROWS,
    SPLIT_ROWS,
    embedding_kernel,
    fp8_kernel,
    product_kernel,
)
from kernels.triton.rows import row_kernels
from kernels.triton.sampling import SAMPLING_KERNELS
from kernels.triton.tiles import Rows, fp8_tile, gates_tile, product_tile


def kernels_for(target: int) -> Iterator[Kernel]:
    """Each once, but for those that are the same for several shapes."""
    yield from _products(target)
    yield from _experts(target)
    yield from attention_kernels(target)
    yield from row_kernels()
    yield from SAMPLING_KERNELS


def _products(target: int) -> Iterator[Kernel]:
    yield SCALED_ROWS
    for scheme in SCHEMES:
        yield embedding_kernel(scheme)
        for rows in (Rows.FEW, Rows.MANY):
            for across in (False, True):
                yield product_kernel(scheme, product_tile(target, rows, scheme), across)
    tile = fp8_tile(target)
    if tile:
        yield from (SPLIT_ROWS, fp8_kernel(tile))


def _experts(target: int) -> Iterator[Kernel]:
    yield from (COUNT_SLOTS, WEIGHTED_SUM)
    for rows in Rows:
        yield place_kernel(gates_tile(target, rows, SCHEMES[0]).m)
        for scheme in SCHEMES:
            yield grouped_kernel(scheme, product_tile(target, rows, scheme))
            if scheme not in FLOATS:
                yield gates_kernel(scheme, gates_tile(target, rows, scheme))
