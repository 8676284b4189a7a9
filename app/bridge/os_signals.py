"""Operating-system signals that ask the program to end, handed to Qt's event loop.

Python runs its handlers only between its own instructions, and Qt's loop has none: the
interpreter writes each signal's number to a pipe that the loop watches.
"""

from __future__ import annotations

import os
import signal
from types import FrameType, TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

_QUIT_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_WAKE_MS = 200
_READ_BYTES = 64


class QuitSignals(QObject):
    """Emits `received` with the signal's number; a context manager that puts back what was."""

    received = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = {number: signal.getsignal(number) for number in _QUIT_SIGNALS}
        self._pipe: tuple[int, int] | None = None
        self._wakeup_before = -1
        self._notifier: QSocketNotifier | None = None

    def __enter__(self) -> QuitSignals:
        """Start watching."""
        if os.name == "posix":
            self._watch_pipe()
        else:
            self._wake_often()
        for number in _QUIT_SIGNALS:
            signal.signal(number, self._on_python_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the former handlers back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._pipe is not None and self._notifier is not None:
            signal.set_wakeup_fd(self._wakeup_before)
            self._notifier.setEnabled(False)
            for end in self._pipe:
                os.close(end)
            self._pipe = None

    def _watch_pipe(self) -> None:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        self._pipe = (reader, writer)
        self._wakeup_before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(reader, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def _wake_often(self) -> None:
        """Elsewhere a pipe cannot be watched: a timer lets the interpreter run its handlers."""
        timer = QTimer(self)
        timer.timeout.connect(lambda: None)
        timer.start(_WAKE_MS)

    def _on_readable(self) -> None:
        if self._pipe is None:
            return
        for number in os.read(self._pipe[0], _READ_BYTES):
            if number in self._before:
                self.received.emit(number)

    def _on_python_signal(self, number: int, _frame: FrameType | None) -> None:
        """The pipe tells; without one, this does."""
        if self._pipe is None:
            self.received.emit(number)
