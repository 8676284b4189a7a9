"""The window's model between its answers: it rests unused, wakes, and spares the battery.

For: `Application`, which builds it. Follows the settings that concern the engine, and says in
the header what the model does; loading it the first time is the controller's and the page's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from app.bridge.engine_port import ModelCard
from app.bridge.engine_worker import EngineWorker
from app.bridge.memory_watch import memory_is_short
from app.bridge.model_keeper import ModelKeeper
from app.pages.chat.page import ChatPage
from app.settings import IDLE_UNLOAD_MINUTES, THREADS, Setting, Settings


class WindowModel(QObject):
    """Belongs to the window's life; the worker does what it asks."""

    def __init__(
        self,
        worker: EngineWorker,
        page: ChatPage,
        settings: Settings,
        parent: QObject,
        is_memory_short: Callable[[], bool] = memory_is_short,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._page = page
        self._settings = settings
        self._card: ModelCard | None = None
        self.keeper = ModelKeeper(worker, self, is_memory_short)
        worker.loaded.connect(self._on_loaded)
        worker.moved.connect(self._on_moved)
        worker.resting_changed.connect(self._on_resting_changed)
        page.composer.changed.connect(self._on_typed)

    def start(self) -> None:
        """Follow the settings from now on."""
        self._worker.use_threads(self._settings.effective(THREADS).value)
        self.keeper.start(self._settings.effective(IDLE_UNLOAD_MINUTES).value)

    def follow(self, setting: Setting[Any], _value: object) -> None:
        """A setting has changed."""
        if setting is THREADS or setting is IDLE_UNLOAD_MINUTES:
            self.start()

    def _on_typed(self, text: str) -> None:
        if text:
            self._worker.wake()

    def _on_loaded(self, card: ModelCard) -> None:
        self._card = card

    def _on_moved(self, card: ModelCard) -> None:
        """Another place computes: the header says where."""
        self._card = card
        self._page.header.show_model(card.shown_name, is_starter=card.is_starter)

    def _on_resting_changed(self, is_resting: bool) -> None:
        card = self._card
        if card is None:
            return
        header = self._page.header
        if is_resting:
            words = self.tr("The model rests; it comes back when you write")
            header.show_model(words, is_starter=False)
        else:
            header.show_model(card.shown_name, is_starter=card.is_starter)
            self._page.empty.show_model(card)
