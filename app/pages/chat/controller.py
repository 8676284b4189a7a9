"""Holds the conversation and takes it to the engine and back. Nothing is stored yet.

One answer at a time: what is sent while the model loads or answers waits, in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_port import AnswerUpdate, Failed, ModelCard, Withdrawn
from app.bridge.engine_worker import EngineWorker
from app.notices import NoticeAction, Notices
from app.pages.chat.turns import (
    LIVE_STATES,
    Turn,
    TurnState,
    messages_of,
    state_after,
    title_of,
)
from inference.events import LoadProgress, Overflow
from inference.request import GenerateRequest, Message, SamplerSettings


class ChatController(QObject):
    """The truth behind the chat page."""

    turn_added = Signal(object)
    answer_grew = Signal(int, object)  # an object: Qt would drop what is not Unicode
    turn_changed = Signal(object)
    prefilled = Signal(int, int, int)
    turn_removed = Signal(int)
    cleared = Signal()
    text_returned = Signal(str)
    busy_changed = Signal(bool)
    title_changed = Signal(str)
    loading = Signal(object)
    model_changed = Signal(object)
    context_changed = Signal(int, int)

    def __init__(
        self,
        worker: EngineWorker,
        notices: Notices,
        sampler: SamplerSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._notices = notices
        self._sampler = sampler
        self._model: ModelCard | None = None
        self._retry_load: Callable[[], None] | None = None
        self._turns: dict[int, Turn] = {}
        self._active_id: int | None = None
        self._is_failed = False
        self._next_id = 1
        worker.load_progressed.connect(self._on_load_progressed)
        worker.loaded.connect(self._on_loaded)
        worker.load_failed.connect(self._on_load_failed)
        worker.answer_updated.connect(self._on_answer_updated)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation, the oldest turn first."""
        return tuple(self._turns.values())

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was said and answered, as the model reads it."""
        return messages_of(self.turns, "")[:-1]

    def retry_with(self, load: Callable[[], None]) -> None:
        """How to load the model again after it failed."""
        self._retry_load = load

    def is_busy(self) -> bool:
        """Whether there is something to stop."""
        return self._active_id is not None or bool(self._waiting())

    def send(self, text: str) -> bool:
        """Ask; False where there is nothing to ask or nobody to answer."""
        question = text.strip()
        if not question:
            return False
        if self._is_failed:
            self._tell_no_model()
            return False
        turn = Turn(self._next_id, question)
        self._next_id += 1
        if not self._turns:
            self.title_changed.emit(title_of(question))
        self._turns[turn.turn_id] = turn
        self.turn_added.emit(turn)
        self._tell_busy()
        self._begin_next()
        return True

    def stop(self) -> None:
        """Stop the answer in progress; without one, take back what waits."""
        if self._active_id is not None:
            self._worker.cancel(self._active_id)
        else:
            self._take_back_waiting()

    def new_chat(self) -> None:
        """Forget this conversation and start an empty one."""
        if self._active_id is not None:
            self._worker.cancel(self._active_id)
        self._active_id = None
        self._turns = {}
        self.cleared.emit()
        self.title_changed.emit("")
        self._tell_context(0)
        self._tell_busy()

    def _waiting(self) -> list[Turn]:
        return [turn for turn in self._turns.values() if turn.state is TurnState.WAITING]

    def _begin_next(self) -> None:
        waiting = self._waiting()
        if self._model is None or self._active_id is not None or not waiting:
            return
        turn = replace(waiting[0], state=TurnState.READING, model_name=self._model.name)
        self._active_id = turn.turn_id
        self._change(turn)
        answered = [t for t in self._turns.values() if t.state is not TurnState.WAITING]
        request = GenerateRequest(
            messages=messages_of((t for t in answered if t is not turn), turn.question),
            sampler=self._sampler or self._model.recommended,
        )
        self._worker.generate(turn.turn_id, request)

    def _on_answer_updated(self, update: AnswerUpdate) -> None:
        turn = self._turns.get(update.answer_id)
        if turn is None:  # of a conversation that was left
            return
        if update.prefill is not None:
            self.prefilled.emit(
                turn.turn_id, update.prefill.done_tokens, update.prefill.total_tokens
            )
        grown = replace(
            turn,
            answer=turn.answer + update.answer_text,
            reasoning=turn.reasoning + update.reasoning_text,
            generated_tokens=turn.generated_tokens + update.new_tokens,
            state=_live_state(turn, update),
        )
        if update.answer_text:
            self.answer_grew.emit(turn.turn_id, update.answer_text)
        self._change(grown)
        if update.overflow is not None:
            self._tell_overflow(update.overflow)
        if update.end is not None:
            self._end(grown, update)

    def _end(self, turn: Turn, update: AnswerUpdate) -> None:
        end = update.end
        if isinstance(end, Failed):
            turn = replace(turn, state=TurnState.FAILED)
            self._notices.error(end.sentence)
        elif isinstance(end, Withdrawn):
            turn = replace(turn, state=TurnState.STOPPED)
        elif end is not None:
            turn = replace(turn, state=state_after(end), finished=end)
            cost = end.statistics
            self._tell_context(cost.prompt_tokens + cost.generated_tokens)
        self._active_id = None
        self._change(turn)
        self._begin_next()
        self._tell_busy()

    def _on_load_progressed(self, progress: LoadProgress) -> None:
        self.loading.emit(progress)

    def _on_loaded(self, model: ModelCard) -> None:
        self._is_failed = False
        self._model = model
        self.model_changed.emit(model)
        self._tell_context(0)
        self._begin_next()

    def _on_load_failed(self, sentence: str) -> None:
        self._is_failed = True
        self._model = None
        self.model_changed.emit(None)
        self._notices.error(sentence, self._retry_action())
        self._take_back_waiting()

    def _take_back_waiting(self) -> None:
        """What nobody answers goes back to where it was typed."""
        waiting = self._waiting()
        for turn in waiting:
            del self._turns[turn.turn_id]
            self.turn_removed.emit(turn.turn_id)
        if waiting:
            self.text_returned.emit("\n\n".join(turn.question for turn in waiting))
        if not self._turns:
            self.title_changed.emit("")
        self._tell_busy()

    def _change(self, turn: Turn) -> None:
        self._turns[turn.turn_id] = turn
        self.turn_changed.emit(turn)

    def _retry_action(self) -> NoticeAction | None:
        if self._retry_load is None:
            return None
        return NoticeAction(self.tr("Try again"), self._on_retry)

    def _on_retry(self) -> None:
        if self._retry_load is not None:
            self._is_failed = False
            self._retry_load()

    def _tell_no_model(self) -> None:
        self._notices.error(
            self.tr("No model is loaded, so nothing was sent. Your text is kept."),
            self._retry_action(),
        )

    def _tell_overflow(self, overflow: Overflow) -> None:
        sentence = self.tr(
            "This chat no longer fits: it has {prompt} tokens and the context holds {context}. "
            "Start a new chat, or ask something shorter."
        )
        self._notices.error(
            sentence.format(
                prompt=f"{overflow.prompt_tokens:,}", context=f"{overflow.context_tokens:,}"
            ),
            NoticeAction(self.tr("New chat"), self.new_chat),
        )

    def _tell_context(self, used_tokens: int) -> None:
        if self._model is not None:
            self.context_changed.emit(used_tokens, self._model.context_tokens)

    def _tell_busy(self) -> None:
        self.busy_changed.emit(self.is_busy())


def _live_state(turn: Turn, update: AnswerUpdate) -> TurnState:
    """Reading until a token came, thinking until one of them was of the answer."""
    if turn.state not in LIVE_STATES:
        return turn.state
    if turn.answer or update.answer_text:
        return TurnState.ANSWERING
    if turn.reasoning or update.reasoning_text:
        return TurnState.THINKING
    return TurnState.READING
