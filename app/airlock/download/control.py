"""What somebody tells a download while it goes on: pause, go on, stop, slower.

For: `job` and whoever has it. Any thread may tell.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.airlock.download.errors import StoppedError

_SLICE_S = 0.1


class Control:
    """What somebody told the job; any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_paused = self._is_stopped = False
        self._why = ""

    @property
    def is_paused(self) -> bool:
        """Whether it is to rest."""
        return self._is_paused

    @property
    def is_stopped(self) -> bool:
        """Whether it is to end."""
        return self._is_stopped

    @property
    def why(self) -> str:
        """What paused it, if that was not a person."""
        return self._why

    def pause(self, why: str = "") -> None:
        """Rest until `resume`; the first reason counts."""
        with self._changed:
            if not self._is_paused:
                self._is_paused, self._why = True, why
            self._changed.notify_all()

    def resume(self) -> None:
        """Go on."""
        with self._changed:
            self._is_paused, self._why = False, ""
            self._changed.notify_all()

    def stop(self) -> None:
        """End soon; what has arrived is kept."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def check(self) -> None:
        """Raises StoppedError where it is to end."""
        if self._is_stopped:
            raise StoppedError

    def rest(self, check: Callable[[], None]) -> None:
        """Wait while it is paused; raises StoppedError, and what `check` does."""
        with self._changed:
            while self._is_paused and not self._is_stopped:
                check()
                self._changed.wait(_SLICE_S)
        self.check()

    def sleep(self, seconds: float, check: Callable[[], None]) -> None:
        """Wait so long, unless it is paused meanwhile; raises as `rest` does."""
        until_s = time.monotonic() + seconds
        with self._changed:
            while not self._is_stopped and not self._is_paused:
                check()
                left_s = until_s - time.monotonic()
                if left_s <= 0:
                    break
                self._changed.wait(min(_SLICE_S, left_s))
        self.check()


class Pace:
    """A speed limit that several threads share; None is as fast as it goes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bytes_per_s: float | None = None
        self._free_at_s = 0.0

    def limit(self, bytes_per_s: float | None) -> None:
        """From now on; raises ValueError below 1."""
        if bytes_per_s is not None and not bytes_per_s >= 1:
            raise ValueError("a speed limit is at least one byte a second")
        with self._lock:
            self._bytes_per_s, self._free_at_s = bytes_per_s, 0.0

    def take(self, count: int) -> float:
        """Seconds to wait after `count` bytes."""
        with self._lock:
            if self._bytes_per_s is None:
                return 0.0
            now_s = time.monotonic()
            self._free_at_s = max(self._free_at_s, now_s) + count / self._bytes_per_s
            return self._free_at_s - now_s
