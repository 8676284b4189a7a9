"""Another start of the program asks this window to come forward, and perhaps to take files.

For: `app/application.py`. The launcher checks who asks (`app/airlock/raise_server.py`) and
writes to a pipe (`raise_pipe.py`); here Qt's loop reads it. A desktop may refuse to hand over
the keyboard to a window that its user did not touch (every Wayland one does): then the window
asks for attention in the task bar.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

_log = logging.getLogger(__name__)
_READ_BYTES = 1 << 16


class RaiseRequests(QObject):
    """Emits `received` for every request, those that came before the window in one, and then
    `files_received` with a tuple of Path, where there are any.
    """

    received = Signal()
    files_received = Signal(object)

    def __init__(self, pipe: int | None, parent: QObject | None = None) -> None:
        """Watch `pipe`, which is this object's from now on; None where there is none."""
        super().__init__(parent)
        self._pipe = pipe
        self._begun = b""
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
        piece = os.read(self._pipe, _READ_BYTES)
        if not piece:
            self.close()  # the launcher has died: `leaving.py` ends this process
            return
        self._begun += piece
        self._tell()

    def _tell(self) -> None:
        """All requests that are whole; what is begun waits for its rest."""
        files: list[bytes] = []
        pending: list[bytes] = []
        place = whole = 0
        while place < len(self._begun):
            if self._begun.startswith(b"\n", place):  # within a path it is no end
                files, pending = files + pending, []
                place = whole = place + 1
            elif (end := self._begun.find(b"\0", place)) >= 0:
                pending.append(self._begun[place:end])
                place = end + 1
            else:
                break
        self._begun = self._begun[whole:]
        if whole:
            _log.info("another start asks for the window")
            self.received.emit()
        if files:
            self.files_received.emit(tuple(Path(os.fsdecode(file)) for file in files))


def bring_forward(window: QWidget) -> None:
    """Unminimise the window and put it above others, as far as the desktop lets us."""
    if window.isMinimized():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)
