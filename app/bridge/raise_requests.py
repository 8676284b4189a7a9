"""Another start of the program asks this window to come forward.

For: `app/application.py`. The launcher checks who asks (`app/airlock/raise_server.py`) and
writes to a pipe (`raise_pipe.py`); here Qt's loop reads it. A desktop may refuse to hand over
the keyboard to a window that its user did not touch (every Wayland one does): then the window
asks for attention in the task bar.
"""

from __future__ import annotations

import logging
import os

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

_log = logging.getLogger(__name__)
_READ_BYTES = 256


class RaiseRequests(QObject):
    """Emits `received` for every request, those that came before the window in one."""

    received = Signal()

    def __init__(self, pipe: int | None, parent: QObject | None = None) -> None:
        """Watch `pipe`, which is this object's from now on; None where there is none."""
        super().__init__(parent)
        self._pipe = pipe
        if pipe is not None:
            self._notifier = QSocketNotifier(pipe, QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._on_readable)

    def close(self) -> None:
        """Take no more: from here on another start opens a window of its own."""
        if self._pipe is None:
            return
        self._notifier.setEnabled(False)
        os.close(self._pipe)
        self._pipe = None

    def _on_readable(self) -> None:
        if self._pipe is None:
            return
        if os.read(self._pipe, _READ_BYTES):
            _log.info("another start asks for the window")
            self.received.emit()
        else:
            self.close()  # the launcher has died: `leaving.py` ends this process


def bring_forward(window: QWidget) -> None:
    """Unminimise the window and put it above others, as far as the desktop lets us."""
    if window.isMinimized():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)
