"""Bounds on what work costs the processor. A clock also counts the time of whoever computes beside
a test, and would fail it on a busy machine.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from app.airlock.template_process import TemplateProcess


@contextmanager
def for_less_than(limit_s: float) -> Iterator[None]:
    """For work of this thread alone."""
    began_s = time.thread_time()
    yield
    took_s = time.thread_time() - began_s
    assert took_s < limit_s, f"computed for {took_s:.2f} s of at most {limit_s} s"


@dataclass
class WorkOf:
    """What one job costs a template worker, also where it dies of it."""

    process: TemplateProcess

    def __post_init__(self) -> None:
        self.process.is_sealed()  # it has started
        self._worker = self.process.process_id()
        self._alive_s, self._dead_s = self._alive(), _children()

    def so_far_s(self) -> float:
        """Seconds of a processor since then."""
        if self.process.process_id() == self._worker:
            return self._alive() - self._alive_s
        return _children() - self._dead_s - self._alive_s

    def _alive(self) -> float:
        times = psutil.Process(self._worker).cpu_times()
        return float(times.user + times.system)


def _children() -> float:
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
