"""Says when nobody has used the window for a while, so that the history is locked.

For: the window. `AutoLock` is the clock; here are the eyes: keys, mouse, touch, input methods. A
computer that wakes from sleep is looked at before the first key counts as presence.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from app.chats.vault.autolock import AutoLock, elapsed_ms

_MINUTE_MS = 60_000
# Timers stand still while the computer sleeps: none sleeps for long.
_LOOK_AGAIN_MS = 15_000
_PRESENCE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.InputMethod,
    }
)


class IdleLock(QObject):
    """Emits `due` once nobody was there for so many minutes; then it rests until `start`."""

    due = Signal()

    def __init__(
        self,
        is_busy: Callable[[], bool],
        parent: QObject,
        now: Callable[[], int] = elapsed_ms,
    ) -> None:
        """While something is busy that the user waits for, the user is there."""
        super().__init__(parent)
        self._is_busy = is_busy
        self._now = now
        self._clock: AutoLock | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)

    def start(self, minutes: int) -> None:
        """Watch from now on; 0 minutes: never due."""
        self.stop()
        if minutes > 0:
            self._clock = AutoLock(minutes * _MINUTE_MS, self._now)
            application = QCoreApplication.instance()
            assert application is not None
            application.installEventFilter(self)
            self._look()

    def stop(self) -> None:
        """Watch no longer."""
        application = QCoreApplication.instance()
        if self._clock is not None and application is not None:
            application.removeEventFilter(self)
        self._clock = None
        self._timer.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note presence. The first touch after too long an absence reaches nothing."""
        if event.type() not in _PRESENCE or self._clock is None:
            return False
        if self._look():
            return True
        self._clock.touch()
        return False

    def _look(self) -> bool:
        """Whether it was due."""
        if self._clock is None:
            return False
        if self._is_busy():
            self._clock.touch()
        left_ms = self._clock.due_in_ms()
        if left_ms == 0:
            self.stop()
            self.due.emit()
            return True
        self._timer.start(min(left_ms or _LOOK_AGAIN_MS, _LOOK_AGAIN_MS))
        return False
