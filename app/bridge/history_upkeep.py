"""What an open history needs from time to time: the day's backup, and chats that grow too old.

For: the window. Backups are made beside everything else; deleting waits its turn in the
history's thread, and not while an answer is being kept there.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_states import HistoryState
from app.bridge.history_worker import HistoryWorker
from app.bridge.tasks import Tasks
from app.chats.history_states import Ready
from app.chats.upkeep.backup_list import Backup
from app.chats.upkeep.wipe import Wiped
from app.notices import Notices
from app.numbers import whole

_HOUR_MS = 3_600_000
# The first seconds belong to the model that is being loaded.
_FIRST_BACKUP_MS = 10_000


class HistoryUpkeep(QObject):
    """Works while the history is open; `wiped` tells that chats are gone."""

    wiped = Signal()

    def __init__(
        self,
        history: HistoryWorker,
        tasks: Tasks,
        notices: Notices,
        kept_days: Callable[[], int],
        is_busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`kept_days`: after how many days chats are deleted, 0 for never."""
        super().__init__(parent)
        self._history = history
        self._tasks = tasks
        self._notices = notices
        self._kept_days = kept_days
        self._is_busy = is_busy
        self._hourly = QTimer(self, interval=_HOUR_MS)
        self._hourly.timeout.connect(self.back_up)
        self._hourly.timeout.connect(self.delete_old)
        self._first_backup = QTimer(self, singleShot=True, interval=_FIRST_BACKUP_MS)
        self._first_backup.timeout.connect(self.back_up)
        history.changed.connect(self._on_changed)

    def close(self) -> None:
        """Begin nothing more."""
        self._hourly.stop()
        self._first_backup.stop()

    def back_up(self) -> None:
        """Make the day's backup, if it is due."""
        state = self._history.state
        if isinstance(state, Ready):
            history = state.history
            self._tasks.run(
                history.back_up_if_due, _ignore, what_failed="", on_failure=self._on_not_made
            )

    def delete_old(self) -> None:
        """Delete what is older than the user wants it to get."""
        days = self._kept_days()
        if days and isinstance(self._history.state, Ready) and not self._is_busy():
            self._history.do(
                lambda history: history.apply_retention(days),
                self._on_wiped,
                what_failed=self.tr("Old chats were not deleted."),
            )

    def tell_left_over(self, wiped: Wiped) -> None:
        """What a wipe could not reach, or took whole."""
        for folder in wiped.removed_backups:
            self._notices.warning(
                self.tr("The backup {name} was damaged and went whole.").format(name=folder.name)
            )
        for folder in wiped.not_reached:
            self._notices.warning(
                self.tr(
                    "{folder} could not be opened and may still hold deleted chats. Delete it "
                    "by hand."
                ).format(folder=folder)
            )

    def _on_changed(self, state: HistoryState) -> None:
        if isinstance(state, Ready):
            self._hourly.start()
            self._first_backup.start()
            self.delete_old()
        else:
            self.close()

    def _on_wiped(self, wiped: Wiped) -> None:
        self.tell_left_over(wiped)
        if wiped.chats:
            self._notices.news(
                self.tr("Old chats deleted: {count}.").format(count=whole(wiped.chats))
            )
            self.wiped.emit()

    def _on_not_made(self, error: Exception) -> None:
        # A lock stops it; it is made another time.
        if isinstance(self._history.state, Ready):
            self._notices.error(error)


def _ignore(_made: Backup | None) -> None:
    """A backup that was made in silence."""
