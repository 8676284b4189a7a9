"""The three-second test of this machine's speed, beside the window.

For: pages that say how fast a model would be. It takes every core, so whoever starts it sees to
it that no model answers meanwhile. What was measured before is told at once.
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.bridge.tasks import Tasks

if TYPE_CHECKING:
    from inference.machine import KernelSpeed


class SpeedTest(QObject):
    """One test at a time; belongs to the GUI thread.

    Signals: `progressed` (the share that is done), then one of `measured` (a KernelSpeed),
    `failed` (the error) and `stopped`.
    """

    progressed = Signal(float)
    measured = Signal(object)
    failed = Signal(object)
    stopped = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._stop = Event()
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not told its end."""
        return self._is_running

    def start(self, *, anew: bool = False) -> None:
        """Measure, or take what was measured before, unless `anew`; nothing while it runs."""
        if self._is_running:
            return
        self._is_running = True
        self._stop = stop = Event()
        self._tasks.run(
            lambda: self._measure(stop, anew=anew),
            self._on_measured,
            what_failed="",  # said by whoever listens to `failed`
            on_failure=self._on_failed,
        )

    def cancel(self) -> None:
        """Stop within milliseconds; what was measured before stays."""
        self._stop.set()

    def _measure(self, stop: Event, *, anew: bool) -> KernelSpeed:
        # Late: they load torch, which the window does not wait for.
        from app.library.speed import measure_speed, stored_speed

        kept = None if anew else stored_speed()
        return kept or measure_speed(stop.is_set, self.progressed.emit)

    def _on_measured(self, found: KernelSpeed) -> None:
        self._is_running = False
        self.measured.emit(found)

    def _on_failed(self, error: Exception) -> None:
        from inference.machine import SpeedTestCancelledError

        self._is_running = False
        if isinstance(error, SpeedTestCancelledError):
            self.stopped.emit()
        else:
            self.failed.emit(error)
