"""The page that stands in the chat's place while the history is not open: follows its states.

It shows nothing of the history. A state that takes less than a moment leaves on the screen what
was there: whoever opens the window sees no flicker, whoever unlocks stays on the screen.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.airlock.report import LockReport
from app.bridge.history_states import HistoryState, Locked, Opening, TemporaryOnly
from app.bridge.history_worker import HistoryWorker
from app.bridge.tasks import Tasks
from app.chats.history_states import (
    CannotOpen,
    Choice,
    FirstTime,
    InUse,
    KeyringWaits,
    NeedsPassphrase,
    OnNetworkShare,
    Ready,
)
from app.chats.upkeep.backup_list import Backup
from app.error_words import words_of
from app.pages.base import Page
from app.pages.history.backup_words import when_words
from app.pages.history.screen import Screen
from app.pages.history.screens import (
    FirstTimeScreen,
    ProblemScreen,
    UnlockScreen,
    WaitingScreen,
)
from app.theme.metrics import MOTION
from app.theme.theme import Theme
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.header import Header
from app.widgets.panel import Ground, Panel


class HistoryPage(Page):
    """One screen a state; `wanted` says whether one of them has to be seen.

    It asks the worker; the states come by `follow`. A screen that only says that something takes
    its time comes where `is_idle` says that nobody is at anything, and goes when somebody writes.
    """

    wanted = Signal(bool)
    typed = Signal(str)  # what is for the chat, which is seen again

    def __init__(
        self,
        theme: Theme,
        report: LockReport,
        history: HistoryWorker,
        tasks: Tasks,
        list_backups: Callable[[], tuple[Backup, ...]],
        is_idle: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._history = history
        self._tasks = tasks
        self._list_backups = list_backups
        self._is_idle = is_idle
        self._newest: Backup | None = None
        self.header = Header(theme, report)
        self.waiting = WaitingScreen(theme)
        self.first_time = FirstTimeScreen(theme)
        self.unlocking = UnlockScreen(theme)
        self.problem = ProblemScreen(theme)
        self._screen: Screen | None = None  # None: the chat is seen
        self._patience = QTimer(self, singleShot=True, interval=MOTION.patience_ms)
        self._lay_out(theme)
        self._connect()

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """What the sidebar holds moves to the header, but for chats."""
        self.header.set_sidebar_docked(is_docked)
        self.header.new_chat.hide()

    def show_lock(self, report: LockReport) -> None:
        """In the header."""
        self.header.show_lock(report)

    def menu_anchor(self) -> QWidget:
        """At the right of the head."""
        return self.header.more

    def take_focus(self) -> None:
        """To what the screen asks for."""
        if self._screen is not None:
            self._screen.take_focus()

    def screen_now(self) -> Screen | None:
        """The screen that is shown; None while the chat is."""
        return self._screen

    def hide_chats_at_once(self) -> None:
        """Before locking: whatever that takes, nothing of the history is seen from here on."""
        self._show(self.waiting)
        self.waiting.show_waiting(self.tr("Locking"))

    def escape(self) -> None:
        """What Esc means here: stop waiting, or no history for now."""
        if self._screen is self.waiting:
            self._history.cancel()
        elif self._screen is self.first_time and not self.first_time.is_busy:
            self._history.go_on_temporary()

    def follow(self, state: HistoryState) -> None:
        """Show what a state asks for."""
        self._patience.stop()
        match state:
            case Opening() | KeyringWaits():
                self._on_opening(waits=not isinstance(state, Opening) or state.waits)
            case Ready() | TemporaryOnly():
                self._leave()
            case FirstTime():
                self.first_time.show_state(words_of(state.sentence))
                self._show(self.first_time)
            case NeedsPassphrase():
                self.unlocking.show_state(asks_passphrase=True, why=words_of(state.why))
                self._show(self.unlocking)
            case Locked():
                self.unlocking.show_state(
                    asks_passphrase=state.asks_passphrase, sentence=words_of(state.sentence)
                )
                self._show(self.unlocking)
            case CannotOpen():
                self._show_problem(self.tr("The chats can’t be opened"), state)
            case InUse():
                self._show_problem(self.tr("The chats are open elsewhere"), state)
            case OnNetworkShare():
                self._show_problem(self.tr("The chats lie on a network share"), state)
            case _:  # NoHistory, which a window that begins one never gets
                self._show_problem(self.tr("The chats can’t be opened"), CannotOpen(state.sentence))

    # ------------------------------------------------------------------ parts

    def _lay_out(self, theme: Theme) -> None:
        self._screens = QStackedWidget()
        for screen in (self.waiting, self.first_time, self.unlocking, self.problem):
            self._screens.addWidget(screen)
        self.header.show_model("", is_starter=False)
        ground = Panel(theme, Ground.SURFACE)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._screens, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ground)

    def _connect(self) -> None:
        history = self._history
        self.header.sidebar_requested.connect(self.sidebar_requested)
        self.header.lock_requested.connect(self.lock_requested)
        self.header.menu_requested.connect(self.menu_requested)
        self._patience.timeout.connect(self._on_patience_ended)
        self.waiting.stop_requested.connect(history.cancel)
        self.waiting.typed.connect(self._on_typed)
        self.first_time.begin_requested.connect(history.begin_under_passphrase)
        self.unlocking.unlock_requested.connect(self._on_unlock_requested)
        self.problem.passphrase_given.connect(history.try_passphrase)
        self.problem.restore_requested.connect(self._on_restore_requested)
        self.problem.salvage_requested.connect(history.salvage)
        for screen in (self.first_time, self.unlocking, self.problem):
            screen.temporary_requested.connect(history.go_on_temporary)
            screen.retry_requested.connect(history.open)

    # ------------------------------------------------------------------ following the states

    def _on_opening(self, *, waits: bool) -> None:
        if waits:
            self.waiting.show_waiting(self.tr("Waiting for the keyring"), for_keyring=True)
            self._show(self.waiting)
        elif self._screen is None:
            self._patience.start()
        elif self._screen is not self.waiting:
            self._screen.set_busy(self.tr("One moment"))

    def _on_patience_ended(self) -> None:
        if self._is_idle():
            self.waiting.show_waiting(self.tr("Opening the chats"), can_write=True)
            self._show(self.waiting)

    def _on_typed(self, letters: str) -> None:
        self._leave()
        self.typed.emit(letters)

    def _show_problem(self, title: str, state: CannotOpen | InUse | OnNetworkShare) -> None:
        choices = state.choices if isinstance(state, CannotOpen) else ()
        self._newest = None
        self.problem.show_state(
            title,
            words_of(state.sentence),
            takes_passphrase=Choice.PASSPHRASE in choices,
            has_backup=Choice.BACKUP in choices,
            can_salvage=Choice.SALVAGE in choices,
        )
        self._show(self.problem)
        if Choice.BACKUP in choices:
            # A list that can't be read leaves the button without a date; restoring says why.
            self._tasks.run(
                self._list_backups,
                self._on_backups_listed,
                what_failed="",
                on_failure=lambda _error: None,
            )

    def _on_backups_listed(self, backups: tuple[Backup, ...]) -> None:
        self._newest = backups[0] if backups else None
        self.problem.show_newest(self._newest)

    def _show(self, screen: Screen) -> None:
        was = self._screen
        self._screen = screen
        if was is not None:
            was.set_busy("")
        if was is not screen:
            if was is not None:
                was.forget()
            self._screens.setCurrentWidget(screen)
        if was is None:
            self.wanted.emit(True)
        self.take_focus()

    def _leave(self) -> None:
        was, self._screen = self._screen, None
        for screen in (self.first_time, self.unlocking, self.problem):
            screen.set_busy("")
            screen.forget()
        if was is not None:
            self.wanted.emit(False)

    # ------------------------------------------------------------------ what is asked for here

    def _on_unlock_requested(self, passphrase: str) -> None:
        state = self._history.state
        if isinstance(state, NeedsPassphrase):
            self._history.try_passphrase(passphrase)
        elif isinstance(state, Locked) and state.asks_passphrase:
            self._history.unlock(passphrase)
        else:
            self._history.open()

    def _on_restore_requested(self) -> None:
        which = self.tr("newest backup that opens")
        if self._newest is not None:
            when = when_words(self._newest.created_at_ms)
            which = self.tr("backup of {when}, or the newest that opens,").format(when=when)
        dialog = ConfirmDialog(
            self._theme,
            self.tr("Restore a backup?"),
            self.tr(
                "The {which} takes the place of the history. What was written since comes along "
                "where it can be read. The present files are set aside, not deleted."
            ).format(which=which),
            self.tr("Restore"),
            self.window(),
        )
        dialog.accepted.connect(self._history.restore)
        dialog.open()
