"""Choosing the next token.

Order: penalties, temperature, top-k, top-p, min-p, as in the implementations that model
makers tune their recommended values with. Temperature 0 takes the likeliest token after
the penalties. A seed makes the choices repeat on the same machine.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor

from inference.errors import InferenceError
from inference.request import SamplerSettings
from kernels.cpu.sampling import MOST, greatest


class NotANumberError(InferenceError):
    """The model's output holds values that are not numbers: its file is damaged."""


class Sampler:
    """One generation's choices; holds the random state."""

    def __init__(self, settings: SamplerSettings) -> None:
        self._settings = settings
        self.seed = secrets.randbits(32) if settings.seed is None else settings.seed
        self._random = torch.Generator().manual_seed(self.seed)

    def choose(self, logits: Tensor, previous: Sequence[int]) -> int:
        """A token id for logits float [vocab], given the ids before it.

        Raises NotANumberError. `logits` is not changed.
        """
        scores = logits.to(torch.float32, copy=True)
        if not bool(torch.isfinite(scores.max())):
            raise NotANumberError(
                "The model's output is not a number. Its file may be damaged: fetch it again."
            )
        self._penalise(scores, previous)
        if self._settings.temperature == 0:
            return int(scores.argmax())
        scores /= self._settings.temperature
        probabilities, ids = self._candidates(scores)
        drawn = torch.multinomial(probabilities, 1, generator=self._random)
        return int(ids[drawn])

    def _penalise(self, scores: Tensor, previous: Sequence[int]) -> None:
        """Repeat penalty (Keskar et al. 2019, 4.1), presence and frequency penalties, in place."""
        settings = self._settings
        off = (settings.repeat_penalty, settings.presence_penalty, settings.frequency_penalty)
        if off == (1.0, 0.0, 0.0) or not settings.penalty_window_tokens:
            return
        counts = Counter(previous[-settings.penalty_window_tokens :])
        if not counts:
            return
        ids = torch.tensor(list(counts))
        seen = torch.tensor(list(counts.values()), dtype=torch.float32)
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
        values, ids = greatest(scores, min(top_k, MOST))
        if top_k <= MOST:
            return self._kept(values.softmax(-1)), ids
        # Nearly always the best thousand hold all that top-p or min-p leaves.
        some = (values - scores.logsumexp(-1)).exp()
        is_enough = float(some.sum()) >= settings.top_p < 1.0
        if top_k == size and (is_enough or float(some[-1]) < settings.min_p * float(some[0])):
            return self._kept(some), ids
        best = scores.topk(top_k, sorted=True)
        return self._kept(best.values.softmax(-1)), best.indices

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
