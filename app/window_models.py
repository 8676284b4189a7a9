"""The models in the window: their page, which of them answers, and what the header offers.

For: `Application`. `ModelInUse` knows which model answers, `ModelsDesk` does what is asked of a
model, `ModelsTaking` takes files in, `WindowBundles` and `WindowDownloads` do what their names say.
The open chat goes on with another model, and each answer says which one made it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.airlock.courier.door import CourierDoor
from app.bridge.courier_port import CourierPort
from app.bridge.engine_port import ModelOpener
from app.bridge.engine_worker import EngineWorker
from app.library.mixes import Mix
from app.library.shelved import Shelved
from app.main_window import MainWindow
from app.model_in_use import ModelInUse
from app.model_menu import ModelMenu
from app.models_desk import ModelsDesk
from app.models_taking import ModelsTaking
from app.notices import Notice
from app.page_over import PageOver
from app.pages.chat.controller import ChatController
from app.pages.chat.page import ChatPage
from app.pages.models.page import ModelsPage
from app.pages.models.row import Doing, InUse
from app.pages.models.words import fit_words
from app.theme.icons import Icon
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.one_line import one_line
from app.widgets.palette_commands import Command
from app.window_bundles import WindowBundles
from app.window_downloads import WindowDownloads
from app.window_history import Services

KEYS = "Ctrl+Shift+M"


class WindowModels(QObject):
    """`opener` is the model that the window begins with."""

    changed = Signal()  # what is installed, or where

    def __init__(
        self,
        services: Services,
        window: MainWindow,
        chat_page: ChatPage,
        chat: ChatController,
        worker: EngineWorker,
        opener: ModelOpener,
    ) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._chat_page = chat_page
        self._chat = chat
        self.in_use = ModelInUse(services, worker, opener, self)
        self.page = ModelsPage(services.theme)
        self._over = PageOver(window, self.page)
        self.menu = ModelMenu(chat_page.header, services.tasks)
        self.desk = ModelsDesk(services, self.page)
        self.taking = ModelsTaking(services, self.page, self.desk)
        self.bundles = WindowBundles(services, self.page, self.desk)
        self.downloads = WindowDownloads(services, self.page, self.desk)
        self._connect()

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._over.is_open

    def open(self) -> None:
        """Show the page over whatever is seen, as things are now.

        Over the history's own page nothing can be changed there: who sits before a locked window
        need not be its user.
        """
        if not self.is_open:
            is_trusted = self._over.below().is_ground
            self.page.trust(is_trusted)
            self.downloads.section.setEnabled(is_trusted)
        self._over.open()
        self.desk.refresh()
        is_quiet = not self._chat.is_busy() and self.in_use.use is not InUse.LOADING
        self.downloads.look(may_measure=is_quiet)

    def leave(self) -> None:
        """Back to what was seen before."""
        self._over.leave()

    def close(self) -> bool:
        """The window goes: stop what is under way; False if it would not end."""
        self.downloads.close()
        return self.desk.close()

    @property
    def opener(self) -> ModelOpener:
        """Of the model that answers, or is being loaded."""
        return self.in_use.opener

    def load(self) -> None:
        """Load the model that was chosen last, or that the window began with, again."""
        self.in_use.load()

    def load_again(self) -> None:
        """Load the model that answers anew, as the settings are now: when this answer is done."""
        if self._chat.is_busy():
            self._services.notices.news(
                self.tr("The model is loaded again when this answer is done.")
            )
        self.in_use.load_again()

    def use(self, name: str, path: Path | None = None) -> None:
        """Have this model answer from now on, in the open chat too; once it is loaded that is kept
        for the next start.
        """
        if self._chat.is_busy():
            words = self.tr("{model} is loaded when this answer is done.")
            self._services.notices.news(words.format(model=one_line(name)))
        self.in_use.choose(name, path)

    def ask_for_files(self) -> None:
        """The page, and what “I have the files” asks."""
        self._window.models_requested.emit()
        self.taking.ask_for_files()

    def take_files(self, files: tuple[Path, ...]) -> None:
        """The page, and files as if they were dropped on it."""
        self._window.models_requested.emit()
        self.taking.take_files(files)

    def ask_for_bundle(self) -> None:
        """The page, and the folder of a bundle."""
        self._window.models_requested.emit()
        self.bundles.ask_for_bundle()

    def lead_to(self, courier: CourierDoor | None) -> None:
        """The way to who downloads; without one nothing can be downloaded."""
        self.downloads.follow(CourierPort(courier, self))

    @property
    def can_download(self) -> bool:
        """Whether anything can be downloaded here."""
        return self.downloads.is_offered

    def download(self, number: int, mix: Mix) -> None:
        """The page, and the courier's question about a model of the catalogue."""
        self._window.models_requested.emit()
        self.downloads.ask_for(number, mix)

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers of this."""
        return (
            Command(
                self.tr("Models"),
                Icon.MODEL,
                self._window.models_requested.emit,
                KEYS,
                self.tr("Install, Import, Verify, Remove, Files, Bundle, Download"),
            ),
            Command(
                self.tr("Use another model"),
                Icon.MODEL,
                self._on_switch,
                "",
                self.tr("Switch, Change, Load"),
                is_offered=lambda: self._over.below().is_ground,
            ),
        )

    def _on_switch(self) -> None:
        self._window.shell.close_over()
        self.leave()
        self.menu.open()

    def _on_offered(self, name: str, path: Path) -> None:
        if not self.in_use.is_at(path):
            self.use(name, path)

    # ------------------------------------------------------------------ what the page wants

    def _on_wanted(self, doing: Doing, model: Shelved) -> None:
        if doing is Doing.LOAD:
            self._ask_to_load(model)
        elif doing is Doing.UNLOAD:
            self._unload()
        elif doing is Doing.BUNDLE:
            self.bundles.ask_where(model)
        elif doing is Doing.TRUST:
            self.bundles.ask_to_trust(model)
        else:
            self.desk.do(doing, model)

    def _unload(self) -> None:
        """Its memory is given back, unless it answers just now."""
        if self._chat.is_busy():
            words = self.tr("The model is answering. Stop the answer first.")
            self._services.notices.news(words)
        else:
            self.in_use.rest()

    def _ask_to_load(self, model: Shelved) -> None:
        """At once, unless it does not fit: then its plan is said first."""
        if self.in_use.is_at(model.path) and self.in_use.use is InUse.RESTING:
            self.in_use.wake()
        elif model.facts is None or model.facts.fits:
            self.use(model.name, model.path)
        else:
            dialog = ConfirmDialog(
                self._services.theme,
                self.tr("This model is larger than the memory"),
                fit_words(model),
                self.tr("Load it anyway"),
                self.page,
            )
            dialog.accepted.connect(lambda: self.use(model.name, model.path))
            dialog.open()

    # ------------------------------------------------------------------ what the engine does

    def _on_use_changed(self) -> None:
        path, use = self.in_use.path, self.in_use.use
        self.menu.current = None if use is InUse.NOT else path
        self.desk.show_use({} if path is None else {path: use}, self.in_use.graphics)

    def _on_loaded(self) -> None:
        if self.is_open:
            self.desk.refresh()  # its prepared copy may have been made

    def _connect(self) -> None:
        page, desk, in_use = self.page, self.desk, self.in_use
        in_use.changed.connect(self._on_use_changed)
        in_use.loaded.connect(self._on_loaded)
        page.wanted.connect(self._on_wanted)
        page.left.connect(self.leave)
        desk.changed.connect(self.changed)
        self.taking.bundles_found.connect(self.bundles.take)
        desk.removed.connect(in_use.forget)
        desk.moved.connect(in_use.move)
        desk.use_requested.connect(self.use)
        self.downloads.arrived.connect(desk.refresh)
        self.downloads.arrived.connect(self.changed)
        self.menu.chosen.connect(self._on_offered)
        self.menu.all_requested.connect(self._window.models_requested)
        self._over.shown_changed.connect(self._window.sidebar.models.select)
        self._services.notices.posted.connect(self._on_notice)

    def _on_notice(self, notice: Notice) -> None:
        if self.is_open:
            self.page.toasts.show_notice(notice)
