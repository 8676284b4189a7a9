"""How threads that compute make way for the window's: the engine's, the counter's, all tasks'.

The interpreter's lock is asked for once per call of Qt, dozens of times a frame, and whoever
computes in Python gives it up only when its interval is over: at Python's own 5 ms a frame took
200 ms while torch was imported.
"""

from __future__ import annotations

import os
import sys
import threading

_NICENESS = 5  # the window's thread goes first: 26 ms became 7 ms in the worst case
# One call of 28 µs that lets others compute meanwhile takes 154 µs with this beside a thread that
# does, 404 µs with 0.3 ms.
_SWITCH_INTERVAL_S = 0.00005


def yield_to_the_window() -> None:
    """Lower this thread's priority; the threads that it starts inherit it.

    One that is lower already stays: who is no administrator may not raise it again.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    if sys.platform == "linux":
        thread = threading.get_native_id()
        if os.getpriority(os.PRIO_PROCESS, thread) < _NICENESS:
            os.setpriority(os.PRIO_PROCESS, thread, _NICENESS)
