"""The window's history as a whole: which page is seen, locking and unlocking, upkeep.

For: `Application`, which builds it. It knows no database: `HistoryWorker` has that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from app.airlock.report import LockReport
from app.bridge.history_states import HistoryState, Opening, TemporaryOnly
from app.bridge.history_upkeep import HistoryUpkeep
from app.bridge.history_worker import HistoryWorker
from app.bridge.idle_lock import IdleLock
from app.bridge.tasks import Tasks
from app.chats.history_states import (
    CannotOpen,
    Choice,
    FirstTime,
    KeyringWaits,
    NeedsPassphrase,
    Ready,
)
from app.chats.upkeep.backup_list import list_backups
from app.main_window import MainWindow
from app.notices import Notices
from app.pages.base import Page
from app.pages.chat.controller import ChatController
from app.pages.chat.drafts import Draft
from app.pages.history.page import HistoryPage
from app.settings import AUTO_LOCK_MINUTES, DELETE_AFTER_DAYS, Settings
from app.theme.theme import Theme
from app.widgets.app_menu import HistoryAccess
from app.widgets.typed_letters import type_on


@dataclass(frozen=True)
class Services:
    """What every part of the window shares."""

    theme: Theme
    lock: LockReport
    settings: Settings
    tasks: Tasks
    notices: Notices

    def save_settings(self) -> None:
        """Store the settings in force; a failure is told."""
        self.tasks.run(
            self.settings.save,
            lambda _nothing: None,
            what_failed=QCoreApplication.translate("settings", "The settings were not saved."),
        )


class WindowHistory(QObject):
    """Follows the history's states with the window, and locks it."""

    def __init__(
        self,
        services: Services,
        window: MainWindow,
        chat_page: Page,
        chat: ChatController,
        history: HistoryWorker,
        passphrase: str | None = None,
    ) -> None:
        """`passphrase` is used once, for whatever first asks for one."""
        super().__init__(window)
        self._services = services
        self._window = window
        self._chat_page = chat_page
        self._chat = chat
        self._history = history
        self._given = passphrase
        self.page = HistoryPage(
            services.theme,
            services.lock,
            history,
            services.tasks,
            partial(list_backups, history.profile),
            self._is_idle,
        )
        window.add_page(self.page)
        settings = services.settings
        self.upkeep = HistoryUpkeep(
            history,
            services.tasks,
            services.notices,
            lambda: settings.effective(DELETE_AFTER_DAYS).value,
            chat.is_busy,
            self,
        )
        self.idle = IdleLock(chat.is_busy, self)
        self.idle.due.connect(self.lock)
        self.page.wanted.connect(self._on_page_wanted)
        self.page.typed.connect(self._on_typed)
        window.lock_now_requested.connect(self.lock)
        history.changed.connect(self._on_changed)

    @property
    def can_lock(self) -> bool:
        """Whether there is something to lock."""
        return isinstance(self._history.state, Ready)

    @property
    def access(self) -> HistoryAccess:
        """What the menu offers."""
        match self._history.state:
            case Ready():
                return HistoryAccess.OPEN
            case TemporaryOnly():
                return HistoryAccess.LEFT
        return HistoryAccess.NONE

    def lock(self) -> None:
        """Stop and keep the answer, show nothing of the chats, forget the key."""
        if not self.can_lock:
            return
        self._close_what_floats()
        self._chat.forget()
        self.page.hide_chats_at_once()
        self._history.lock()

    def watch_idleness(self) -> None:
        """Begin anew to wait for the time after which it locks itself."""
        if self.can_lock:
            self.idle.start(self._services.settings.effective(AUTO_LOCK_MINUTES).value)
        else:
            self.idle.stop()

    def close(self) -> None:
        """Watch nothing any more, and begin nothing."""
        self.idle.stop()
        self.upkeep.close()

    def _on_changed(self, state: HistoryState) -> None:
        act = self._with_given(state)
        if act is not None:
            # After all others have heard of this state.
            QTimer.singleShot(0, self, act)
            return
        self.page.follow(state)
        self.watch_idleness()
        if isinstance(state, Ready):
            for sentence in state.notices:
                self._services.notices.warning(sentence)

    def _with_given(self, state: HistoryState) -> Callable[[], None] | None:
        """What the passphrase that came with the start can do here; it is forgotten then."""
        if self._given is None or isinstance(state, Opening | KeyringWaits):
            return None
        given, self._given = self._given, None
        match state:
            case FirstTime():
                return partial(self._history.begin_under_passphrase, given)
            case NeedsPassphrase():
                return partial(self._history.try_passphrase, given)
            case CannotOpen() if Choice.PASSPHRASE in state.choices:
                return partial(self._history.try_passphrase, given)
        return None

    def _on_page_wanted(self, is_wanted: bool) -> None:
        self._window.show_page(self.page if is_wanted else self._chat_page)
        self._window.show_chats(is_shown=not is_wanted)

    def _is_idle(self) -> bool:
        """Whether the chat is seen and nothing stands in it: a page that came over it would take
        the keys of whoever writes, and the key that sends.
        """
        chat = self._chat
        is_written = bool(chat.turns) or chat.drafts.now != Draft()
        return self._window.page_now() is self._chat_page and not is_written

    def _on_typed(self, letters: str) -> None:
        """Nothing that was typed is lost: it comes to where the keyboard is in the chat."""
        type_on(self._window, letters)

    def _close_what_floats(self) -> None:
        """Dialogs and menus may show a chat's name."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for dialog in self._window.findChildren(QDialog):
            dialog.reject()
