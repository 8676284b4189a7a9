"""Whether the computer is short of memory, so that a model that nobody uses gives up its own.

For: the model's keeper. Linux says how long tasks stood still for want of memory
(/proc/pressure/memory, the kernel's documentation, “PSI”); everywhere there is the share
that is still available.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

_PRESSURE = Path("/proc/pressure/memory")
# Percent of the last ten seconds in which some task waited for memory: above it the desktop
# feels slow. systemd-oomd kills at 60.
_MOST_STALLED_PERCENT = 20.0
_LEAST_AVAILABLE_SHARE = 0.05
_SOME = re.compile(r"^some avg10=(\d+(?:\.\d+)?)", re.MULTILINE)


def available_share() -> float:
    """Of all memory, what could be had without swapping."""
    import psutil  # late: the window is up before it

    memory = psutil.virtual_memory()
    return memory.available / memory.total if memory.total else 1.0


def stalled_percent(file: Path = _PRESSURE) -> float:
    """Of the last ten seconds; 0 where the system does not say."""
    try:
        found = _SOME.search(file.read_text(encoding="ascii", errors="replace"))
    except OSError:
        return 0.0
    return float(found.group(1)) if found else 0.0


def memory_is_short(
    stalled: Callable[[], float] = stalled_percent, share: Callable[[], float] = available_share
) -> bool:
    """Whether somebody should give some back."""
    return stalled() >= _MOST_STALLED_PERCENT or share() < _LEAST_AVAILABLE_SHARE
