"""The window's composition root: builds services, controller, page and window, and wires them.

`main` runs after the lock is in force and verified. The window is on the screen before the
engine, and torch with it, is imported in the engine's thread.
"""

from __future__ import annotations

import os
import sys
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app import translations
from app.airlock.courier.door import take_courier_door
from app.airlock.raise_pipe import take_pipe
from app.airlock.report import LockReport
from app.bridge.engine_port import ModelOpener
from app.bridge.engine_worker import EngineWorker
from app.bridge.history_worker import HistoryWorker
from app.bridge.os_signals import QuitSignals
from app.bridge.raise_requests import RaiseRequests, bring_forward
from app.bridge.tasks import Tasks
from app.chats.errors import VaultError
from app.chats.model import Conversation
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.collector import uncollected
from app.help_desk import HelpDesk
from app.history_desk import HistoryDesk
from app.installation import installation
from app.licences_desk import LicencesDesk
from app.main_window import MainWindow
from app.model_opening import opener_by
from app.notices import Notices
from app.pages.chat.chats import Chats
from app.pages.chat.controller import ChatController
from app.pages.chat.page import ChatPage
from app.pages.chat.title_suggesting import TitleSuggesting
from app.pages.chat.tuning import Tuning
from app.settings import (
    LANGUAGE,
    MODEL,
    REDUCE_MOTION,
    SEND_KEY,
    SIDEBAR_SHOWN,
    SIDEBAR_WIDTH,
    SUGGEST_TITLES,
    SYSTEM_FONT,
    TEXT_SIZE_PERCENT,
    THEME,
    Language,
    Settings,
    user_settings,
)
from app.settings_desk import SettingsDesk
from app.theme.assets import MissingAssetError, app_icon, load_fonts
from app.theme.theme import Theme
from app.widgets.app_menu import AppMenu, HistoryAccess
from app.widgets.faces import install_faces
from app.widgets.palette_commands import Commands
from app.window_banner import WindowBanner
from app.window_commands import Doing, WindowCommands
from app.window_diagnostics import WindowDiagnostics
from app.window_exports import WindowExports
from app.window_files import GivenFiles
from app.window_finding import Finding
from app.window_first_run import FirstRun
from app.window_graphics import WindowGraphics
from app.window_history import Services, WindowHistory
from app.window_model import WindowModel
from app.window_models import WindowModels
from app.window_options import given_passphrase, parse
from app.window_palette import WindowPalette
from app.window_privacy import PrivacyDesk
from app.window_updates import WindowUpdates
from inference.request import SamplerSettings

_STUCK_EXIT = 1
_SIGNAL_EXIT = 128  # the shell's convention for an end by a signal


