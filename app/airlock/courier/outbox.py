"""Lines to a process that may not read them: nobody here waits for it, and little is kept.

For: the desk in the launcher. A line goes whole or not yet (it is shorter than what a pipe takes
at once). Of what waits, progress gives way to newer progress, and the oldest to the newest.
"""

from __future__ import annotations

import os
from collections import deque

_MOST_WAITING = 64


class Outbox:
    """The writing end of a pipe, which never blocks; this object's until `close`."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor: int | None = descriptor
        self._waiting: deque[tuple[bytes, bool]] = deque()

    @property
    def descriptor(self) -> int | None:
        """None once the reader has gone, or after `close`."""
        return self._descriptor

    @property
    def is_waiting(self) -> bool:
        """Whether lines wait for the pipe to have room."""
        return bool(self._waiting)

    def put(self, line: bytes, *, is_passing: bool = False) -> None:
        """Write at once or keep; what `is_passing` needs to be told only while it is the latest."""
        if self._waiting and is_passing and self._waiting[-1][1]:
            self._waiting.pop()
        self._waiting.append((line, is_passing))
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft()
        self.flush()

    def flush(self) -> None:
        """Write what the pipe takes; a reader who has gone ends it."""
        while self._waiting and self._descriptor is not None:
            try:
                os.write(self._descriptor, self._waiting[0][0])
            except BlockingIOError:
                return
            except OSError:
                self.close()
                return
            self._waiting.popleft()

    def close(self) -> None:
        """Close the pipe; what waits is dropped."""
        self._waiting.clear()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
