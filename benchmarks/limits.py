"""What the machine gives at this moment: read bandwidth, and the int8 peak.

For: `benchmarks.ours`, beside every round, because both drift by half within minutes. The
native kernels' library measures them with threads like its own; where it is not there the
bandwidth is that of a sum in torch and the peak is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from benchmarks.bandwidth import READS, read_gigabytes_per_s
from kernels.cpu.library import NativeLibraryError, choose_level
from kernels.cpu.pool import NativePool

# Eight times the greatest cache that such a machine has.
BUFFER_BYTES = 256 << 20
# About 20 ms of products at 900 GOPS.
INT8_ROUNDS = 1_000_000


@dataclass(frozen=True)
class Limits:
    """`int8_gops` is None where no native library is there to measure it."""

    read_gigabytes_per_s: float
    int8_gops: float | None


def measure(threads: int) -> Limits:
    """Both, now: the best of a few, in threads that end with it."""
    try:
        pool = NativePool(threads)
        level = choose_level(pool.library)
    except NativeLibraryError:
        return Limits(read_gigabytes_per_s(threads), None)
    buffer = torch.ones(BUFFER_BYTES // 8, dtype=torch.int64)
    try:
        read, products = pool.library.pk_measure_read, pool.library.pk_measure_int8
        reads = [read(pool.handle, buffer.data_ptr(), BUFFER_BYTES) for _ in range(READS)]
        peaks = [products(pool.handle, level.encode(), INT8_ROUNDS) for _ in range(READS)]
    finally:
        pool.close()
    return Limits(max(reads) / 1e9, max(peaks) / 1e9)
