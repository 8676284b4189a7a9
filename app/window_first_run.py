"""The first start: its page over the empty chat, once the chats are kept one way or another.

For: `Application`. The history comes first: how its key is kept is asked on its own page, and this
one follows. It is shown until one way of it was taken, and again when it is asked for. What is
recommended is found off the window's thread, as soon as no model is being loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app import paths
from app.bridge.engine_port import ModelCard
from app.bridge.engine_worker import EngineWorker
from app.bridge.history_states import HistoryState, TemporaryOnly
from app.bridge.history_worker import HistoryWorker
from app.chats.history_states import Ready
from app.chats.kept import how_kept
from app.error_words import words_of
from app.main_window import MainWindow
from app.notices import Notice
from app.page_over import PageOver
from app.pages.first_run.page import FirstRunPage
from app.settings import WELCOMED
from app.theme.icons import Icon
from app.widgets.palette_commands import Command
from app.widgets.typed_letters import type_on
from app.window_history import Services
from app.window_models import WindowModels
from inference.sentence import system_words

if TYPE_CHECKING:  # it imports torch
    from app.library.preflight import Recommendation


class FirstRun(QObject):
    """The page is made where it is shown: whoever knows the program waits for nothing."""

    def __init__(
        self,
        services: Services,
        window: MainWindow,
        history: HistoryWorker,
        worker: EngineWorker,
        models: WindowModels,
        leave_pages: Callable[[], None],
    ) -> None:
        """`leave_pages` leaves what lies over the chat."""
        super().__init__(window)
        self._leave_pages = leave_pages
        self._services = services
        self._window = window
        self._history = history
        self._models = models
        self._made: tuple[FirstRunPage, PageOver] | None = None
        self._stop = threading.Event()
        self.is_looking = False  # or has looked: what was found stands
        self._is_settled = False  # a model is there, or none could be loaded
        self._card: ModelCard | None = None
        history.changed.connect(self._on_history_changed)
        worker.loaded.connect(self._on_loaded)
        worker.load_failed.connect(self._on_load_failed)

    @property
    def page(self) -> FirstRunPage:
        """The page, made when it is first asked for."""
        return self._make()[0]

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._made is not None and self._made[1].is_open

    @property
    def is_due(self) -> bool:
        """Whether no way of it was ever taken."""
        return not self._services.settings.effective(WELCOMED).value

    def start(self) -> None:
        """The window opens: a new user sees the page at once."""
        if self.is_due:
            self._open()

    def open(self) -> None:
        """Show the page, in the place of others that lie over the chat."""
        self._window.shell.close_over()
        self._leave_pages()
        self._open()

    def leave(self) -> None:
        """On to the chat; it does not come by itself again."""
        if self.is_open:
            self._take_a_way()
            self._make()[1].leave()

    def close(self) -> None:
        """The window goes: measure nothing more."""
        self._stop.set()

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers of this."""
        return (
            Command(
                self.tr("Welcome"),
                Icon.HELP,
                self.open,
                "",
                self.tr("First start, Begin, Recommended model, Introduction"),
                is_offered=self._has_chats,
            ),
        )

    # ------------------------------------------------------------------ following the window

    def _open(self) -> None:
        page, over = self._make()
        self._show_history(self._history.state)
        page.offer_downloads(self._models.can_download)
        over.open()
        page.take_focus()
        self._look()

    def _has_chats(self) -> bool:
        return isinstance(self._history.state, Ready | TemporaryOnly)

    def _on_history_changed(self, state: HistoryState) -> None:
        if not isinstance(state, Ready | TemporaryOnly):
            return
        self._show_history(state)
        if self.is_due and not self.is_open:
            self._open()

    def _show_history(self, state: HistoryState) -> None:
        if self._made is not None:
            is_kept = not isinstance(state, TemporaryOnly)
            self.page.show_chats(how_kept(self._history.profile) if is_kept else None)

    def _on_loaded(self, card: ModelCard) -> None:
        self._settle(card)

    def _on_load_failed(self, _sentence: str) -> None:
        self._settle(None)

    def _settle(self, card: ModelCard | None) -> None:
        self._is_settled, self._card = True, card
        if self._made is not None:
            self._show_model(self.page)
            self._look()

    def _show_model(self, page: FirstRunPage) -> None:
        if self._card is not None:
            page.show_model(self._card)
        elif self._is_settled:
            page.show_no_model()

    # ------------------------------------------------------------------ what is recommended

    def _look(self) -> None:
        """Once, and not while a model is being loaded: both would take the processor."""
        if self.is_looking or not (self.is_open and self._is_settled):
            return
        self.is_looking = True
        self._stop.clear()
        self._services.tasks.run(
            partial(advised, self._stop.is_set),
            self._on_advised,
            what_failed="",
            on_failure=self._on_advice_failed,
        )

    def _on_advised(self, advice: Advice) -> None:
        self.page.show_recommended(advice.recommended, advice.disk_free_bytes)
        if self._models.can_download:
            self.page.count_others(advice.fitting)

    def _on_advice_failed(self, error: Exception) -> None:
        """Left in the middle of it: it is done the next time. Else nothing is recommended."""
        if self._stop.is_set():
            self.is_looking = False
            self._look()
            return
        self.page.show_recommended(None)
        form = self.tr("No model could be recommended: {why}")
        why = system_words(error) if isinstance(error, OSError) else words_of(error)
        self._services.notices.warning(form.format(why=why))

    # ------------------------------------------------------------------ the ways

    def _take_a_way(self) -> None:
        """It was seen and used: it does not come by itself again."""
        self._stop.set()
        if self.is_due:
            self._services.settings.change(WELCOMED, True)
            self._services.save_settings()

    def _go(self, way: Callable[[], None]) -> None:
        self._take_a_way()
        way()

    def _on_typed(self, letters: str) -> None:
        """Nothing that was typed is lost: it comes to where the keyboard is in the chat."""
        self.leave()
        if not self.is_open:
            type_on(self._window, letters)

    def _on_download_chosen(self, found: Recommendation) -> None:
        self._go(partial(self._models.download, found.entry.number, found.mix))

    def _on_notice(self, notice: Notice) -> None:
        if self.is_open:
            self.page.toasts.show_notice(notice)

    def _make(self) -> tuple[FirstRunPage, PageOver]:
        if self._made is None:
            services, models = self._services, self._models
            is_air_gapped = services.settings.policy.restrictions.air_gapped
            page = FirstRunPage(services.theme, services.lock, is_air_gapped=is_air_gapped)
            self._made = page, PageOver(self._window, page)
            self._show_model(page)
            page.chat_chosen.connect(self.leave)
            page.typed.connect(self._on_typed)
            page.download_chosen.connect(self._on_download_chosen)
            page.others_chosen.connect(partial(self._go, self._window.models_requested.emit))
            page.files_chosen.connect(partial(self._go, models.ask_for_files))
            page.bundle_chosen.connect(partial(self._go, models.ask_for_bundle))
            services.notices.posted.connect(self._on_notice)
        return self._made


@dataclass(frozen=True)
class Advice:
    """`recommended` is None where nothing but the starter fits; so many of the list do."""

    recommended: Recommendation | None
    disk_free_bytes: int
    fitting: int = 0


def advised(stop_now: Callable[[], bool]) -> Advice:
    """What this computer is good for; measures it, where it never was. For a background task.

    Raises SpeedTestCancelledError, CatalogueError, CheckpointError, OSError.
    """
    from app.library.catalogue import entries
    from app.library.machine_now import here_now
    from app.library.preflight import needs_of, preflight, recommended
    from app.library.speed import NoSpeedTestError, measure_speed, stored_speed

    speed = stored_speed()
    if speed is None:
        with suppress(NoSpeedTestError):  # no native kernels: what fits is known all the same
            speed = measure_speed(stop_now)
    here = here_now(prepared_dir=paths.prepared_dir(), speed=speed)
    others = (entry for entry in entries() if not entry.is_starter)
    fitting = sum(preflight(needs_of(entry), here).fits for entry in others)
    return Advice(recommended(here), here.disk_free_bytes, fitting)
