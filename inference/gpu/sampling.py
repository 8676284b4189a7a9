"""The likeliest of logits that lie on a card: these alone cross the bus.

For: the engine's sampler, where the card computes a model's head. By CUDA's kernels, as all of
decode is.
"""

from __future__ import annotations

from torch import Tensor

from inference.generation.sampler import Best
from kernels.cuda.sampling import greatest
from kernels.gpu.launching import Launcher
from kernels.workspace import Workspace


def best_of(launcher: Launcher) -> Best:
    """Of logits on the launcher's device; waits for the card."""
    work = Workspace(launcher.device)

    def best(scores: Tensor, count: int) -> tuple[Tensor, Tensor]:
        values, ids = greatest(launcher, scores, count, work)
        return values.cpu(), ids.cpu()

    return best
