"""Which model answers: loaded, resting or being loaded, and what the user chose for the next start.

For: `WindowModels`. The engine's worker loads in its own thread and lets go of the one before; this
object remembers which file it is, so that its row can be told from the others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_port import AnswerUpdate, ModelCard, ModelOpener
from app.bridge.engine_worker import EngineWorker
from app.library import speeds
from app.library.shelved import Shelved
from app.model_opening import FileModelOpener, opener_by
from app.pages.models.row import InUse
from app.settings import MODEL
from app.window_history import Services
from inference.events import Finished

Opening = Callable[[str | None], ModelOpener]


class ModelInUse(QObject):
    """`opener` is the model that the window begins with; `opening` makes one of a name."""

    changed = Signal()  # `path` or `use`
    loaded = Signal()

    def __init__(
        self, services: Services, worker: EngineWorker, opener: ModelOpener, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._worker = worker
        self.opener = opener
        self.opening: Opening = opener_by(services.settings)
        self.path: Path | None = None  # of the model that the engine has, or loads
        self.use = InUse.NOT
        self.graphics = ""  # the card that it computes on, by name
        self._chosen: str | None = None  # what the user chose and nobody stored yet
        self._loads = 0  # that were asked for and have not ended: the last one counts
        worker.loaded.connect(self._on_loaded)
        worker.moved.connect(self._on_moved)
        worker.load_failed.connect(self._on_load_failed)
        worker.resting_changed.connect(self._on_resting_changed)
        worker.answer_updated.connect(self._on_answer_updated)

    def load(self) -> None:
        """Load the model that was chosen last, or that the window began with, again."""
        self._become(InUse.LOADING)
        self._loads += 1
        self._worker.load(self.opener)

    def load_again(self) -> None:
        """As the settings are now; what rests does so by itself when it comes back."""
        if self.use in (InUse.LOADED, InUse.LOADING):
            self.load()

    def choose(self, name: str, path: Path | None = None) -> None:
        """Load another one; once it is loaded that is kept for the next start."""
        self.opener = self.opening(name)
        self._chosen, self.path = name, path
        self.load()

    def is_at(self, path: Path) -> bool:
        """Whether the model of that file is loaded, rests, or is being loaded."""
        return path == self.path and self.use is not InUse.NOT

    def rest(self) -> None:
        """Give its memory back; it comes back when it is needed."""
        self._worker.rest(0)

    def wake(self) -> None:
        """Bring it back."""
        self._worker.wake()

    def forget(self, model: Shelved) -> None:
        """A model was taken away: if it answered, the first of the others is loaded."""
        settings = self._services.settings
        if settings.effective(MODEL).value == model.name:
            settings.change(MODEL, "")
            self._services.save_settings()
        if model.path == self.path:
            self.opener, self.path, self._chosen = self.opening(None), None, None
            self.load()

    def move(self, model: Shelved, target: Path) -> None:
        """A model lies elsewhere now; the next time it is opened there."""
        if model.path == self.path:
            self.path = target
            self.opener = self.opening(model.name)
            self.changed.emit()

    def _is_last_load(self) -> bool:
        """One has ended: whether no other waits behind it."""
        self._loads = max(0, self._loads - 1)
        return not self._loads

    def _on_moved(self, card: ModelCard) -> None:
        self.graphics = card.graphics_name
        self.changed.emit()

    def _on_loaded(self, card: ModelCard) -> None:
        self.graphics = card.graphics_name
        if not self._is_last_load():
            return
        if isinstance(self.opener, FileModelOpener):
            self.path = self.opener.path
        chosen, self._chosen = self._chosen, None
        settings = self._services.settings
        if chosen is not None and settings.effective(MODEL).value != chosen:
            settings.change(MODEL, chosen)
            self._services.save_settings()
        self._become(InUse.LOADED)
        self.loaded.emit()

    def _on_load_failed(self, _sentence: str) -> None:
        if self._is_last_load():
            self._chosen = None
            self._become(InUse.NOT)

    def _on_resting_changed(self, is_resting: bool) -> None:
        self._become(InUse.RESTING if is_resting else InUse.LOADED)

    def _on_answer_updated(self, update: AnswerUpdate) -> None:
        """How fast it writes here is kept, to be shown beside it."""
        if isinstance(update.end, Finished) and self.path is not None:
            told = update.end.statistics
            self._services.tasks.run(
                partial(speeds.keep, self.path, told.generated_tokens, told.decode_tokens_per_s),
                lambda _nothing: None,
                what_failed=self.tr("The model’s speed was not kept."),
            )

    def _become(self, use: InUse) -> None:
        self.use = use
        self.changed.emit()
