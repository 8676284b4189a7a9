"""What campaigns against readers share: damages, limits of time and memory, findings.

For: `fuzz_gguf` and `fuzz_safetensors`. Deterministic by the seed of the generator.
"""

from __future__ import annotations

import math
import random
import signal
import struct
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from inference.errors import InferenceError

_MOST_SECONDS = 1
# Values that break readers: edges of every width, signs, and counts near the caps.
EDGES = (0, 1, 2, 7, 8, 31, 32, 127, 128, 255, 1 << 15, 1 << 16, (1 << 16) + 1, 1 << 24,
         (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 40, (1 << 62) - 1, 1 << 62,
         (1 << 63) - 1, 1 << 63, (1 << 64) - 32, (1 << 64) - 1)  # fmt: skip


class HangError(Exception):
    """A mutant took longer than it may."""


@dataclass
class Findings:
    """What a campaign saw; `failures` is empty where all is well.

    Shares are traced memory over the size of what was read; the reader's campaign says
    how large they may be.
    """

    most_opening: float
    most_reading: float
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    worst_opening: float = -math.inf
    worst_reading: float = -math.inf

    @property
    def is_sound(self) -> bool:
        """Nothing failed, and nothing took more memory than it may."""
        bounded = (
            self.worst_opening <= self.most_opening and self.worst_reading <= self.most_reading
        )
        return bounded and not self.failures

    def note(self, attempt: Callable[[], None]) -> None:
        """Run an attempt to read a mutant: it opens or is refused by a typed error, in time."""
        outcome = "opened"
        try:
            with _alarm():
                attempt()
        except InferenceError as error:
            outcome = type(error).__name__
        except Exception as error:  # noqa: BLE001 - whatever else comes is what we look for
            outcome = "failure"
            self.failures.append(f"{type(error).__name__}: {error}")
        self.outcomes[outcome] += 1

    def report(self, count: int) -> str:
        """What to print at the end."""
        memory = (
            f"memory beside the allowance: opening {max(0, self.worst_opening):.2f} times the "
            f"size at most, reading {max(0, self.worst_reading):.2f}"
        )
        return "\n".join([f"{count:,} mutants: {dict(self.outcomes)}", memory, *self.failures[:20]])


@dataclass
class Trace:
    """What was allocated at most while it ran."""

    peak_bytes: int = 0

    def share(self, size: int, allowance_bytes: int) -> float:
        """Of `size` bytes, less what Python's own objects cost."""
        return (self.peak_bytes - allowance_bytes) / max(1, size)


@contextmanager
def traced() -> Iterator[Trace]:
    """Tracemalloc must run."""
    trace = Trace()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        yield trace
    finally:
        trace.peak_bytes = tracemalloc.get_traced_memory()[1] - before


def damaged(draw: random.Random, original: bytes, place: Callable[[int], int]) -> bytes:
    """One to four damages to bytes; `place` draws where, within a size."""
    data = bytearray(original)
    for _ in range(draw.randint(1, 4)):
        at = place(len(data)) if data else 0
        match draw.randrange(7):
            case 0 if data:
                data[at] ^= 1 << draw.randrange(8)
            case 1 if data:
                data[at] = draw.randrange(256)
            case 2:
                data[at : at + 8] = struct.pack("<Q", draw.choice(EDGES))
            case 3:
                data[at : at + 4] = struct.pack("<I", draw.choice(EDGES) & 0xFFFFFFFF)
            case 4:
                del data[at:]
            case 5:
                end = draw.randrange(at, min(len(data), at + 64) + 1)
                data[at:at] = data[at:end] * draw.randint(1, 3)
            case _:
                del data[at : at + draw.randint(1, 64)]
    return bytes(data)


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(signum: int, frame: FrameType | None) -> None:
        raise HangError(f"over {_MOST_SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, _MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
