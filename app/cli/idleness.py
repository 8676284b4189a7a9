"""A line from the keyboard, unless nobody types for too long.

For: the terminal chat under a policy. The system's own timer interrupts the waiting, so it is for
the main thread, and for systems that have one.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_LOOKS = 20  # how often it is looked during the time: a key counts at the next look
_OFTEN_S = 5.0


@dataclass(frozen=True)
class IdleLimit:
    """For how long nothing may be typed, and the sentence that says why it ends then."""

    seconds: float
    why: str


class LeftAloneError(Exception):
    """Nobody typed for too long. Its sentence is the limit's."""


def line_within(limit: IdleLimit | None, prompt: str) -> str:
    """As `input`. Raises LeftAloneError, EOFError."""
    if limit is None:
        return input(prompt)
    with _watched(limit, _typed_so_far()):
        return input(prompt)


@contextmanager
def _watched(limit: IdleLimit, typed_so_far: Callable[[], str]) -> Iterator[None]:
    seen, since_s = typed_so_far(), time.monotonic()

    def on_alarm(signum: int, frame: FrameType | None) -> None:
        nonlocal seen, since_s
        typed, now_s = typed_so_far(), time.monotonic()
        if typed != seen:
            seen, since_s = typed, now_s
        elif now_s - since_s >= limit.seconds:
            raise LeftAloneError(limit.why)

    before = signal.signal(signal.SIGALRM, on_alarm)
    look_s = min(limit.seconds / _LOOKS, _OFTEN_S)
    signal.setitimer(signal.ITIMER_REAL, look_s, look_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _typed_so_far() -> Callable[[], str]:
    """What stands in the line that is being typed, where line editing knows it."""
    try:
        import readline
    except ImportError:
        return str
    return readline.get_line_buffer
