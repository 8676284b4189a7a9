"""Long work beside the window that tells how far it is and can be stopped.

For: what is done with models (verifying, moving, bundles). A job is work of `Tasks`, so that its
failure is never lost; its steps cross to the window merged to some ten a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.bridge.tasks import Tasks

_Result = TypeVar("_Result")
_LEAST_GAP_S = 0.1


@dataclass(frozen=True)
class Step:
    """What a job does now, in a sentence of Qt-free code, and how much of it is done."""

    words: str
    done_bytes: int
    total_bytes: int

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else 0.0


@dataclass(frozen=True)
class Hand:
    """What work is given: whom to tell, and whom to ask whether to go on. From any thread."""

    tell: Callable[[Step], None]
    is_stopped: Callable[[], bool]


class Job(QObject):
    """One piece of work, once. `title` is what it is called, in the window's words."""

    stepped = Signal(object)  # a Step
    ended = Signal()  # well, badly or stopped: after what was called for it

    def __init__(self, title: str, subject: object = None, parent: QObject | None = None) -> None:
        """`subject`: what it is about, for whoever looks for jobs of one thing."""
        super().__init__(parent)
        self.title = title
        self.subject = subject
        self.step = Step("", 0, 0)
        self._stop = threading.Event()
        self._told = ("", 0.0)
        self.stepped.connect(self._on_stepped, Qt.ConnectionType.QueuedConnection)

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """End soon; what is done is kept as far as the work keeps it."""
        self._stop.set()

    def run(
        self,
        tasks: Tasks,
        work: Callable[[Hand], _Result],
        on_success: Callable[[_Result], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Do `work` elsewhere, then one of the others here, then tell that it ended."""

        def succeed(result: _Result) -> None:
            on_success(result)
            self.ended.emit()

        def fail(error: Exception) -> None:
            on_failure(error)
            self.ended.emit()

        hand = Hand(self._tell, self._stop.is_set)
        tasks.run(lambda: work(hand), succeed, what_failed="", on_failure=fail)

    def _tell(self, step: Step) -> None:
        """In the work's thread."""
        words, at_s = self._told
        now_s = time.monotonic()
        if step.words != words or now_s - at_s >= _LEAST_GAP_S:
            self._told = (step.words, now_s)
            self.stepped.emit(step)

    def _on_stepped(self, step: Step) -> None:
        self.step = step
