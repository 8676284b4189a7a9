"""What samples say: medians, quartiles, ratios of pairs, and the table for RESULTS.md."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.cases import PEER_NAMES, Case
from benchmarks.engines import OURS
from benchmarks.models import Work
from benchmarks.rounds import Round

HEAD = "| case | Pitcher | llama.cpp | ik_llama.cpp | × llama.cpp | × ik_llama.cpp | other |"
RULE = "|---|---|---|---|---|---|---|"
NOTHING = "–"
IDLE_SHARE_MOST = 0.05
FOREIGN_CORES_MOST = 0.2


@dataclass(frozen=True)
class Spread:
    """Median, quartiles and extremes."""

    median: float
    low: float
    high: float
    min: float
    max: float

    def __str__(self) -> str:
        digits = 0 if self.median >= 100 else 2 if self.median < 10 else 1
        values = (self.median, self.low, self.high, self.min, self.max)
        median, low, high, least, most = (f"{value:.{digits}f}" for value in values)
        return f"{median} ({low}–{high}; {least}–{most})"


def spread(samples: Sequence[float]) -> Spread:
    """Of one sample or more; quartiles are those of the samples themselves."""
    low = high = samples[0]
    if len(samples) > 1:
        low, _, high = statistics.quantiles(samples, n=4, method="inclusive")
    return Spread(statistics.median(samples), low, high, min(samples), max(samples))


@dataclass(frozen=True)
class Found:
    """A case with all of its rounds."""

    case: Case
    work: Work
    rounds: Sequence[Round]

    def values(self, engine: str, busy: bool = False) -> list[float]:
        """Tokens a second, or seconds to the first token."""
        samples = [(r.busy if busy else r.samples)[engine] for r in self.rounds]
        if self.case.kind == "start":
            return [sample.seconds for sample in samples]
        return [sample.tokens_per_s for sample in samples]

    def has(self, engine: str) -> bool:
        """Whether an engine took part."""
        return all(engine in r.samples for r in self.rounds)

    def ratios(self, peer: str) -> list[float]:
        """Ours over a peer's, pair by pair."""
        return [a / b for a, b in zip(self.values(OURS), self.values(peer), strict=True)]

    def busy_shares(self, engine: str) -> list[float]:
        """Speed beside another process over quiet speed, pair by pair."""
        pairs = zip(self.values(engine, busy=True), self.values(engine), strict=True)
        return [busy / quiet for busy, quiet in pairs]

    def limit_shares(self, engine: str) -> list[float]:
        """What part of the paired limit an engine reached; empty where it was not measured."""
        kind = "read" if self.case.phase == "decode" else "int8"
        shares = []
        for number, rate in enumerate(self.values(engine)):
            limits = self.rounds[number].limits
            given = limits and (limits.read_gigabytes_per_s if kind == "read" else limits.int8_gops)
            if given:
                one = self.work.decode_bytes if kind == "read" else self.work.prefill_operations
                shares.append(rate * one / 1e9 / given)
        return shares

    def peak_megabytes(self, engine: str) -> float:
        """The most memory that it held in any round."""
        return max(r.samples[engine].peak_rss_bytes for r in self.rounds) / 1e6


def row(found: Found) -> str:
    """One line of the table."""
    case = found.case
    what = f"{case.name}: {case.model}, {case.phase} {case.tokens} at depth {case.depth}"
    rates = [
        str(spread(found.values(name))) if found.has(name) else NOTHING
        for name in (OURS, *PEER_NAMES)
    ]
    ratios = [ratio_cell(found, peer) for peer in PEER_NAMES]
    return f"| {what} | {' | '.join(rates)} | {' | '.join(ratios)} | {'; '.join(others(found))} |"


def ratio_cell(found: Found, peer: str) -> str:
    """The ratio of pairs and its bar."""
    if not (found.has(OURS) and found.has(peer)):
        return NOTHING
    told = str(spread(found.ratios(peer)))
    if peer in found.case.least:
        told += f", bar ≥ {found.case.least[peer]}"
    if peer in found.case.most and found.case.kind == "start":
        told += f", bar ≤ {found.case.most[peer]}"
    return told


def others(found: Found) -> Iterator[str]:
    """Shares of the limits, of quiet speed, memory, and what looks wrong."""
    case = found.case
    taking_part = [name for name in (OURS, *PEER_NAMES) if found.has(name)]
    for name in taking_part:
        if case.kind == "contention":
            yield f"{name} {spread(found.busy_shares(name))} of quiet speed"
        if case.kind == "whole":
            yield f"{name} peak {found.peak_megabytes(name):,.0f} MB"
        shares = found.limit_shares(name) if case.kind == "paired" and not case.depth else []
        if shares:
            kind = "read bandwidth" if case.phase == "decode" else "int8 peak"
            yield f"{name} {spread(shares)} of {kind}"
        if case.kind == "whole" and name in case.most and found.has(OURS):
            ratio = found.peak_megabytes(OURS) / found.peak_megabytes(name)
            yield f"peak {ratio:.2f} of {name}'s, bar ≤ {case.most[name]}"
    if case.limit_least:
        yield f"bar ≥ {case.limit_least}"
    idle = max(r.idle_share for r in found.rounds)
    if idle > IDLE_SHARE_MOST:
        yield f"**a waiting engine took {idle:.2f} of a core**"
    foreign = statistics.median(r.foreign_cores for r in found.rounds)
    if foreign > FOREIGN_CORES_MOST:
        yield f"**other processes took {foreign:.2f} cores**"


def table(found: Sequence[Found]) -> str:
    """All rows; tokens a second, or seconds where a start is timed."""
    return "\n".join((HEAD, RULE, *map(row, found)))
