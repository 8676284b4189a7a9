"""CUDA's kernels for a step that is recorded: one row, whose position lies in the card's memory.

For: a decoder that replays its steps. It is `backend.CudaBackend`, but that attention asks `seen`
how much of the cache is there, and that what torch would do between ops is launched as well.
"""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.cuda.backend import CudaBackend
from kernels.cuda.kernels import parameters
from kernels.gpu.launching import Kernel, Launcher

_THREADS = 256
ADD = Kernel("pk_add", parameters("x:*fp32 y:*fp32 out:*fp32 count:i32"))
APPEND = Kernel(
    "pk_append",
    parameters(
        "rows:*fp32 row_head:i64 cache:*fp32 cache_head:i64 cache_position:i64 seen:*i32 heads:i32 "
        "width:i32"
    ),
)


class SteppingBackend(CudaBackend):
    """Every op, for one row. `seen`: int32 [1] on the launcher's device, the positions of the
    cache that the row sees, itself the last; whoever runs a step writes it before."""

    _seen: Tensor

    def __init__(self, launcher: Launcher, seen: Tensor, *, precise: bool = True) -> None:
        super().__init__(launcher, precise=precise)
        self._seen = seen

    def add(self, x: Tensor, y: Tensor) -> Tensor:
        """x + y as a new tensor; both contiguous, of one shape."""
        out = torch.empty_like(x)
        count = x.numel()
        self._launch(ADD, (-(-count // _THREADS), 1, 1), _THREADS, x, y, out, count)
        return out

    def append(self, row: Tensor, cache: Tensor) -> None:
        """row [heads, width] → the last position seen of cache [heads, positions, width]."""
        heads, width = row.shape
        given = (row, row.stride(0), cache, cache.stride(0), cache.stride(1))
        grid = (-(-heads * width // _THREADS), 1, 1)
        self._launch(APPEND, grid, _THREADS, *given, self._seen, heads, width)
