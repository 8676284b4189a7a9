"""The installed PySide6 must keep None alive: 6.12.0 does not, on Python 3.11."""

import sys

from PySide6.QtCore import QObject


def test_a_call_that_returns_nothing_takes_no_reference_from_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("same")
    assert sys.getrefcount(None) - before > -500
