"""The greatest logits of a vocabulary by Triton's kernels, as `kernels.cpu.sampling` has them.

For: a sampler whose logits lie on a GPU, so that 1,024 of 129,280 cross the bus. Penalties,
temperature and the draw are the sampler's.
"""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.gpu.launching import Kernel, Kind, Launch, Launcher
from kernels.triton.products import parameters
from kernels.triton.views import settled
from kernels.workspace import Workspace

MOST = 1024
# Of so many a program keeps as many as are wanted: a round leaves a quarter at most.
_BLOCK = 4096
_RANKED = 32


def _round(name: str, *source: tuple[Kind, str]) -> Kernel:
    kinds = parameters(*source, (Kind.I64_POINTER, "kept"), (Kind.I32, "count keep"))
    return Kernel(name, kinds, (("BLOCK", _BLOCK),), num_warps=8)


GREATEST_LOGITS = _round("greatest_logits", (Kind.F32_POINTER, "logits"))
GREATEST_KEYS = _round("greatest_keys", (Kind.I64_POINTER, "keys"))
RANK_KEYS = Kernel(
    "rank_keys",
    parameters(
        (Kind.I64_POINTER, "keys"),
        (Kind.F32_POINTER, "logits values"),
        (Kind.I64_POINTER, "ids"),
        (Kind.I32, "count"),
    ),
    (("BLOCK", _RANKED), ("MOST", MOST)),
)
# What is built ahead of time, for every target.
SAMPLING_KERNELS = (GREATEST_LOGITS, GREATEST_KEYS, RANK_KEYS)


def greatest(
    launcher: Launcher, logits: Tensor, count: int, work: Workspace
) -> tuple[Tensor, Tensor]:
    """Values float32 and ids int64 [min(count, vocab)] of the greatest logits, best first.

    logits: float32 [vocab], contiguous; equal ones go by the lower id. One that is not a number
    comes first, and the caller looks for it. Raises ValueError unless `count` is 1 … `MOST`.
    """
    if not 1 <= count <= MOST:
        raise ValueError(f"the greatest {count} logits were asked for")
    logits = settled(logits)
    count = min(count, logits.shape[0])
    keys = _rounds(launcher, logits, count, work)
    values = logits.new_empty(count)
    ids = logits.new_empty(count, dtype=torch.int64)
    grid = (-(-count // _RANKED), 1, 1)
    launcher.launch(Launch(RANK_KEYS, grid, (keys, logits, values, ids, count)))
    return values, ids


def _rounds(launcher: Launcher, logits: Tensor, keep: int, work: Workspace) -> Tensor:
    """The keys of the `keep` greatest, in no order."""
    kernel, source, held = GREATEST_LOGITS, logits, logits.shape[0]
    turn = 0
    while True:
        blocks = -(-held // _BLOCK)
        kept = work.take(f"sampling.keys.{turn}", (blocks * keep,), torch.int64)
        launcher.launch(Launch(kernel, (blocks, 1, 1), (source, kept, held, keep)))
        if blocks == 1:
            return kept
        kernel, source, held, turn = GREATEST_KEYS, kept, blocks * keep, 1 - turn
