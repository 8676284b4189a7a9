"""What is asked of an open history beside its chats: its key's ways, backups, checks.

For: the dialog about the history. One job at a time, in the general pool, because a prompt of
a keyring or a check of every byte would keep the answers that are being stored waiting. Only
what changes chats waits its turn in the history's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.bridge.history_worker import HistoryWorker
from app.bridge.tasks import Tasks
from app.chats.errors import PassphraseRefusedError
from app.chats.history import AnyHistory, History
from app.chats.history_states import Ready
from app.error_words import words_of
from app.notices import Notices

_Result = TypeVar("_Result")


class HistoryJobs(QObject):
    """`busy_changed` brings words for what goes on, and none when it is over."""

    busy_changed = Signal(str)

    def __init__(
        self, history: HistoryWorker, tasks: Tasks, notices: Notices, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._tasks = tasks
        self._notices = notices
        self._is_busy = False

    @property
    def history(self) -> History | None:
        """The history, while it is open."""
        state = self._history.state
        return state.history if isinstance(state, Ready) else None

    @property
    def is_busy(self) -> bool:
        """Whether a job is under way."""
        return self._is_busy

    def run(
        self,
        words: str,
        work: Callable[[History], _Result],
        on_success: Callable[[_Result], None],
        *,
        on_refused: Callable[[str], None] | None = None,
        on_failed: Callable[[], None] | None = None,
    ) -> bool:
        """Do it, saying `words` meanwhile; False where something else is under way.

        A failure goes to the notices, then `on_failed` is called; but `on_refused` gets the
        sentence about a passphrase that can't be used.
        """
        history = self.history
        if history is None or self._is_busy:
            return False
        succeed, fail = self._ends(words, on_success, on_refused, on_failed)
        self._tasks.run(lambda: work(history), succeed, what_failed="", on_failure=fail)
        return True

    def write(
        self,
        words: str,
        work: Callable[[AnyHistory], _Result],
        on_success: Callable[[_Result], None],
    ) -> bool:
        """As `run` for what changes chats: in the history's thread, after what was asked before."""
        if self.history is None or self._is_busy:
            return False
        succeed, fail = self._ends(words, on_success, None, None)
        self._history.do(work, succeed, what_failed="", on_failure=fail)
        return True

    def look(
        self, work: Callable[[History], _Result], on_success: Callable[[_Result], None]
    ) -> None:
        """Read something small, whatever else goes on; a failure goes to the notices."""
        history = self.history
        if history is not None:
            self._tasks.run(lambda: work(history), on_success, what_failed="")

    def _ends(
        self,
        words: str,
        on_success: Callable[[_Result], None],
        on_refused: Callable[[str], None] | None,
        on_failed: Callable[[], None] | None,
    ) -> tuple[Callable[[_Result], None], Callable[[Exception], None]]:
        """Begin to be busy; what ends it well, and what ends it otherwise."""
        self._tell(words)

        def succeed(result: _Result) -> None:
            self._tell("")
            on_success(result)

        def fail(error: Exception) -> None:
            self._tell("")
            if isinstance(error, PassphraseRefusedError) and on_refused is not None:
                on_refused(words_of(error))
                return
            self._notices.error(error)
            if on_failed is not None:
                on_failed()

        return succeed, fail

    def _tell(self, words: str) -> None:
        self._is_busy = bool(words)
        self.busy_changed.emit(words)
