"""Lets a model rest that nobody has used for a while, or at once when memory is short.

For: the application. The worker unloads it, never in the middle of an answer, and loads it
again by itself at the next question. Time that the computer slept does not count: whoever
opens a laptop finds the model where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from app.bridge.memory_watch import memory_is_short

NEVER = 0
_MINUTE_MS = 60_000
_LOOK_EVERY_MS = 10_000
# Somebody who has just read an answer asks the next question soon.
_LEAST_IDLE_MS = 20_000


class Restful(Protocol):
    """What can be told to rest."""

    def idle_ms(self) -> int | None:
        """How long it has done nothing; None while it is busy, or holds no memory."""
        ...

    def rest(self, after_idle_ms: int) -> None:
        """Give memory back, if it is still idle for so long when it comes to it."""
        ...


class ModelKeeper(QObject):
    """Looks every ten seconds."""

    def __init__(
        self,
        model: Restful,
        parent: QObject,
        is_memory_short: Callable[[], bool] = memory_is_short,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._is_memory_short = is_memory_short
        self._idle_minutes = NEVER
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self, idle_minutes: int) -> None:
        """Watch from now on, with another number from now on; 0 minutes: only for memory."""
        self._idle_minutes = idle_minutes
        self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()

    def look(self) -> None:
        """Let it rest if it is time."""
        idle_ms = self._model.idle_ms()
        if idle_ms is None:
            return
        after_ms = self._after_ms(idle_ms)
        if after_ms is not None:
            self._model.rest(after_ms)

    def _after_ms(self, idle_ms: int) -> int | None:
        """After how long it is due, if it is."""
        limit_ms = self._idle_minutes * _MINUTE_MS
        if limit_ms and idle_ms >= limit_ms:
            return limit_ms
        if idle_ms >= _LEAST_IDLE_MS and self._is_memory_short():
            return _LEAST_IDLE_MS
        return None
