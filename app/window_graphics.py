"""The graphics card in the window: looked for when the settings are opened, and what is told of it.

For: `Application`. The driver is asked beside the window, when somebody looks and not before. Where
a card was asked for and the processor computes, that is said. Not here: what is done after a card
failed (`pages/chat/answering`).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.bridge.engine_port import ModelCard
from app.bridge.engine_worker import EngineWorker
from app.collector import uncollected
from app.error_words import words_of
from app.settings import GRAPHICS_CARD, Setting
from app.settings_desk import SettingsDesk
from app.window_history import Services
from app.window_models import WindowModels
from inference.graphics import FoundCard


class WindowGraphics(QObject):
    """Belongs to the window's life."""

    def __init__(
        self, services: Services, worker: EngineWorker, settings: SettingsDesk, models: WindowModels
    ) -> None:
        super().__init__(settings)
        self._services = services
        self._row = settings.page.graphics
        self._models = models
        self._told = ""
        settings.opened.connect(self._on_opened)
        settings.changed.connect(self._on_changed)
        worker.loaded.connect(self._on_placed)
        worker.moved.connect(self._on_placed)

    def _on_opened(self) -> None:
        """Which card is there now?"""
        self._services.tasks.run(
            _find,
            self._row.show_found,
            what_failed=self.tr("The graphics card can’t be looked for."),
        )

    def _on_changed(self, setting: Setting[Any], _value: object) -> None:
        """The model is loaded again, where the setting says."""
        if setting is GRAPHICS_CARD:
            self._row.show_use(None)
            self._models.load_again()

    def _on_placed(self, card: ModelCard) -> None:
        """Loaded, back from its rest, or on the processor after a card failed. What is known
        already is not said again."""
        self._row.show_use(card.graphics)
        reason = card.graphics.reason if card.graphics is not None else ""
        if reason and reason != self._told:
            words = self.tr("The graphics card is not used: {reason}")
            self._services.notices.news(words.format(reason=words_of(reason)))
        self._told = reason


def _find() -> FoundCard:
    """In a background task."""
    from inference.graphics import find_card

    with uncollected():
        return find_card()
