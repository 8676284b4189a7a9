"""The one way to do something in the background: work off the GUI thread, the rest back on it.

For every job but the engine, which has a thread of its own. The window goes first. A failure that
nobody handles goes to the notices; it is never lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.bridge.priority import yield_to_the_window
from app.error_words import words_of
from app.notices import Notices

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_WORKERS = 4
_CLOSE_LIMIT_S = 15.0


@dataclass(frozen=True)
class _Outcome:
    """What is called on the GUI thread once the work is over."""

    deliver: Callable[[], None]


class Tasks(QObject):
    """Runs work in a small pool; belongs to the GUI thread."""

    _ended = Signal(object)

    def __init__(
        self,
        notices: Notices,
        parent: QObject | None = None,
        *,
        workers: int = _WORKERS,
        name: str = "task",
    ) -> None:
        """With one worker jobs are done in the order in which they were given."""
        super().__init__(parent)
        self._notices = notices
        self._pool = ThreadPoolExecutor(workers, name, yield_to_the_window)
        self._jobs: set[Future[None]] = set()
        self._is_closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], _Result],
        on_success: Callable[[_Result], None],
        *,
        what_failed: str,
        on_failure: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do `work` elsewhere, then `on_success` here.

        Without `on_failure` a failure is shown as `what_failed` and the error's own sentence.
        After `close` nothing is done.
        """
        if self._is_closed:
            return

        def job() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - whatever failed is told, never lost
                failure = error
                _log.debug("A background task failed", exc_info=True)
                self._ended.emit(
                    _Outcome(lambda: self._deliver_failure(failure, what_failed, on_failure))
                )
            else:
                self._ended.emit(_Outcome(lambda: on_success(result)))

        submitted = self._pool.submit(job)
        self._jobs.add(submitted)
        submitted.add_done_callback(self._jobs.discard)

    def close(self, limit_s: float = _CLOSE_LIMIT_S) -> bool:
        """Let what was given end and deliver nothing more; False where it takes longer."""
        self._is_closed = True
        self._pool.shutdown(wait=False)
        return not wait(self._jobs.copy(), limit_s).not_done

    def _deliver_failure(
        self,
        error: Exception,
        what_failed: str,
        on_failure: Callable[[Exception], None] | None,
    ) -> None:
        if on_failure is not None:
            on_failure(error)
        else:
            self._notices.error(f"{what_failed} {words_of(error)}".strip())

    def _on_ended(self, outcome: _Outcome) -> None:
        if not self._is_closed:
            outcome.deliver()
