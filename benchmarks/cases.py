"""What is measured, and the bars that it is held to: one row each.

For: `benchmarks.compare`. A bar is the least ratio of pairs, ours over the peer's; the bar of
a limit is the least share of what the machine gave at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.protocol import Phase

LLAMA, IK = "llama.cpp", "ik_llama.cpp"
PEER_NAMES = (LLAMA, IK)
Level = Literal["best", "avx2"]
# paired: speed in turns. start: from nothing to the first token. contention: with and without
# another process on one core. whole: once for each engine, as memory holds only one.
Kind = Literal["paired", "start", "contention", "whole"]


@dataclass(frozen=True)
class Case:
    """One measurement. `least` holds bars by peer, `limit_least` that of the
    machine's limit (read bandwidth in decode, int8 peak in prefill); `most` holds bars from
    above, of seconds or of memory."""

    name: str
    model: str
    phase: Phase
    tokens: int
    depth: int = 0
    kind: Kind = "paired"
    level: Level = "best"
    least: Mapping[str, float] = field(default_factory=dict)
    limit_least: float = 0.0
    most: Mapping[str, float] = field(default_factory=dict)
    settings_of: str = ""

    @property
    def deciding(self) -> Case:
        """The case whose sweep decides a peer's settings here; itself where none is named."""
        return next((case for case in CASES if case.name == self.settings_of), self)


def bars(llama: float, ik: float | None = None) -> dict[str, float]:
    """Bars by peer."""
    return {LLAMA: llama} | ({} if ik is None else {IK: ik})


CASES = (
    Case("v2-prefill", "v2lite12", "prefill", 512, least=bars(3.5, 2.2), limit_least=0.45),
    Case("v2-decode", "v2lite12", "decode", 48, least=bars(1.1, 1.1), limit_least=0.88),
    Case("v2-decode-1024", "v2lite12", "decode", 48, 1024),
    Case("v3-prefill", "v3mini", "prefill", 512, least=bars(2.5, 1.7)),
    Case("v3-decode", "v3mini", "decode", 64, least=bars(1.3, 1.1)),
    Case("v3-prefill-4096", "v3mini", "prefill", 512, 4096, least=bars(4.0, 2.5)),
    Case("v3-decode-4096", "v3mini", "decode", 64, 4096, least=bars(3.5, 1.7)),
    Case("smol-prefill", "smollm2", "prefill", 512, least=bars(4.0)),
    Case("smol-decode", "smollm2", "decode", 64, least=bars(1.2)),
    Case("contention", "v2lite12", "decode", 48, kind="contention", settings_of="v2-decode"),
    Case("start", "v2lite12", "prefill", 16, kind="start", most=bars(0.5)),
    Case("avx2-prefill", "v2lite12", "prefill", 512, level="avx2", least=bars(2.0, 1.3)),
    Case("avx2-decode", "v2lite12", "decode", 48, level="avx2", least=bars(1.05, 1.0)),
    Case("whole-prefill", "v2lite", "prefill", 512, kind="whole", settings_of="v2-prefill"),
    Case(
        "whole-decode",
        "v2lite",
        "decode",
        48,
        kind="whole",
        settings_of="v2-decode",
        most=bars(0.7),
    ),
)


def chosen(wanted: str) -> tuple[Case, ...]:
    """Cases by comma-separated names or beginnings of names; all for an empty text."""
    starts = tuple(filter(None, wanted.split(",")))
    found = tuple(case for case in CASES if not starts or case.name.startswith(starts))
    if not found:
        names = ", ".join(case.name for case in CASES)
        raise SystemExit(f"No case begins with {wanted}; there are {names}.")
    return found


def context_tokens(wanted: Case) -> int:
    """What a context must hold for all cases of a model, with a little room."""
    same = (case for case in (*CASES, wanted) if case.model == wanted.model)
    return max(case.depth + case.tokens for case in same) + 16
