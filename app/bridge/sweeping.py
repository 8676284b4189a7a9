"""When Python's collector walks over all that there is: in a turn of the window's loop of its own,
and at rest.

For the window. By itself the collector does so in the middle of anything and in any thread. With a
long answer on the screen, 170,000 objects, that is 40 ms and more on top of whatever was under way,
such as a page that opens. What is young it collects by itself as ever.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_LOOK_S = 1.0
_REST_SHARE = 0.1  # of a look's time: a thread that computes less waits for the user
_MOST_LOOKS = 60  # without rest: then it is done all the same
_MOST_SHARE = 0.01  # of all time may go into it
_PYTHONS_OWN = gc.get_threshold()
_NEVER = 2**30


class Sweeper(QObject):
    """Has all garbage collected from time to time. `computed_s` tells how long the window's thread
    has computed so far.
    """

    def __init__(
        self,
        parent: QObject,
        now_s: Callable[[], float] = time.monotonic,
        computed_s: Callable[[], float] = time.thread_time,
    ) -> None:
        super().__init__(parent)
        self._now_s = now_s
        self._read_computed_s = computed_s
        self._computed_s = computed_s()
        self._next_s = now_s()
        self._looks = 0  # since there is something to do
        gc.set_threshold(*_PYTHONS_OWN[:2], _NEVER)
        self._timer = QTimer(self, interval=int(_LOOK_S * 1e3))
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.destroyed.connect(_leave)

    def look(self) -> None:
        """Collect where enough has grown old since the last time, and the window's thread rests."""
        before_s, self._computed_s = self._computed_s, self._read_computed_s()
        if not gc.isenabled() or gc.get_count()[2] < _PYTHONS_OWN[2]:
            return
        self._looks += 1
        rests = self._computed_s - before_s < _REST_SHARE * _LOOK_S
        if self._now_s() >= self._next_s and (rests or self._looks >= _MOST_LOOKS):
            self._sweep()

    def _sweep(self) -> None:
        start_s = self._now_s()
        gc.collect()
        end_s = self._now_s()
        self._next_s = end_s + (end_s - start_s) / _MOST_SHARE
        self._looks, self._computed_s = 0, self._read_computed_s()


def _leave() -> None:
    """All of it is the collector's again."""
    gc.set_threshold(*_PYTHONS_OWN)
