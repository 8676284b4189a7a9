"""What an engine's process is asked over a pipe, and what it answers: one JSON line each.

For: `benchmarks.ours` and `benchmarks.peer`, which serve, and `benchmarks.engine_process`,
which asks. It runs in every engine's own environment, so it needs nothing but Python. An
engine stays loaded and does nothing between questions; that is what makes it cheap to
measure engines in turns. All read the same stream of random tokens: a sample of N tokens
at a depth D reads the tokens D … D + N behind those before them.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Literal, Protocol

Phase = Literal["prefill", "decode"]
SEED = 1


@dataclass(frozen=True)
class Sample:
    """One timed piece of work, and the most memory that the process has held so far."""

    tokens_per_s: float
    seconds: float
    peak_rss_bytes: int


@dataclass(frozen=True)
class Hello:
    """What a process says when its model is loaded."""

    version: str
    build: str
    settings: Mapping[str, Any]
    load_s: float


class Speaker(Protocol):
    """A loaded model with one conversation's cache."""

    vocab_size: int

    def truncate(self, length: int) -> None:
        """Forgets every token from `length` on."""

    def read(self, tokens: Sequence[int]) -> None:
        """Reads tokens behind what is held, until the last one's logits are there."""

    def step(self, token: int) -> None:
        """The same for one token."""


class Stopwatch:
    """Times a speaker on the common stream, and keeps what it has read."""

    def __init__(self, speaker: Speaker, capacity_tokens: int) -> None:
        draw = random.Random(SEED)
        self._speaker = speaker
        self._stream = [draw.randrange(speaker.vocab_size) for _ in range(capacity_tokens)]
        self._held = 0

    def sample(self, phase: Phase, tokens: int, depth: int) -> Sample:
        """Goes to `depth`, which is not timed, and does the work."""
        if depth + tokens > len(self._stream):
            raise ValueError(f"{depth} + {tokens} tokens do not fit a context of this size")
        self._go_to(depth)
        work = self._stream[depth : depth + tokens]
        started_s = time.perf_counter()
        if phase == "prefill":
            self._speaker.read(work)
        else:
            for token in work:
                self._speaker.step(token)
        seconds = time.perf_counter() - started_s
        self._held = depth + tokens
        return Sample(tokens / seconds, seconds, peak_rss_bytes())

    def _go_to(self, depth: int) -> None:
        if self._held > depth:
            self._speaker.truncate(depth)
        elif self._held < depth:
            self._speaker.read(self._stream[self._held : depth])
        self._held = depth


def peak_rss_bytes(status: Path = Path("/proc/self/status")) -> int:
    """Peak resident set; Linux's VmHWM, as getrusage still holds the parent's before exec."""
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@contextmanager
def answers() -> Iterator[IO[str]]:
    """A private copy of standard output; what native code prints goes to standard error."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        yield out


Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def serve(
    hello: Hello, watch: Stopwatch, more: Mapping[str, Answer], asked: IO[str], out: IO[str]
) -> None:
    """Answers until the questions end; a failure is an answer too, and ends it."""
    known: dict[str, Answer] = {"sample": lambda ask: asdict(watch.sample(**ask)), **more}
    say(out, asdict(hello))
    for line in asked:
        ask = json.loads(line)
        try:
            answer = known[ask.pop("ask")](ask)
        except Exception as error:  # noqa: BLE001 - whatever it is, the asker shall name it
            say(out, {"error": f"{type(error).__name__}: {error}"})
            return
        say(out, answer)


def say(out: IO[str], answer: Mapping[str, Any]) -> None:
    """One line."""
    out.write(json.dumps(answer) + "\n")
    out.flush()


def run_engine(
    load: Callable[[], tuple[Speaker, str, str]],
    settings: Mapping[str, Any],
    capacity_tokens: int,
    more: Mapping[str, Answer] | None = None,
) -> None:
    """The whole life of an engine's process; `load` gives speaker, version and build."""
    with answers() as out:
        started_s = time.perf_counter()
        try:
            speaker, version, build = load()
        except Exception as error:  # noqa: BLE001 - as above
            say(out, {"error": f"{type(error).__name__}: {error}"})
            return
        hello = Hello(version, build, settings, time.perf_counter() - started_s)
        serve(hello, Stopwatch(speaker, capacity_tokens), more or {}, sys.stdin, out)
