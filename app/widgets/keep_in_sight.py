"""Scrolls to what the keyboard comes to in an area from beside it.

Within an area Qt does so itself; where Tab enters one that is scrolled elsewhere it does not.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from app.theme.metrics import SPACE


class KeepInSight(QObject):
    """Follows the focus into one area."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or not isValid(self._area):  # it goes with its window
            return
        content = self._area.widget()
        if content is None or not content.isAncestorOf(now):
            return
        if now.visibleRegion().isEmpty():  # what is clicked never is: nothing jumps
            self._area.ensureWidgetVisible(now, SPACE.xl, SPACE.xl)
