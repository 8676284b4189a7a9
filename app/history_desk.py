"""Opens the dialog about the history and does what is asked there.

For: `Application`. What concerns the key and backups the dialog does by itself, with
`HistoryJobs`; here is what also concerns settings, the chat that is shown, and the window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.bridge.history_jobs import HistoryJobs
from app.bridge.history_worker import HistoryWorker
from app.chats.upkeep.backup_list import Backup
from app.chats.upkeep.wipe import Wiped
from app.main_window import MainWindow
from app.numbers import whole
from app.pages.chat.controller import ChatController
from app.pages.history.deleting_words import ask_before_deleting
from app.pages.history.history_dialog import HistoryDialog
from app.settings import (
    AUTO_LOCK_CHOICES,
    AUTO_LOCK_MINUTES,
    DELETE_AFTER_CHOICES,
    DELETE_AFTER_DAYS,
    Setting,
)
from app.widgets.confirm_dialog import ConfirmDialog
from app.window_history import Services, WindowHistory


class HistoryDesk(QObject):
    """One dialog at a time. `settings_changed` tells that a setting was changed in it."""

    settings_changed = Signal()

    def __init__(
        self,
        services: Services,
        window: MainWindow,
        chat: ChatController,
        history: HistoryWorker,
        keeping: WindowHistory,
    ) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._chat = chat
        self._history = history
        self._keeping = keeping
        self.jobs = HistoryJobs(history, services.tasks, services.notices, self)
        self.dialog: HistoryDialog | None = None

    def open(self) -> None:
        """Show the dialog, while the history is open."""
        if self.jobs.history is None or self.dialog is not None:
            return
        settings = self._services.settings
        dialog = self.dialog = HistoryDialog(
            self._services.theme,
            self.jobs,
            self._services.notices,
            (settings.effective(AUTO_LOCK_MINUTES).value, AUTO_LOCK_CHOICES),
            (settings.effective(DELETE_AFTER_DAYS).value, DELETE_AFTER_CHOICES),
            self._window,
        )
        for choice, setting in (
            (dialog.auto_lock, AUTO_LOCK_MINUTES),
            (dialog.delete_after, DELETE_AFTER_DAYS),
        ):
            choice.set_locked(settings.effective(setting).locked_by is not None)
        dialog.lock_now_requested.connect(self._keeping.lock)
        dialog.auto_lock_chosen.connect(self._on_auto_lock_chosen)
        dialog.delete_after_chosen.connect(self._on_delete_after_chosen)
        dialog.restore_requested.connect(self._on_restore_requested)
        dialog.delete_all_requested.connect(self._on_delete_all_requested)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def ask_to_delete_after(self, days: int, on_settled: Callable[[], None]) -> None:
        """Delete chats that did not change for so long, now and from now on, if that is meant.

        `on_settled` is called whatever is answered.
        """
        dialog = ask_before_deleting(self._services.theme, days, self._window)
        dialog.accepted.connect(lambda: self._on_delete_after_chosen(days))
        dialog.finished.connect(lambda _result: on_settled())
        dialog.open()

    def watch_idleness(self) -> None:
        """The time after which the history locks itself was changed."""
        self._keeping.watch_idleness()

    def _on_finished(self, _result: int) -> None:
        self.dialog = None

    def _on_auto_lock_chosen(self, minutes: int) -> None:
        self._change(AUTO_LOCK_MINUTES, minutes)
        self._keeping.watch_idleness()

    def _on_delete_after_chosen(self, days: int) -> None:
        self._change(DELETE_AFTER_DAYS, days)
        self._keeping.upkeep.delete_old()

    def _change(self, setting: Setting[int], value: int) -> None:
        self._services.settings.change(setting, value)
        self._services.save_settings()
        self.settings_changed.emit()

    def _on_restore_requested(self, backup: Backup) -> None:
        """The chat that is shown may not be in it."""
        if self.dialog is not None:
            self.dialog.accept()
        self._chat.new_chat()
        self._history.restore(backup)

    def _on_delete_all_requested(self) -> None:
        self._history.do(
            lambda history: len(history.store.conversations()),
            self._ask_whether_all,
            what_failed=self.tr("The chats were not counted."),
        )

    def _ask_whether_all(self, count: int) -> None:
        if self.dialog is None:
            return
        if not count:
            self._services.notices.news(self.tr("There are no chats to delete."))
            return
        confirm = ConfirmDialog(
            self._services.theme,
            self.tr("Delete all chats?"),
            self.tr(
                "All {count} chats are deleted for good, pinned ones too, and from all backups. "
                "It can’t be undone."
            ).format(count=whole(count)),
            self.tr("Delete all chats"),
            self.dialog,
        )
        confirm.accepted.connect(self._delete_all)
        confirm.open()

    def _delete_all(self) -> None:
        self._chat.new_chat()
        self.jobs.write(
            self.tr("Deleting all chats"),
            lambda history: history.wipe([chat.id for chat in history.store.conversations()]),
            self._on_all_deleted,
        )

    def _on_all_deleted(self, wiped: Wiped) -> None:
        self._keeping.upkeep.tell_left_over(wiped)
        self._services.notices.news(
            self.tr("Chats deleted for good: {count}.").format(count=whole(wiped.chats))
        )
        self._keeping.upkeep.wiped.emit()
