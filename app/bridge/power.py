"""How many threads an answer is computed with: fewer while the computer runs on its battery.

For: the engine's worker, which asks before each answer. A row's bits are the same with any
number, so an answer can be replayed on the mains. Knows no Qt and no engine.
"""

from __future__ import annotations

from collections.abc import Callable

AUTOMATIC = 0


def on_battery() -> bool:
    """Whether there is a battery and nothing charges it; False where the system won't say."""
    import psutil  # late: the window is up before it

    try:
        battery = psutil.sensors_battery()
    except (OSError, ValueError):  # a half-written file below /sys
        return False
    return battery is not None and battery.power_plugged is False


class ThreadRule:
    """What the user set, and the mains."""

    def __init__(self, is_on_battery: Callable[[], bool] = on_battery) -> None:
        self._is_on_battery = is_on_battery
        self.wanted = AUTOMATIC

    def threads(self, default_threads: int) -> int:
        """For the next answer, where the machine's own number would be `default_threads`."""
        threads = self.wanted or default_threads
        return max(1, threads // 2) if self._is_on_battery() else threads