class Application(QObject):
    """Everything that lives as long as the window."""

    def __init__(
        self,
        qt: QApplication,
        lock: LockReport,
        settings: Settings,
        opener: ModelOpener,
        sampler: SamplerSettings | None = None,
        *,
        door: HistoryDoor | None = None,
        passphrase: str | None = None,
        language: Language = Language.ENGLISH,
    ) -> None:
        """`door` leads to the history; without one it is this user's own. `passphrase` opens or
        begins it, where one is asked for. `language` is what the window's words are in.
        """
        super().__init__(qt)
        self._qt = qt
        self._lock = lock
        self._settings = settings
        self._is_closed = False
        self.theme = Theme(qt, settings.effective(THEME).value, self)
        self.theme.reduce_motion(settings.effective(REDUCE_MOTION).value)
        self.theme.set_text(
            settings.effective(TEXT_SIZE_PERCENT).value,
            is_system_font=settings.effective(SYSTEM_FONT).value,
        )
        self.notices = Notices(self)
        self.tasks = Tasks(self.notices, self)
        self.worker = EngineWorker(self)
        self.history = HistoryWorker(
            door or HistoryDoor(Profile(), Holder.WINDOW), self.notices, self
        )
        self.chat = ChatController(self.worker, self.notices, sampler, self, history=self.history)
        restrictions = settings.policy.restrictions
        self.chats = Chats(self.history, self.notices, self, banner=restrictions.banner)
        self.titles = TitleSuggesting(
            self.worker,
            self.chat,
            self.chats,
            lambda: settings.effective(SUGGEST_TITLES).value,
            self,
        )
        self.page = ChatPage(self.theme, self.chat, self.notices, lock)
        self.page.equip(self.tasks, self.worker)
        self.window = MainWindow(
            self.theme,
            lock,
            settings.effective(SIDEBAR_WIDTH).value,
            sidebar_shown=settings.effective(SIDEBAR_SHOWN).value,
        )
        self.window.add_page(self.page)
        self.banner = WindowBanner(qt, self.window, restrictions.banner)
        self._services = Services(self.theme, lock, settings, self.tasks, self.notices)
        self.keeping = WindowHistory(
            self._services, self.window, self.page, self.chat, self.history, passphrase
        )
        self.exports = WindowExports(self._services, self.window, self.page, self.chats)
        self.finding = Finding(self.window, self.chat, self.chats, self.history)
        self.desk = HistoryDesk(self._services, self.window, self.chat, self.history, self.keeping)
        self.settings = SettingsDesk(self._services, self.window, self.page, self.desk)
        self.updates = WindowUpdates(
            self._services,
            self.window,
            self.settings.page.program,
            installation(),
            lambda: self.keeping.access is not HistoryAccess.NONE,
        )
        self.help = HelpDesk(self._services, self.window, language)
        self.licences = LicencesDesk(self._services, self.window)
        self.privacy = PrivacyDesk(self._services, self.window, self.history.profile)
        self.models = WindowModels(
            self._services, self.window, self.page, self.chat, self.worker, opener
        )
        self.first_run = FirstRun(
            self._services, self.window, self.history, self.worker, self.models, self._leave_pages
        )
        self.given_files = GivenFiles(self.history, self.models, self.updates)
        self.chat.retry_with(self._load)
        self.diagnostics = WindowDiagnostics(
            self._services, self.window, self.history, lambda: self.models.opener
        )
        self.commands = Commands()
        self.palette = WindowPalette(
            self.theme, self.window, self.commands, self.finding, self.history
        )
        self.tuning = Tuning(self.theme, self.page, self.chat, self.history, self.notices)
        self._add_commands()
        self.settings.follow(self.tuning.shelf, self.chat)
        self.model = WindowModel(self.worker, self.page, settings, self)
        self.settings.changed.connect(self.model.follow)
        self.graphics = WindowGraphics(self._services, self.worker, self.settings, self.models)
        self._connect()

    def start(self) -> None:
        """Show the window, then open the history and load the model behind it."""
        self.page.set_send_key(self._settings.effective(SEND_KEY).value)
        self.window.show()
        self.page.take_focus()
        self.first_run.start()
        for problem in (self._settings.problem, self._settings.policy.problem):
            if problem is not None:
                self.notices.warning(problem)
        # After the first frame: importing torch holds the interpreter for a quarter second.
        QTimer.singleShot(0, self, self.history.open)
        QTimer.singleShot(0, self, self._load)
        QTimer.singleShot(0, self, self.updates.start)
        self.model.start()

    def close(self) -> bool:
        """Stop the answer, close the history, end the threads; False if one would not end."""
        self._is_closed = True
        self.keeping.close()
        self.updates.close()
        self.first_run.close()
        self.tuning.shelf.flush()
        self.chat.close()
        has_ended = self.worker.close()
        has_ended = self.page.transcript.end_workers() and has_ended
        has_ended = self.help.close() and has_ended
        has_ended = self.licences.close() and has_ended
        has_ended = self.models.close() and has_ended
        # It stops the backup that a task may be making.
        has_ended = self.history.close() and has_ended
        return self.tasks.close() and has_ended

    def _load(self) -> None:
        if not self._is_closed:
            self.models.load()

    def _connect(self) -> None:
        window = self.window
        window.new_chat_requested.connect(self.page.new_chat)
        window.lock_requested.connect(partial(self._open_over, self.privacy))
        window.menu_requested.connect(self._on_menu_requested)
        window.settings_requested.connect(partial(self._open_over, self.settings))
        window.help_requested.connect(self._open_help)
        window.models_requested.connect(partial(self._open_over, self.models))
        self.settings.opened.connect(self.updates.refresh)
        self.updates.shown_requested.connect(partial(self._open_over, self.settings))
        self.help.shortcuts_requested.connect(self.palette.show_shortcuts)
        self.help.licences_requested.connect(partial(self._open_over, self.licences))
        window.new_chat_requested.connect(self._leave_pages)
        self.chat.opened.connect(self._leave_pages)
        window.shell.shown_changed.connect(self._on_sidebar_shown)
        window.shell.width_settled.connect(self._on_sidebar_width)
        window.closed.connect(self._qt.quit)
        self._connect_chats()

    def _connect_chats(self) -> None:
        listed, chats, chat = self.window.sidebar.chats, self.chats, self.chat
        chats.listed.connect(listed.show_chats)
        chats.words_changed.connect(listed.say)
        chats.gone.connect(listed.take_all)
        chats.leaving.connect(chat.leave_chat)
        chats.listed.connect(chat.leave_if_gone)
        self.keeping.upkeep.wiped.connect(chats.reload)
        chats.renamed.connect(chat.rename)
        chats.restored.connect(self._on_chats_restored)
        for put in (chats.changed, chat.stored):
            put.connect(listed.put)
        chat.gone.connect(listed.take)
        chat.shown_changed.connect(listed.mark_open)
        chat.answering_changed.connect(listed.mark_answering)
        listed.opened.connect(self.finding.open_chat)
        listed.rename_requested.connect(chats.rename)
        listed.pin_requested.connect(chats.pin)
        listed.delete_requested.connect(chats.delete)

    def _add_commands(self) -> None:
        doing = Doing(
            open_history=self._on_history_requested,
            open_network=partial(self._open_over, self.privacy),
            open_settings=partial(self._open_over, self.settings),
            open_help=self._open_help,
            open_menu=self._on_menu_requested,
            export_diagnostics=self.diagnostics.open,
            choose_theme=partial(self.settings.choose, THEME),
            search=self.finding.search,
            show_shortcuts=self.palette.show_shortcuts,
            tune=self.tuning.open,
            send_key=lambda: self._settings.effective(SEND_KEY).value,
            leave_page=self._leave_pages,
            exports_are_off=self.exports.are_off,
        )
        WindowCommands(
            self.commands, self.window, self.page, self.chat, self.chats, self.keeping, doing
        )
        self.commands.add(*self.models.commands(), *self.first_run.commands())
        self.commands.add(self.licences.command(partial(self._open_over, self.licences)))
        self.finding.opening.connect(self._leave_pages)

    def _on_chats_restored(self, chats: tuple[Conversation, ...]) -> None:
        """One is shown again; of several the user may want another one, or none."""
        if len(chats) == 1:
            self.chat.open_chat(chats[0].id)

    def _open_over(self, desk: PrivacyDesk | SettingsDesk | WindowModels | LicencesDesk) -> None:
        """A page over the chat, in the place of another one that lies there."""
        for over in (self.help, self.licences, self.privacy, self.models, self.settings):
            if over is not desk:
                over.leave()
        desk.open()

    def _open_help(self) -> None:
        self.palette.palette.close_now()
        self.help.open()

    def _leave_pages(self) -> None:
        """Whatever lies over the chat: the help over another page, all of them over the first."""
        over_all = (self.help, self.licences, self.privacy, self.models, self.settings)
        for over in (*over_all, self.first_run):
            over.leave()

    def _on_menu_requested(self) -> None:
        menu = AppMenu(
            self._settings.effective(THEME).value,
            self._settings.effective(SEND_KEY).value,
            self._settings.effective(REDUCE_MOTION).value,
            self.keeping.access,
            self.window,
        )
        menu.history_requested.connect(self._on_history_requested)
        menu.lock_now_requested.connect(self.keeping.lock)
        menu.theme_chosen.connect(partial(self.settings.choose, THEME))
        menu.send_key_chosen.connect(partial(self.settings.choose, SEND_KEY))
        menu.reduce_motion_chosen.connect(partial(self.settings.choose, REDUCE_MOTION))
        menu.settings_requested.connect(partial(self._open_over, self.settings))
        menu.help_requested.connect(self._open_help)
        menu.models_requested.connect(partial(self._open_over, self.models))
        menu.diagnostics_requested.connect(self.diagnostics.open)
        menu.sidebar_requested.connect(self.window.shell.toggle)
        menu.quit_requested.connect(self.window.close)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.show_below(self.window.page_now().menu_anchor())

    def _on_history_requested(self) -> None:
        if self.keeping.access is HistoryAccess.LEFT:
            self.history.open()
        else:
            self.desk.open()

    def _on_sidebar_shown(self, is_shown: bool) -> None:
        self._settings.change(SIDEBAR_SHOWN, is_shown)
        self._save()

    def _on_sidebar_width(self, width: int) -> None:
        self._settings.change(SIDEBAR_WIDTH, width)
        self._save()

    def _save(self) -> None:
        self._services.save_settings()


