"""The model that answers: whether it is there, how it is asked, and how it is loaded again.

For: the controller, which alone knows the conversation.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_port import ModelCard
from app.bridge.engine_worker import EngineWorker
from app.chats.chat_settings import ChatSettings
from app.notices import NoticeAction, Notices
from inference.events import LoadProgress
from inference.request import GenerateRequest, Message, SamplerSettings


class Answerer(QObject):
    """Follows the engine's worker and makes its requests."""

    loading = Signal(object)
    changed = Signal(object)  # the model's card, or None where there is none
    failed = Signal()

    def __init__(
        self,
        worker: EngineWorker,
        notices: Notices,
        sampler: SamplerSettings | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._notices = notices
        self._sampler = sampler
        self._load_again: Callable[[], None] | None = None
        self.model: ModelCard | None = None
        self.is_failed = False
        worker.load_progressed.connect(self._on_load_progressed)
        worker.loaded.connect(self._on_loaded)
        worker.load_failed.connect(self._on_load_failed)

    def retry_with(self, load: Callable[[], None]) -> None:
        """How to load the model again after it failed."""
        self._load_again = load

    def ask(
        self,
        answer_id: int,
        messages: tuple[Message, ...],
        settings: ChatSettings,
        *,
        goes_on: bool = False,
    ) -> GenerateRequest:
        """Have the worker answer, as `settings` say; with `goes_on` go on with the last message."""
        request = GenerateRequest(
            messages=messages,
            sampler=settings.sampler(self._sampler or self.recommended(settings)),
            max_tokens=settings.max_tokens,
            thinking=settings.thinking,
            thinking_budget_tokens=settings.thinking_budget_tokens,
            keep_thoughts=settings.keep_thoughts,
            on_overflow=settings.on_overflow,
            continues_last=goes_on,
        )
        self._worker.generate(answer_id, request)
        return request

    def recommended(self, settings: ChatSettings) -> SamplerSettings:
        """What the model's makers recommend where nothing is set."""
        if self.model is None:
            return SamplerSettings()
        is_off = settings.thinking is False
        return self.model.recommended_plain if is_off else self.model.recommended

    def tell_none(self) -> None:
        """Nothing was sent, for want of a model."""
        self._notices.error(
            self.tr("No model is loaded, so nothing was sent. Your text is kept."),
            self._retry_action(),
        )

    def _on_load_progressed(self, progress: LoadProgress) -> None:
        self.loading.emit(progress)

    def _on_loaded(self, model: ModelCard) -> None:
        self.is_failed = False
        self.model = model
        self.changed.emit(model)

    def _on_load_failed(self, sentence: str) -> None:
        self.is_failed = True
        self.model = None
        self.changed.emit(None)
        self._notices.error(sentence, self._retry_action())
        self.failed.emit()

    def _retry_action(self) -> NoticeAction | None:
        if self._load_again is None:
            return None
        return NoticeAction(self.tr("Try again"), self._on_retry)

    def _on_retry(self) -> None:
        if self._load_again is not None:
            self.is_failed = False
            self._load_again()
