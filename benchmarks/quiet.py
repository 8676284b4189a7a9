"""Whether the machine is ours: what other processes take of it, and waiting until they stop.

For: `benchmarks.rounds` and `benchmarks.campaign`. An engine with two threads on two cores
loses far more than its share to a third process, because its threads wait for one another;
figures from such a time say nothing about engines.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil

# Of a core: what a quiet system takes for itself is below.
QUIET_CORES = 0.15
LOOK_S = 1.0
SLEEP_S = 2.0


def busy_seconds() -> float:
    """Processor time that all processes have used, and what the host has taken away."""
    times = psutil.cpu_times()
    fields = ("user", "nice", "system", "irq", "softirq", "steal")
    return float(sum(getattr(times, name, 0.0) for name in fields))


def busy_cores(look_s: float = LOOK_S) -> float:
    """How many cores are in use, seen over a while in which we do nothing."""
    before, started_s = busy_seconds(), time.perf_counter()
    time.sleep(look_s)
    return (busy_seconds() - before) / (time.perf_counter() - started_s)


def wait_until_quiet(
    most_s: float, say: Callable[[str], None], look: Callable[[], float] = busy_cores
) -> None:
    """Returns when nobody else works, or after `most_s`, which it says; 0 does not look."""
    until_s = time.monotonic() + most_s
    has_said = False
    while time.monotonic() < until_s:
        cores = look()
        if cores <= QUIET_CORES:
            return
        if not has_said:
            say(f"Others use {cores:.1f} cores: waiting.")
            has_said = True
        time.sleep(SLEEP_S)
    if has_said:
        say("They did not stop: measuring all the same.")
