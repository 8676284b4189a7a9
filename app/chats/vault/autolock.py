"""The clock behind "lock after 10 minutes": how long no one has touched anything.

For: whoever owns a timer and sees the user's input (the window, the terminal). It locks
nothing itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable


def elapsed_ms() -> int:
    """A clock that only goes forward, and goes on while the computer sleeps where it can: a
    laptop opened after an hour has been idle for an hour.
    """
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    if boot_clock is None:
        return time.monotonic_ns() // 1_000_000
    return time.clock_gettime_ns(boot_clock) // 1_000_000


class AutoLock:
    """Says when a history is due to be locked; `after_ms` None means never."""

    def __init__(self, after_ms: int | None, now: Callable[[], int] = elapsed_ms) -> None:
        if after_ms is not None and after_ms <= 0:
            raise ValueError("an idle time is positive, or None for never")
        self._after_ms = after_ms
        self._now = now
        self._touched_at_ms = now()

    def touch(self) -> None:
        """Someone is here."""
        self._touched_at_ms = self._now()

    def is_due(self) -> bool:
        """Whether no one was here for `after_ms`."""
        return self.due_in_ms() == 0

    def due_in_ms(self) -> int | None:
        """How long a timer may sleep before it asks again; None for ever."""
        if self._after_ms is None:
            return None
        return max(0, self._touched_at_ms + self._after_ms - self._now())
