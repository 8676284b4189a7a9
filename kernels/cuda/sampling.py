"""The likeliest tokens of a vocabulary on a GPU, so that a sampler fetches these alone.

For: whoever samples from logits that lie on a card. As `kernels.cpu.sampling.greatest`, but that
a logit that is no number is the first value, as asking for it would make the host wait.
"""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.cuda.operands import pointers
from kernels.gpu.launching import Kernel, Kind, Launch, Launcher, Parameter
from kernels.workspace import Workspace

MOST = 1024
# As csrc/sampling.cu has them.
_SLICE, _THREADS = 4096, 256

_COUNTS = (Parameter("count", Kind.I32), Parameter("keep", Kind.I32))
BEST_OF_LOGITS = Kernel(
    "pk_best_of_logits",
    (Parameter("logits", Kind.F32_POINTER), Parameter("best", Kind.I64_POINTER), *_COUNTS),
)
BEST_OF_BEST = Kernel("pk_best_of_best", (*pointers(("keys", "best"), Kind.I64_POINTER), *_COUNTS))
BEST_AS_LOGITS = Kernel(
    "pk_best_as_logits",
    (
        *pointers(("keys", "ids"), Kind.I64_POINTER),
        Parameter("values", Kind.F32_POINTER),
        Parameter("keep", Kind.I32),
    ),
)


def greatest(
    launcher: Launcher, logits: Tensor, count: int, work: Workspace
) -> tuple[Tensor, Tensor]:
    """Values float32 and ids int64 [min(count, vocab)] of the greatest logits, best first.

    logits: float32 [vocab], contiguous. Equal ones go by the lower id; NaN comes first. Both
    results lie in `work`. Raises ValueError for a count outside 1 … `MOST`.
    """
    if not 1 <= count <= MOST:
        raise ValueError(f"the greatest {count} logits were asked for")
    left = logits.shape[0]
    keep = min(count, left)
    kernel, source, number = BEST_OF_LOGITS, logits, 0
    while True:
        slices = -(-left // _SLICE)
        best = work.take(f"sampling.best{number % 2}", (slices * keep,), torch.int64)
        launcher.launch(Launch(kernel, (slices, 1, 1), (source, best, left, keep), _THREADS))
        if slices == 1:
            break
        kernel, source, number, left = BEST_OF_BEST, best, number + 1, slices * keep
    values = work.take("sampling.values", (keep,), torch.float32)
    ids = work.take("sampling.ids", (keep,), torch.int64)
    grid = (-(-keep // _THREADS), 1, 1)
    launcher.launch(Launch(BEST_AS_LOGITS, grid, (best, ids, values, keep), _THREADS))
    return values, ids
