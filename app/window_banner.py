"""Puts the administrator's classification above the window and above each of its dialogs.

For: `Application`. In the window it stands above the sidebar and all pages, a locked history's
too. A dialog may cover the whole window, so each gets a line of its own as soon as it is active.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog

from app.main_window import MainWindow
from app.restrictions import Banner
from app.theme.metrics import SIZE
from app.widgets.classification import Classification


class WindowBanner(QObject):
    """Belongs to the window's life; without a banner it does nothing."""

    def __init__(self, qt: QGuiApplication, window: MainWindow, banner: Banner | None) -> None:
        super().__init__(window)
        self._window = window
        self._banner = banner
        if banner is not None:
            window.setMenuWidget(Classification(banner))
            qt.focusWindowChanged.connect(self._mark_dialogs)

    def _mark_dialogs(self) -> None:
        """Qt places what is a layout's menu bar above it, at its full width."""
        for dialog in QApplication.topLevelWidgets():
            layout = dialog.layout()
            if (
                self._banner is None
                or layout is None
                or not isinstance(dialog, QDialog)
                or not dialog.isVisible()
                or layout.menuBar() is not None
            ):
                continue
            layout.setMenuBar(Classification(self._banner, dialog))
            room = max(dialog.height(), self._window.height())
            dialog.resize(dialog.width(), min(dialog.height() + SIZE.banner, room))
