"""Holds the conversation and takes it to the engine and back. Nothing is stored yet.

One answer at a time: what is sent while the model loads or answers waits, in order.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_port import AnswerUpdate, End, Failed, ModelCard, Withdrawn
from app.bridge.engine_worker import EngineWorker
from app.notices import NoticeAction, Notices
from app.pages.chat.think_button import ThinkingChoice
from app.pages.chat.turns import (
    Turn,
    TurnState,
    grown,
    messages_of,
    state_after,
    title_of,
)
from inference.events import ContextUse, LoadProgress, Overflow
from inference.request import GenerateRequest, Message, OverflowChoice, SamplerSettings


class ChatController(QObject):
    """The truth behind the chat page."""

    turn_added = Signal(object)
    turn_changed = Signal(object)
    prefilled = Signal(int, int, int)
    turn_removed = Signal(int)
    cleared = Signal()
    text_returned = Signal(str)
    busy_changed = Signal(bool)
    title_changed = Signal(str)
    loading = Signal(object)
    model_changed = Signal(object)
    context_changed = Signal(object, int)  # its use by the prompt, and the answer's tokens

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
        self._thinking = ThinkingChoice()
        self._use: ContextUse | None = None
        self._on_overflow = OverflowChoice.STOP
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

    def choose_thinking(self, choice: ThinkingChoice) -> None:
        """How the answers to come are thought about."""
        self._thinking = choice

    def answer_now(self) -> None:
        """End the thoughts of the answer in progress."""
        if self._active_id is not None:
            self._worker.answer_now(self._active_id)

    def regenerate(self, turn_id: int) -> None:
        """Ask the last question once more; its answer so far goes."""
        if not self.is_busy() and self._turns and turn_id == next(reversed(self._turns)):
            self._ask_again(turn_id)

    def new_chat(self) -> None:
        """Forget this conversation and start an empty one."""
        if self._active_id is not None:
            self._worker.cancel(self._active_id)
        self._active_id = None
        self._turns = {}
        self.cleared.emit()
        self.title_changed.emit("")
        self._on_overflow = OverflowChoice.STOP
        self._tell_empty_context()
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
        before = (t for t in self._turns.values() if t.turn_id < turn.turn_id)
        request = GenerateRequest(
            messages=messages_of(before, turn.question),
            sampler=self._sampler or self._recommended(self._model),
            thinking=self._thinking.thinking,
            thinking_budget_tokens=self._thinking.budget_tokens,
            keep_thoughts=self._thinking.keep_thoughts,
            on_overflow=self._on_overflow,
        )
        self._worker.generate(turn.turn_id, request)

    def _recommended(self, model: ModelCard) -> SamplerSettings:
        is_off = self._thinking.thinking is False
        return model.recommended_plain if is_off else model.recommended

    def _on_answer_updated(self, update: AnswerUpdate) -> None:
        turn = self._turns.get(update.answer_id)
        if turn is None:  # of a conversation that was left
            return
        if update.prefill is not None:
            self.prefilled.emit(
                turn.turn_id, update.prefill.done_tokens, update.prefill.total_tokens
            )
        if update.context is not None:
            self._use = update.context
        turn = grown(turn, update, time.monotonic())
        self._change(turn)
        if self._use is not None:
            self.context_changed.emit(self._use, turn.generated_tokens)
        if update.overflow is not None and not update.overflow.dropped:
            self._tell_overflow(turn, update.overflow)
        if update.end is not None:
            self._end(turn, update.end)

    def _end(self, turn: Turn, end: End) -> None:
        if isinstance(end, Failed):
            turn = replace(turn, state=TurnState.FAILED)
            self._notices.error(end.sentence)
        elif isinstance(end, Withdrawn):
            turn = replace(turn, state=TurnState.STOPPED)
        else:
            turn = replace(turn, state=state_after(end), finished=end)
        if turn.thinking_since_s is not None and turn.thinking_s is None:
            turn = replace(turn, thinking_s=time.monotonic() - turn.thinking_since_s)
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
        self._tell_empty_context()
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

    def _tell_overflow(self, turn: Turn, overflow: Overflow) -> None:
        self.context_changed.emit(_full(overflow), 0)
        if overflow.turns:
            sentence = self.tr(
                "The first {count} messages no longer fit: this chat has {prompt} tokens and "
                "the context holds {context}. Nothing was lost."
            )
            action = NoticeAction(
                self.tr("Leave them out"), lambda: self._leave_out_oldest(turn.turn_id)
            )
        else:
            sentence = self.tr(
                "This message is too long: with it the chat has {prompt} tokens and the context "
                "holds {context}. Start a new chat, or ask something shorter."
            )
            action = NoticeAction(self.tr("New chat"), self.new_chat)
        self._notices.error(
            sentence.format(
                count=len(overflow.turns),
                prompt=f"{overflow.prompt_tokens:,}",
                context=f"{overflow.context_tokens:,}",
            ),
            action,
        )

    def _leave_out_oldest(self, turn_id: int) -> None:
        """What the user chose for one question holds for this chat; each answer says it."""
        self._on_overflow = OverflowChoice.DROP_OLDEST
        self._ask_again(turn_id)

    def _ask_again(self, turn_id: int) -> None:
        turn = self._turns.get(turn_id)
        if turn is not None and turn_id != self._active_id:
            self._change(turn.again())
            self._tell_busy()
            self._begin_next()

    def _tell_empty_context(self) -> None:
        self._use = None
        if self._model is not None:
            self.context_changed.emit(ContextUse(self._model.context_tokens, 0, 0, 0, 0, 0), 0)

    def _tell_busy(self) -> None:
        self.busy_changed.emit(self.is_busy())


def _full(overflow: Overflow) -> ContextUse:
    """A context of which more is wanted than there is."""
    return ContextUse(overflow.context_tokens, 0, overflow.prompt_tokens, 0, 0, 0)