def main(argv: list[str], lock: LockReport) -> int:
    """Run the window until it is closed; returns the exit code.

    SIGINT and SIGTERM close it in order, the launcher's death too: `app.airlock.leaving`
    turns that into a SIGTERM.
    """
    options = parse(argv)
    try:
        passphrase = given_passphrase(options.passphrase_fd)
    except VaultError as error:
        sys.stderr.write(f"pitcher: {error}\n")
        return 1
    qt = QApplication([sys.argv[0]])
    qt.setApplicationName("pitcher")
    qt.setDesktopFileName("pitcher")
    install_faces()
    try:
        load_fonts()
        qt.setWindowIcon(app_icon())
    except MissingAssetError as error:
        sys.stderr.write(f"pitcher: {error}\n")
        return 1
    settings = user_settings()
    try:
        language = translations.install(qt, settings.effective(LANGUAGE).value)
    except MissingAssetError as error:
        sys.stderr.write(f"pitcher: {error}\n")
        return 1
    named = options.model or settings.effective(MODEL).value or None
    opener = opener_by(settings)(named)
    with uncollected():
        application = Application(
            qt, lock, settings, opener, passphrase=passphrase, language=language
        )
    application.models.lead_to(take_courier_door())
    requests = RaiseRequests(take_pipe(), application)
    requests.received.connect(partial(bring_forward, application.window))
    requests.files_received.connect(application.given_files.take)
    application.given_files.take(tuple(options.files))
    qt.aboutToQuit.connect(requests.close)
    return run(application, qt)


def run(application: Application, qt: QApplication) -> int:
    """Show the window and stay until it is closed; the exit code of a signal is 128 and more."""
    code = 0

    def on_signal(number: int) -> None:
        nonlocal code
        code = _SIGNAL_EXIT + number
        qt.quit()

    with QuitSignals() as signals:
        signals.received.connect(on_signal)
        application.start()
        qt.exec()
        if not application.close():
            # A thread that will not end must not keep a closed window's process.
            os._exit(code or _STUCK_EXIT)
    return code
