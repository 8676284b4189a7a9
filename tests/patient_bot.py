"""pytest-qt's bot for a machine that is busy with other things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

# Five seconds, the bot's own limit, were not always enough for a window beside other tests on
# two cores. A wait ends as soon as it may: only a failure takes that long.
PATIENCE_MS = 40_000


class PatientBot(QtBot):
    """Waits longer before it gives up."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        """Until the callback returns anything but False, and raises no AssertionError."""
        __tracebackhide__ = True
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **named: Any) -> Any:
        """For a context that ends once the signal came."""
        return super().waitSignal(signal, timeout=timeout, **named)
