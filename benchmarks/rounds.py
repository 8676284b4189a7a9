"""Measures in turns: every round takes each engine once, in alternating order.

For: `benchmarks.compare`. What is compared lies seconds apart; speed on a shared machine
drifts by half within minutes. While one engine works the others are watched: one that
burns processor time between questions would make the rest look slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.burner import Burner
from benchmarks.cases import Case
from benchmarks.engine_process import EngineProcess
from benchmarks.limits import Limits
from benchmarks.protocol import Sample
from benchmarks.quiet import busy_seconds

LIMITS = "limits"


@dataclass(frozen=True)
class Round:
    """One sample of each engine. `busy` has them beside the burner; `idle_share` is the most
    of a core that any waiting engine took, `foreign_cores` the most that other processes did."""

    order: Sequence[str]
    samples: Mapping[str, Sample]
    limits: Limits | None = None
    busy: Mapping[str, Sample] = field(default_factory=dict)
    idle_share: float = 0.0
    foreign_cores: float = 0.0


def in_turns(names: Sequence[str], number: int) -> list[str]:
    """A B C, then C B A."""
    return list(names) if number % 2 == 0 else list(reversed(names))


def paired_round(
    engines: Mapping[str, EngineProcess],
    case: Case,
    number: int,
    measure_limits: Callable[[], Limits],
) -> Round:
    """The limits and every engine, once."""
    order = in_turns([LIMITS, *engines], number)
    samples: dict[str, Sample] = {}
    limits, idle, foreign = None, 0.0, 0.0
    for name in order:
        watched = Watched(engines, name)
        if name == LIMITS:
            limits = measure_limits()
        else:
            samples[name] = engines[name].sample(case.phase, case.tokens, case.depth)
        seen = watched.shares()
        idle, foreign = max(idle, seen[0]), max(foreign, seen[1])
    return Round(order, samples, limits, {}, idle, foreign)


def contention_round(
    engines: Mapping[str, EngineProcess], case: Case, number: int, burner: Burner
) -> Round:
    """Every engine twice: alone, and beside the burner; which comes first alternates."""
    quiet: dict[str, Sample] = {}
    busy: dict[str, Sample] = {}
    order = in_turns(list(engines), number)
    for name in order:
        for is_busy in in_turns(["", "busy"], number):
            if is_busy:
                with burner.burning():
                    busy[name] = engines[name].sample(case.phase, case.tokens, case.depth)
            else:
                quiet[name] = engines[name].sample(case.phase, case.tokens, case.depth)
    return Round(order, quiet, busy=busy)


def start_round(
    starts: Mapping[str, Callable[[], EngineProcess]], case: Case, number: int
) -> Round:
    """From starting each engine's process until the logits behind its prompt are there."""
    samples: dict[str, Sample] = {}
    order = in_turns(list(starts), number)
    for name in order:
        with starts[name]() as engine:
            sample = engine.sample(case.phase, case.tokens, case.depth)
            seconds = engine.seconds_since_start()
        samples[name] = Sample(case.tokens / seconds, seconds, sample.peak_rss_bytes)
    return Round(order, samples)


class Watched:
    """Processor time while one engine works: of those that should wait, and of strangers."""

    def __init__(self, engines: Mapping[str, EngineProcess], working: str) -> None:
        self._engines = list(engines.values())
        # Limits are measured inside our own engine's process where it takes part, which is first.
        self._waiting = [
            place
            for place, name in enumerate(engines)
            if name != working and not (working == LIMITS and place == 0)
        ]
        self._before = self._used()
        self._busy_s = busy_seconds()
        self._started_s = time.perf_counter()

    def _used(self) -> list[float]:
        return [*(engine.cpu_seconds() for engine in self._engines), time.process_time()]

    def shares(self) -> tuple[float, float]:
        """The most of a core that a waiting engine took since, and how many cores others did."""
        passed_s = time.perf_counter() - self._started_s
        used = [now - then for now, then in zip(self._used(), self._before, strict=True)]
        idle = max((used[place] for place in self._waiting), default=0.0)
        foreign = max(0.0, busy_seconds() - self._busy_s - sum(used))
        return idle / passed_s, foreign / passed_s
