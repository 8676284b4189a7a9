"""Asks the engine what was stored, one question at a time, and takes the answer back.

For: the controller. Nothing is asked of the engine before it is stored; what waits is asked
when the answer before it has ended. Whether it is stored is `Storing`'s, what is asked `Asking`'s
and `Branching`'s.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_port import AnswerUpdate, End, Failed, ModelCard
from app.bridge.engine_worker import EngineWorker
from app.chats.model import Provenance
from app.chats.provenance import asked_with
from app.notices import NoticeAction, Notices
from app.pages.chat.answerer import Answerer
from app.pages.chat.open_chat import Redo, RedoKind
from app.pages.chat.overflow import full_context, overflowing
from app.pages.chat.stage import Stage
from app.pages.chat.stored_turns import context_after
from app.pages.chat.storing import Storing
from app.pages.chat.turns import (
    LIVE_STATES,
    Turn,
    TurnState,
    answer_message,
    asked_message,
    ended,
    grown,
    messages_of,
)
from inference.events import ContextUse, Finished, Overflow
from inference.request import Message


class Answering(QObject):
    """The answer in progress."""

    context_changed = Signal(object, int)  # its use by the prompt, and the answer's tokens
    overflowed = Signal(object)  # an Overflowing: what no longer fits
    replayed = Signal(object, object)  # the Turn that was asked again, and the Turn before

    def __init__(
        self,
        worker: EngineWorker,
        answerer: Answerer,
        storing: Storing,
        stage: Stage,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._answerer = answerer
        self._storing = storing
        self._stage = stage
        self._notices = notices
        # Not the turn's: one that is asked once more may hear the end of what was cut before it.
        self._request_id = 0
        self._use: ContextUse | None = None
        self._asked_with: Provenance | None = None
        self._max_tokens: int | None = None
        self._redo: Redo | None = None  # of the answer in progress, where it is not the first
        worker.answer_updated.connect(self._on_answer_updated)
        answerer.changed.connect(self._on_model_changed)
        stage.branch_shown.connect(self.tell_context)

    def begin_next(self) -> None:
        """Ask what has waited longest, if there is a model and nothing else is asked."""
        stage, model = self._stage, self._answerer.model
        waiting = stage.chat.waiting()
        if model is None or stage.active_id is not None or not waiting:
            return
        if waiting[0].turn_id not in stage.chat.unstored:
            self._begin(waiting[0], model.name)

    def stop(self) -> None:
        """Let the engine end the answer in progress."""
        if self._stage.active_id is not None:
            self._worker.cancel(self._request_id)

    def cut(self) -> None:
        """Stop the answer in progress here and now; what there is of it is kept."""
        self.stop()
        self._stage.active_id = None
        for turn in self._stage.chat.unended():
            if turn.state in LIVE_STATES:
                self.end_here(turn)

    def forget(self) -> None:
        """Let nothing of any chat be left where answers are made."""
        self._redo = None
        self._worker.forget()

    def end_here(self, turn: Turn) -> None:
        """A turn that nobody answers any more is stopped."""
        stopped = replace(turn, state=TurnState.STOPPED)
        self._stage.change(stopped)
        self._storing.finish(self._stage.chat, stopped, None, self._asked_with_of(turn))

    def answer_now(self) -> None:
        """End the thoughts of the answer in progress."""
        if self._stage.active_id is not None:
            self._worker.answer_now(self._request_id)

    def tell_context(self) -> None:
        """What this chat takes before the next question: as its last answer's record has it."""
        self._use = None
        chat, model = self._stage.chat, self._answerer.model
        if model is not None and self._stage.active_id not in chat.turns:
            answered = [chat.made_by[each] for each in chat.turns if each in chat.made_by]
            last = answered[-1] if answered else None
            self.context_changed.emit(context_after(last, model.context_tokens), 0)

    def _begin(self, turn: Turn, model_name: str) -> None:
        chat = self._stage.chat
        redo = chat.redone.pop(turn.turn_id, None)
        settings = chat.settings if redo is None or redo.settings is None else redo.settings
        goes_on = redo is not None and redo.kind is RedoKind.GOES_ON
        self._redo, self._max_tokens = redo, settings.max_tokens
        self._stage.active_id, self._request_id = turn.turn_id, next(self._stage.ids)
        turn = _beginning(turn, model_name, time.monotonic())
        self._stage.change(turn)
        messages: Sequence[Message] = (
            *messages_of(chat.earlier(turn.turn_id), chat.system_with(settings)),
            asked_message(turn),
        )
        if goes_on:
            messages = (*messages, answer_message(turn))
        request = self._answerer.ask(self._request_id, tuple(messages), settings, goes_on=goes_on)
        self._asked_with = asked_with(request)

    def _asked_with_of(self, turn: Turn) -> Provenance | None:
        """What a turn was asked with, if it was."""
        return self._asked_with if turn.state in LIVE_STATES else None

    def _on_answer_updated(self, update: AnswerUpdate) -> None:
        active_id = self._stage.active_id
        turn = None if active_id is None else self._stage.chat.turns.get(active_id)
        if turn is None or update.answer_id != self._request_id:  # of what was left or cut
            return
        if update.prefill is not None:
            progress = update.prefill
            self._stage.prefilled.emit(turn.turn_id, progress.done_tokens, progress.total_tokens)
        if update.context is not None:
            self._use = update.context
        turn = grown(turn, update, time.monotonic())
        if update.end is None:  # else it is shown once, as it ended
            self._stage.change(turn)
        if self._use is not None:
            self.context_changed.emit(self._use, turn.generated_tokens)
        if update.overflow is not None and not update.overflow.dropped:
            self._tell_overflow(turn, update.overflow)
        if update.end is not None:
            self._end(turn, update.end)
        elif turn.answer or turn.reasoning:
            self._storing.grow(self._stage.chat, turn)

    def _instead(self) -> NoticeAction:
        """What can be done after the graphics card failed; nothing goes on there by itself."""
        label = self.tr("Continue on the processor")
        return NoticeAction(label, self._worker.continue_on_processor)

    def _end(self, turn: Turn, end: End) -> None:
        if isinstance(end, Failed):
            self._notices.error(end.sentence, self._instead() if end.is_cards else None)
        turn = ended(turn, end, time.monotonic(), self._max_tokens)
        redo, self._redo = self._redo, None
        self._stage.active_id = None
        finished = end if isinstance(end, Finished) else None
        if redo is not None and redo.kind is RedoKind.GOES_ON and _is_same(turn, redo):
            self._end_as_before(turn, redo)
        else:
            self._stage.change(turn)
            self._storing.finish(self._stage.chat, turn, finished, self._asked_with)
        if redo is not None and redo.kind is RedoKind.REPLAY:
            self.replayed.emit(turn, redo.before[0].turn)
        self.begin_next()
        self._stage.tell_busy()

    def _end_as_before(self, turn: Turn, redo: Redo) -> None:
        """An answer that was to go on, and to which nothing came, is what it was."""
        before = redo.before[0]
        turn = replace(turn, state=before.turn.state, tokens_per_s=before.turn.tokens_per_s)
        self._stage.change(turn)
        self._storing.finish(self._stage.chat, turn, made_by=before.made_by)

    def _on_model_changed(self, model: ModelCard | None) -> None:
        if model is not None:
            self.tell_context()
            self.begin_next()

    def _tell_overflow(self, turn: Turn, overflow: Overflow) -> None:
        chat = self._stage.chat
        self.context_changed.emit(full_context(overflow), 0)
        earlier, has_system = chat.earlier(turn.turn_id), bool(chat.system_with())
        self.overflowed.emit(overflowing(turn.turn_id, overflow, earlier, has_system=has_system))


def _is_same(turn: Turn, redo: Redo) -> bool:
    """Whether nothing was added to an answer, and it did not come to its end."""
    before = redo.before[0].turn
    is_unchanged = (turn.answer, turn.reasoning) == (before.answer, before.reasoning)
    return is_unchanged and turn.state is not TurnState.DONE


def _beginning(turn: Turn, model_name: str, now_s: float) -> Turn:
    """The turn as the engine begins it: thoughts that go on have taken some time already."""
    turn = replace(turn, state=TurnState.READING, model_name=model_name)
    if turn.reasoning and not turn.answer:
        since_s = now_s - (turn.thinking_s or 0.0)
        turn = replace(turn, thinking_since_s=since_s, thinking_s=None)
    return turn
