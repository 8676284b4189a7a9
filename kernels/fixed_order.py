"""One thread for few rows, so that a row's bits are its own.

Shared among threads, a product or a sum is split where the number of threads says, and
its rounding with it. One thread also waits for nobody: with another process on one of two
cores, decoding in two threads fell to a fiftieth of its quiet speed, as each of a
token's thousands of short parallel sections waited for the thread that was not running.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from kernels.contracts import MAX_INVARIANT_ROWS


@contextmanager
def fixed_order(rows: int) -> Iterator[None]:
    """Up to `MAX_INVARIANT_ROWS` rows: torch's threads are put at one, and back."""
    threads = torch.get_num_threads()
    if rows > MAX_INVARIANT_ROWS or threads == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
