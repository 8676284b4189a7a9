"""What the courier tells the launcher: one line at a time, from any thread.

For: `role` and `journey`. The launcher believes none of it without looking, and a line that it
can't read ends this process: so what a hub's names could break is mended here.
"""

from __future__ import annotations

import os
import threading
from itertools import count

from app.airlock.courier.messages import MOST_PATH, Exchange, Progress, Report, encode_report
from app.airlock.courier.wire import MOST_BYTES
from app.airlock.download import exchange as fetched
from app.airlock.download import progress as seen
from app.airlock.download.hosts import Host
from app.markup.visible import visible
from inference.sentence import ours

_MOST_HOST = 250


class Telling:
    """The writing end of the reports' pipe."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._begun: dict[int, int] = {}

    def tell(self, report: Report) -> None:
        """Write it whole. Raises OSError where the launcher is gone."""
        line = encode_report(report)
        with self._lock:
            while line:
                line = line[os.write(self._descriptor, line) :]

    def begin_line(self) -> None:
        """From here on another transport counts its exchanges anew."""
        with self._lock:
            self._begun.clear()

    def on_exchange(self, told: fetched.Exchange) -> None:
        """Tell of a connection that is tried, or has ended."""
        self.tell(
            Exchange(
                self._number(told.number, has_ended=told.has_ended),
                told.has_ended,
                told.purpose.value,
                _plain(Host(told.host, told.scheme, told.port).shown, _MOST_HOST),
                told.method,
                _plain(told.path, MOST_PATH),
                told.status or 0,
                ours(told.refusal),
                _bounded(told.bytes_sent),
                _bounded(told.bytes_received),
                told.with_token,
            )
        )

    def on_progress(self, told: seen.Progress) -> None:
        """Tell how far it is."""
        self.tell(
            Progress(
                told.step,
                told.state,
                _bounded(told.done_bytes),
                _bounded(told.total_bytes),
                _bounded(int(told.bytes_per_s)),
                ours(told.why),
            )
        )

    def _number(self, number: int, *, has_ended: bool) -> int:
        """One number for the beginning and the end of an exchange, in the courier's whole life."""
        with self._lock:
            mine = self._begun.pop(number, None) or next(self._numbers)
            if not has_ended:
                self._begun[number] = mine
            return mine


def _plain(text: str, most: int) -> str:
    """One line of what can be printed."""
    line = "".join(sign if sign.isprintable() else "\ufffd" for sign in visible(text))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _bounded(count_bytes: int) -> int:
    return max(0, min(count_bytes, MOST_BYTES))
