"""Perplexity by llama.cpp's rule, so that figures can be compared with its.

The text's tokens are cut into windows of `context` tokens (a last partial one is left
out); in each, the first token is replaced by BOS where the model has it, and the second
half is scored: positions context/2 … context - 2 predict the token behind them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from inference.decoders import AnyDecoder
from inference.errors import RequestError
from inference.layers.decoder import Step
from inference.sentence import said


@dataclass(frozen=True)
class Perplexity:
    """exp of the mean negative log-likelihood, and over how many tokens."""

    perplexity: float
    tokens_scored: int


def perplexity(
    decoder: AnyDecoder,
    token_ids: Sequence[int],
    bos_id: int | None,
    context: int,
    on_window: Callable[[int, int], None] = lambda done, total: None,
) -> Perplexity:
    """Score `token_ids` (with BOS in front where the model wants one: `bos_id`).

    Raises RequestError where the text does not fill one window.
    """
    if context < 4:
        raise RequestError("A perplexity window needs at least 4 tokens.")
    windows = len(token_ids) // context
    if not windows:
        raise RequestError(
            said(
                "The text has {count} tokens; a window of {context} needs at least as many.",
                count=len(token_ids),
                context=context,
            )
        )
    total, count = 0.0, 0
    for window in range(windows):
        ids = list(token_ids[window * context : (window + 1) * context])
        if bos_id is not None:
            ids[0] = bos_id
        total += _window_loss(decoder, ids, context // 2)
        count += context - context // 2 - 1
        on_window(window + 1, windows)
    return Perplexity(math.exp(total / count), count)


def _window_loss(decoder: AnyDecoder, ids: list[int], first: int) -> float:
    """Summed negative log-likelihood, in nats, of ids[first + 1:]."""
    step = Step(torch.tensor(ids, dtype=torch.int64))
    logits = decoder.forward(step, decoder.new_cache(len(ids)), slice(first, len(ids) - 1))
    targets = step.token_ids[first + 1 :]
    loss = torch.nn.functional.cross_entropy(logits.double(), targets, reduction="sum")
    return float(loss)
