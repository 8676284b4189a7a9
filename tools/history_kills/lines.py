"""What the killed program tells its parent: a JSON object a line, each with the clock's time.

For: `worker` (`Teller`) and `killing` (`Listener`). A line that a kill cut off is no line: what
it would have acknowledged was not. The clock is the machine's own monotonic one, which both
processes read.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any

Line = dict[str, Any]


class Teller:
    """Writes lines, whole ones, from any thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._turn = threading.Lock()

    def tell(self, kind: str, **fields: object) -> None:
        """One line. It has left this process when this returns."""
        with self._turn:
            line = {"t": time.monotonic(), "kind": kind} | fields
            left = memoryview(json.dumps(line).encode() + b"\n")
            while left:
                left = left[os.write(self._descriptor, left) :]


class Listener:
    """Reads lines in a thread of its own until every writer of the pipe is gone."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: list[Line] = []
        self._news = threading.Condition()
        self._has_ended = False
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._thread.start()

    def wait_for(self, wanted: Callable[[Line], bool], limit_s: float) -> bool:
        """Until a line is `wanted`; false where there is none when the pipe or the time ends."""
        ends_at_s, looked_at = time.monotonic() + limit_s, 0
        with self._news:
            while True:
                if any(map(wanted, self._lines[looked_at:])):
                    return True
                looked_at = len(self._lines)
                left_s = ends_at_s - time.monotonic()
                if self._has_ended or left_s <= 0:
                    return False
                self._news.wait(left_s)

    def to_the_end(self, limit_s: float) -> tuple[Line, ...] | None:
        """All lines, once nobody can write another one; None where somebody still could."""
        self._thread.join(limit_s)
        if self._thread.is_alive():
            return None
        return tuple(self._lines)

    def _listen(self) -> None:
        beginning = b""
        while piece := os.read(self._descriptor, 1 << 16):
            *whole, beginning = (beginning + piece).split(b"\n")
            with self._news:
                self._lines += map(json.loads, whole)
                self._news.notify_all()
        os.close(self._descriptor)
        with self._news:
            self._has_ended = True
            self._news.notify_all()
