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
        values, ids = self._candidates(scores)
        probabilities = _min_p(_top_p(values.softmax(-1), self._settings.top_p), self._settings)
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
        """The top-k scores, best first, and their ids; all of them where top-k is off."""
        top_k = self._settings.top_k or scores.shape[0]
        best = scores.topk(min(top_k, scores.shape[0]), sorted=True)
        return best.values, best.indices


def _top_p(probabilities: Tensor, top_p: float) -> Tensor:
    """Keep the fewest best that reach `top_p` together (Holtzman et al. 2020); the rest 0."""
    if top_p >= 1.0:
        return probabilities
    before = probabilities.cumsum(-1) - probabilities
    return probabilities.masked_fill(before >= top_p, 0.0)


def _min_p(probabilities: Tensor, settings: SamplerSettings) -> Tensor:
    """Drop what is less likely than min_p times the likeliest (Nguyen et al. 2024)."""
    return probabilities.masked_fill(probabilities < settings.min_p * probabilities[0], 0.0)
