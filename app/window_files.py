"""Files that the program was started with, or a later start was: taken in as if they were dropped.

For: `Application`. Whoever opens a file from the file manager need not know where models are taken
in. While the chats are locked nothing is changed here, so files wait until they are open.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from app.bridge.history_states import HistoryState, TemporaryOnly
from app.bridge.history_worker import HistoryWorker
from app.chats.history_states import Ready
from app.updates import SUFFIX
from app.window_models import WindowModels
from app.window_updates import WindowUpdates


class GivenFiles(QObject):
    """Belongs to the window's life."""

    def __init__(
        self, history: HistoryWorker, models: WindowModels, updates: WindowUpdates
    ) -> None:
        super().__init__(models)
        self._history = history
        self._models = models
        self._updates = updates
        self._waiting: dict[Path, None] = {}  # each once
        history.changed.connect(self._on_history_changed)

    def take(self, files: tuple[Path, ...]) -> None:
        """Show the models page, and take them in: now, or as soon as the chats are open. An update
        of the program is asked about.
        """
        self._waiting.update(dict.fromkeys(files))
        self._on_history_changed(self._history.state)

    def _on_history_changed(self, state: HistoryState) -> None:
        if self._waiting and isinstance(state, Ready | TemporaryOnly):
            files, self._waiting = tuple(self._waiting), {}
            updates = [file for file in files if file.name.endswith(SUFFIX)]
            others = tuple(file for file in files if file not in updates)
            if others:
                self._models.take_files(others)
            if updates:
                self._updates.take(updates[0])
