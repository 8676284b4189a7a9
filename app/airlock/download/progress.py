"""How far a download is: bytes, speed, time left.

For: `job`, and whoever shows it. Knows nothing of files or hosts.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_WINDOW_S = 10.0


class Step(StrEnum):
    """What it is at: reading what had arrived, fetching, or reading all of it once more."""

    CHECK = "check"
    FETCH = "fetch"
    VERIFY = "verify"


class State(StrEnum):
    """Whether it goes on: at work, paused by somebody or a full disk, or waiting for the hub."""

    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"


@dataclass(frozen=True)
class Progress:
    """Bytes of the step, the speed of the last seconds, and the time left, None where unknown.

    `why`: a sentence, where it waits or a full disk paused it. `file`: one that it is at.
    """

    step: Step
    state: State
    why: str
    done_bytes: int
    total_bytes: int
    bytes_per_s: float
    left_s: float | None
    file: str


@dataclass(frozen=True)
class Watch:
    """Who is told, from the thread that runs the job, a few times a second."""

    on_progress: Callable[[Progress], None] = lambda progress: None


SILENT = Watch()


class Tally:
    """Counts a step's bytes and knows the speed; any thread."""

    def __init__(self, step: Step, total_bytes: int, done_bytes: int = 0) -> None:
        self.step, self.total_bytes = step, total_bytes
        self._lock = threading.Lock()
        self._done_bytes = done_bytes
        self._seen: deque[tuple[float, int]] = deque([(time.monotonic(), done_bytes)])
        self.file = ""

    def add(self, count: int, file: str = "") -> None:
        """`count` more, or fewer where what had arrived is fetched again."""
        with self._lock:
            self._done_bytes += count
            self.file = file or self.file

    def progress(self, state: State, why: str) -> Progress:
        """As it is now."""
        with self._lock:
            done, now_s = self._done_bytes, time.monotonic()
            self._seen.append((now_s, done))
            while len(self._seen) > 2 and now_s - self._seen[0][0] > _WINDOW_S:
                self._seen.popleft()
            since_s, before = self._seen[0]
        speed = max(0.0, (done - before) / (now_s - since_s)) if now_s > since_s else 0.0
        if state is not State.RUNNING:
            speed = 0.0
        left_s = (self.total_bytes - done) / speed if speed > 0 else None
        return Progress(self.step, state, why, done, self.total_bytes, speed, left_s, self.file)
