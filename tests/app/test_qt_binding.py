"""The Qt binding itself is sound on this Python.

PySide6 6.12.0 is built for Pythons where None is immortal (3.12 and later). On 3.11 each call
that returns nothing takes one reference to None away, and the process dies within minutes.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer

CALLS = 500


def test_calls_that_return_nothing_leave_none_alone(qapp):
    timer = QTimer()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        timer.setInterval(5)
    lost = before - sys.getrefcount(None)
    assert lost < CALLS // 2, "this PySide6 does not fit this Python: pin another one"
