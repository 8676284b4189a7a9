"""Takes what is asked in the open chat to the history, then to the engine, and the answer back.

For: the controller. Nothing is asked of the engine before its question is stored; one answer at
a time, and what is sent meanwhile waits, stored already. Which chat is open is the controller's.
"""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.bridge.engine_port import AnswerUpdate, End, Failed, ModelCard
from app.bridge.engine_worker import EngineWorker
from app.bridge.history_worker import Place
from app.chats.model import Conversation
from app.chats.titles import title_of
from app.notices import NoticeAction, Notices
from app.pages.chat.answerer import Answerer
from app.pages.chat.drafts import Drafts
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.overflow import full_context, overflow_sentence
from app.pages.chat.storing import Storing
from app.pages.chat.turns import Turn, TurnState, ended, grown, messages_of
from inference.events import ContextUse, Finished, Overflow
from inference.request import OverflowChoice


class Asking(QObject):
    """The questions and answers of `chat`. While it `holds`, no history is open yet: questions
    wait, unless the chat is temporary.
    """

    turn_added = Signal(object)
    turn_changed = Signal(object)
    turn_removed = Signal(int)
    prefilled = Signal(int, int, int)
    text_returned = Signal(str)
    resend_requested = Signal()
    new_chat_requested = Signal()
    busy_changed = Signal(bool)
    title_changed = Signal(str)
    context_changed = Signal(object, int)

    def __init__(
        self,
        worker: EngineWorker,
        answerer: Answerer,
        storing: Storing,
        drafts: Drafts,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.chat = OpenChat(Place.KEPT)
        self.holds = True
        self._worker = worker
        self._answerer = answerer
        self._storing = storing
        self._drafts = drafts
        self._notices = notices
        self._active_id: int | None = None
        self._use: ContextUse | None = None
        self._next_id = 1
        self._refused: list[str] = []
        worker.answer_updated.connect(self._on_answer_updated)
        answerer.changed.connect(self._on_model_changed)
        answerer.failed.connect(self.take_back_waiting)
        storing.stored.connect(self._on_stored)
        storing.refused.connect(self._on_refused)
        storing.asked_again.connect(self._on_asked_again)
        storing.not_asked_again.connect(self._on_not_asked_again)

    def take_ids(self, count: int) -> int:
        """The first of so many numbers for turns; none is ever given twice."""
        first, self._next_id = self._next_id, self._next_id + count
        return first

    def is_busy(self) -> bool:
        """Whether there is something to stop."""
        return self._active_id is not None or bool(self.chat.waiting())

    def send(self, text: str) -> bool:
        """Ask; False where there is nothing to ask or nobody to answer."""
        question = text.strip()
        if not question:
            return False
        if self._answerer.is_failed:
            self._answerer.tell_none()
            return False
        turn = Turn(self.take_ids(1), question)
        if not self.chat.turns:
            self.show_title(title_of(question))
        self.chat.add(turn)
        self._drafts.taken()
        self.turn_added.emit(turn)
        self._tell_busy()
        if not self._is_held():
            self._storing.ask(self.chat, turn)
        return True

    def stop(self) -> None:
        """Stop the answer in progress; without one, take back what waits."""
        if self._active_id is not None:
            self._worker.cancel(self._active_id)
        else:
            self.take_back_waiting()

    def answer_now(self) -> None:
        """End the thoughts of the answer in progress."""
        if self._active_id is not None:
            self._worker.answer_now(self._active_id)

    def regenerate(self, turn_id: int) -> None:
        """Ask the last question once more; its answer so far stays as a branch."""
        if not self.is_busy() and self.chat.is_last(turn_id):
            self._ask_again(turn_id)

    def store_held(self) -> None:
        """Store what was sent before the history was open."""
        self.holds = False
        for turn in self.chat.waiting():
            self._storing.ask(self.chat, turn)

    def take_back_waiting(self) -> None:
        """What nobody answers goes back to where it was typed."""
        chat = self.chat
        self._let_be_waiting()
        waiting = chat.waiting()
        answers = [chat.answers[turn.turn_id] for turn in waiting]
        for turn in waiting:
            chat.remove(turn.turn_id)
            self.turn_removed.emit(turn.turn_id)
        if waiting:
            self.text_returned.emit("\n\n".join(turn.question for turn in waiting))
            if not self._is_held():
                self._storing.take_out(chat, answers)
        self._after_removal()

    def cut(self) -> None:
        """Stop everything in this chat; what there is of it is kept, questions too."""
        if self._active_id is not None:
            self._worker.cancel(self._active_id)
            self._active_id = None
        if self._is_held():
            self.take_back_waiting()
        self._let_be_waiting()
        for turn in self.chat.unended():
            stopped = replace(turn, state=TurnState.STOPPED)
            self._change(stopped)
            self._storing.finish(self.chat, stopped)
        self._tell_busy()

    def show_title(self, title: str) -> None:
        """The chat is called so from here on."""
        self.chat.title = title
        self.title_changed.emit(title)

    def tell_empty_context(self) -> None:
        """Nothing of this chat is in the context yet."""
        self._use = None
        if self._answerer.model is not None:
            capacity = self._answerer.model.context_tokens
            self.context_changed.emit(ContextUse(capacity, 0, 0, 0, 0, 0), 0)

    # ------------------------------------------------------------------ the history

    def _is_held(self) -> bool:
        return self.holds and not self.chat.is_temporary

    def _let_be_waiting(self) -> None:
        for turn in self.chat.waiting():
            if turn.turn_id in self.chat.before:
                self.turn_changed.emit(self._storing.let_be(self.chat, turn.turn_id))

    def _after_removal(self) -> None:
        if not self.chat.turns:
            self.show_title("")
        self._tell_busy()

    def _on_stored(self, chat: OpenChat, conversation: Conversation) -> None:
        if chat is self.chat:
            if chat.title != conversation.title and chat.turns:
                self.show_title(conversation.title)
            self._begin_next()

    def _on_refused(self, chat: OpenChat, turn: Turn, error: Exception) -> None:
        """The words go back to where they were typed, in their order, whatever is shown now."""
        self._refused.append(turn.question)
        if chat is self.chat:
            self.turn_removed.emit(turn.turn_id)
            self._after_removal()
        if not chat.unstored:
            words, self._refused = "\n\n".join(self._refused), []
            self.text_returned.emit(words)
            action = NoticeAction(self.tr("Try again"), self.resend_requested.emit)
            form = self.tr("{error} Nothing was sent; your text is kept below.")
            self._notices.error(form.format(error=error), action)

    def _ask_again(self, turn_id: int) -> None:
        chat = self.chat
        turn = chat.turns.get(turn_id)
        if turn is None or turn_id == self._active_id or not turn.question:
            return
        if not chat.is_last(turn_id):  # what followed it stays
            self.send(turn.question)
            return
        chat.ask_again(turn_id)
        self.turn_changed.emit(chat.turns[turn_id])
        self._tell_busy()
        self._storing.ask_again(chat, turn_id)

    def _on_asked_again(self, chat: OpenChat) -> None:
        if chat is self.chat:
            self._begin_next()

    def _on_not_asked_again(self, chat: OpenChat, turn: Turn, error: Exception) -> None:
        if chat is self.chat:
            self.turn_changed.emit(turn)
            self._tell_busy()
        action = NoticeAction(self.tr("Try again"), lambda: self.regenerate(turn.turn_id))
        form = self.tr("{error} The answer before is still there.")
        self._notices.error(form.format(error=error), action)

    # ------------------------------------------------------------------ the engine

    def _begin_next(self) -> None:
        model, waiting = self._answerer.model, self.chat.waiting()
        if model is None or self._active_id is not None or not waiting:
            return
        if waiting[0].turn_id in self.chat.unstored:
            return
        turn = replace(waiting[0], state=TurnState.READING, model_name=model.name)
        self.chat.before.pop(turn.turn_id, None)
        self._active_id = turn.turn_id
        self._change(turn)
        earlier = self.chat.earlier(turn.turn_id)
        messages = messages_of(earlier, turn.question, self.chat.system)
        self._answerer.ask(turn.turn_id, messages, self.chat.on_overflow)

    def _on_answer_updated(self, update: AnswerUpdate) -> None:
        turn = self.chat.turns.get(update.answer_id)
        if turn is None or update.answer_id != self._active_id:  # of a chat that was left
            return
        if update.prefill is not None:
            progress = update.prefill
            self.prefilled.emit(turn.turn_id, progress.done_tokens, progress.total_tokens)
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
        elif turn.answer or turn.reasoning:
            self._storing.grow(self.chat, turn)

    def _end(self, turn: Turn, end: End) -> None:
        if isinstance(end, Failed):
            self._notices.error(end.sentence)
        turn = ended(turn, end, time.monotonic())
        self._active_id = None
        self._change(turn)
        self._storing.finish(self.chat, turn, end if isinstance(end, Finished) else None)
        self._begin_next()
        self._tell_busy()

    def _on_model_changed(self, model: ModelCard | None) -> None:
        if model is not None:
            self.tell_empty_context()
            self._begin_next()

    def _tell_overflow(self, turn: Turn, overflow: Overflow) -> None:
        self.context_changed.emit(full_context(overflow), 0)
        if overflow.turns:
            words = self.tr("Leave them out")
            action = NoticeAction(words, lambda: self._leave_out_oldest(turn.turn_id))
        else:
            action = NoticeAction(self.tr("New chat"), self.new_chat_requested.emit)
        self._notices.error(overflow_sentence(overflow), action)

    def _leave_out_oldest(self, turn_id: int) -> None:
        """What the user chose for one question holds for this chat; each answer says it."""
        if turn_id in self.chat.turns:
            self.chat.on_overflow = OverflowChoice.DROP_OLDEST
            self._ask_again(turn_id)

    # ------------------------------------------------------------------ the page

    def _change(self, turn: Turn) -> None:
        self.chat.turns[turn.turn_id] = turn
        self.turn_changed.emit(turn)

    def _tell_busy(self) -> None:
        self.busy_changed.emit(self.is_busy())
