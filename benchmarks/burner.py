"""Another process that wants one whole core: what speed under contention is measured with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

BUSY_LOOP = "while True: pass"


class Burner:
    """A busy loop pinned to one core; it stands still except inside `burning()`."""

    def __init__(self, core: int) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", BUSY_LOOP])
        self._process.send_signal(signal.SIGSTOP)
        os.sched_setaffinity(self._process.pid, {core})

    @property
    def pid(self) -> int:
        """Of the busy loop."""
        return self._process.pid

    @contextmanager
    def burning(self) -> Iterator[None]:
        """It burns meanwhile."""
        self._process.send_signal(signal.SIGCONT)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGSTOP)

    def close(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()


@contextmanager
def burner(core: int = 0) -> Iterator[Burner]:
    """A burner, ended at the end."""
    made = Burner(core)
    try:
        yield made
    finally:
        made.close()
