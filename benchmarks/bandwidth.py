"""How fast this machine reads memory right now: the plain sum of a large buffer.

For: `benchmarks.compare`, which pairs every measurement with it, because bandwidth on a
shared machine drifts by half within minutes. Prints GB/s.
"""

from __future__ import annotations

import sys
import time

import torch

BUFFER_BYTES = 512 * 1024 * 1024
READS = 4


def read_gigabytes_per_s(threads: int) -> float:
    """The best of a few sums over int64 [elements], far larger than any cache."""
    torch.set_num_threads(threads)
    buffer = torch.ones(BUFFER_BYTES // 8, dtype=torch.int64)
    buffer.sum()
    best_s = float("inf")
    for _ in range(READS):
        started_s = time.perf_counter()
        buffer.sum()
        best_s = min(best_s, time.perf_counter() - started_s)
    return BUFFER_BYTES / best_s / 1e9


if __name__ == "__main__":
    print(f"{read_gigabytes_per_s(int(sys.argv[1])):.2f}")
