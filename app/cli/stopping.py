"""Ctrl-C in a command that keeps what is done: the first stops it in order."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

LEFT_BY_CTRL_C = 130


@contextmanager
def stopped_by_ctrl_c() -> Iterator[Event]:
    """The first Ctrl-C sets the event, the second one leaves as always."""
    stop = Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
