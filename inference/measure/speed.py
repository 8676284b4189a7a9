"""Tokens a second of prefill and decode at a depth, for `bench`.

Random tokens, as speed must not depend on what is said; drawn from a fixed seed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from inference.decoders import AnyDecoder
from inference.errors import RequestError
from inference.sentence import said
from inference.session import Session


@dataclass(frozen=True)
class SpeedPlan:
    """What to time: `prefill` and `decode` tokens, each behind `depth` tokens already read."""

    prefill: int
    decode: int
    depth: int
    repeat: int

    def __post_init__(self) -> None:
        if min(self.prefill, self.decode, self.depth) < 0 or self.repeat < 1:
            raise RequestError("Numbers of tokens must be 0 or more, and repeats 1 or more.")
        if not self.prefill and not self.decode:
            raise RequestError("There is nothing to time: give prefill or decode tokens.")


@dataclass(frozen=True)
class Rates:
    """Tokens a second over the repeats."""

    median: float
    min: float
    max: float


@dataclass(frozen=True)
class Speed:
    """Rates; None for what was not asked for."""

    prefill_tokens_per_s: Rates | None
    decode_tokens_per_s: Rates | None


def measure_speed(
    decoder: AnyDecoder, plan: SpeedPlan, on_repeat: Callable[[int], None] = lambda done: None
) -> Speed:
    """Time `plan`; the first pass, which reads the file into memory, is not counted."""
    longest = plan.depth + max(plan.prefill, plan.decode)
    if longest > decoder.spec.context_tokens:
        raise RequestError(
            said(
                "Depth and tokens come to {longest:,}; the model's context holds "
                "{context_tokens:,}.",
                longest=longest,
                context_tokens=decoder.spec.context_tokens,
            )
        )
    torch.set_num_threads(decoder.torch_threads)
    random = torch.Generator().manual_seed(1)
    vocab_size = decoder.spec.vocab_size
    ids = torch.randint(vocab_size, (longest + 1,), generator=random).tolist()
    session = Session(decoder, longest)
    _prefill(session, ids[: plan.depth])
    if not plan.depth:
        session.step(ids[0])
    prefill: list[float] = []
    decode: list[float] = []
    for done in range(plan.repeat):
        session.truncate(plan.depth)
        if plan.prefill:
            tokens = ids[plan.depth : plan.depth + plan.prefill]
            prefill.append(_rate(plan.prefill, lambda: _prefill(session, tokens)))  # noqa: B023
        session.truncate(plan.depth)
        if plan.decode:
            tokens = ids[plan.depth : plan.depth + plan.decode]
            decode.append(_rate(plan.decode, lambda: _decode(session, tokens)))  # noqa: B023
        on_repeat(done + 1)
    return Speed(_rates(prefill), _rates(decode))


def _prefill(session: Session, ids: list[int]) -> None:
    for _ in session.read(ids):
        pass


def _decode(session: Session, ids: list[int]) -> None:
    for token_id in ids:
        session.step(token_id)


def _rate(tokens: int, work: Callable[[], None]) -> float:
    started_s = time.perf_counter()
    work()
    return tokens / (time.perf_counter() - started_s)


def _rates(samples: list[float]) -> Rates | None:
    if not samples:
        return None
    return Rates(statistics.median(samples), min(samples), max(samples))
