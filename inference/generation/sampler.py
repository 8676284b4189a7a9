"""Choosing the next token.

Order: penalties, temperature, top-k, top-p, min-p, as in the implementations that model
makers tune their recommended values with. Temperature 0 takes the likeliest token after
the penalties. A seed makes the choices repeat on the same machine. Logits may lie on a graphics
card: what is not wanted of them stays there.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from inference.errors import InferenceError
from inference.request import SamplerSettings
from kernels.cpu.sampling import MOST, greatest

# Scores float32 [vocab], where they lie, and a count of at most `MOST` → values and ids of the
# greatest in the processor's memory, best first. One that is no number comes first.
Best = Callable[[Tensor, int], tuple[Tensor, Tensor]]


def best_here(scores: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Of scores in the processor's memory."""
    top = scores.max()
    if count == 1 or not bool(torch.isfinite(top)):
        return top.view(1), scores.argmax().view(1)
    return greatest(scores, count)


class NotANumberError(InferenceError):
    """The model's output holds values that are not numbers: its file is damaged."""


class Sampler:
    """One generation's choices; holds the random state."""

    def __init__(self, settings: SamplerSettings, best: Best = best_here) -> None:
        """`best`: of where the logits lie."""
        self._settings = settings
        self._best = best
        self.seed = secrets.randbits(32) if settings.seed is None else settings.seed
        self._random = torch.Generator().manual_seed(self.seed)

    def choose(self, logits: Tensor, previous: Sequence[int]) -> int:
        """A token id for logits float [vocab], given the ids before it.

        Raises NotANumberError. `logits` is not changed.
        """
        scores = logits.to(torch.float32, copy=True)
        self._penalise(scores, previous)
        if self._settings.temperature == 0:
            return int(self._finite_best(scores, 1)[1])
        scores /= self._settings.temperature
        probabilities, ids = self._candidates(scores)
        drawn = torch.multinomial(probabilities, 1, generator=self._random)
        return int(ids[drawn])

    def _finite_best(self, scores: Tensor, count: int) -> tuple[Tensor, Tensor]:
        values, ids = self._best(scores, count)
        if not bool(torch.isfinite(values[0])):
            raise NotANumberError(
                "The model's output is not a number. Its file may be damaged: fetch it again."
            )
        return values, ids

    def _penalise(self, scores: Tensor, previous: Sequence[int]) -> None:
        """Repeat penalty (Keskar et al. 2019, 4.1), presence and frequency penalties, in place."""
        settings = self._settings
        off = (settings.repeat_penalty, settings.presence_penalty, settings.frequency_penalty)
        if off == (1.0, 0.0, 0.0) or not settings.penalty_window_tokens:
            return
        counts = Counter(previous[-settings.penalty_window_tokens :])
        if not counts:
            return
        ids = torch.tensor(list(counts), device=scores.device)
        seen = torch.tensor(list(counts.values()), dtype=torch.float32, device=scores.device)
        old = scores[ids]
        repeat = settings.repeat_penalty
        scores[ids] = (
            torch.where(old > 0, old / repeat, old * repeat)
            - settings.presence_penalty
            - settings.frequency_penalty * seen
        )

    def _candidates(self, scores: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities of what may be drawn, best first (the rest 0), and their ids."""
        settings, size = self._settings, scores.shape[0]
        top_k = min(settings.top_k or size, size)
        values, ids = self._finite_best(scores, min(top_k, MOST))
        if top_k <= MOST:
            return self._kept(values.softmax(-1)), ids
        # Nearly always the best thousand hold all that top-p or min-p leaves.
        some = (values - scores.logsumexp(-1).cpu()).exp()
        is_enough = float(some.sum()) >= settings.top_p < 1.0
        if top_k == size and (is_enough or float(some[-1]) < settings.min_p * float(some[0])):
            return self._kept(some), ids
        best = scores.topk(top_k, sorted=True)
        return self._kept(best.values.cpu().softmax(-1)), best.indices.cpu()

    def _kept(self, probabilities: Tensor) -> Tensor:
        return _min_p(_top_p(probabilities, self._settings.top_p), self._settings)


def _top_p(probabilities: Tensor, top_p: float) -> Tensor:
    """Keep the fewest best that reach `top_p` together (Holtzman et al. 2020); the rest 0."""
    if top_p >= 1.0:
        return probabilities
    before = probabilities.cumsum(-1) - probabilities
    return probabilities.masked_fill(before >= top_p, 0.0)


def _min_p(probabilities: Tensor, settings: SamplerSettings) -> Tensor:
    """Drop what is less likely than min_p times the likeliest (Nguyen et al. 2024)."""
    return probabilities.masked_fill(probabilities < settings.min_p * probabilities[0], 0.0)
