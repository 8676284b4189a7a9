"""The order in which Tab reaches controls that come and go: as they stand.

Qt puts a widget that comes later behind all others of its window.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtWidgets import QWidget


def tab_through(start: QWidget, controls: Iterable[QWidget]) -> None:
    """Have Tab reach these from `start` on, in this order; all of them take the keyboard."""
    for before, after in pairwise((start, *controls)):
        QWidget.setTabOrder(before, after)
