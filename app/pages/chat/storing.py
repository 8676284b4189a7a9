"""What is said in a chat, on its way to the history: stored, refused, taken back, asked again.

For: `Asking` and `Branching`, which show what comes of it. The work is done by the history's
thread, in order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app.bridge.history_worker import HistoryWorker
from app.chats.answer_record import AnswerRecord
from app.chats.history import AnyHistory
from app.chats.model import Conversation, Provenance
from app.notices import Notices
from app.pages.chat.drafts import Drafts
from app.pages.chat.keeping import Ending, Growth, Keeping
from app.pages.chat.open_chat import OpenChat, Redo, RedoKind
from app.pages.chat.stored_turns import attachments_of, message_state, parts_of, provenance_for
from app.pages.chat.turns import Turn
from inference.events import Finished


class Storing(QObject):
    """Chats are given along: one may have been left when its history answers."""

    stored = Signal(object, object)  # an OpenChat, and its Conversation as it is now
    refused = Signal(object, object, object)  # an OpenChat, a Turn that was not stored, why
    redo_stored = Signal(object)  # an OpenChat
    redo_refused = Signal(object, object, object)  # an OpenChat, the Turn that was refused, why
    gone = Signal(object, int)  # an OpenChat of which nothing is left, and its id

    def __init__(
        self,
        history: HistoryWorker,
        keeping: Keeping,
        drafts: Drafts,
        notices: Notices,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._keeping = keeping
        self._drafts = drafts
        self._notices = notices

    def ask(self, chat: OpenChat, turn: Turn) -> None:
        """Store a question with the place of its answer."""
        answer, settings = chat.answers[turn.turn_id], chat.settings.pairs()
        files = attachments_of(turn.attached)
        self._keeping.retry()
        self._history.do(
            lambda history: chat.record.ask(history, turn.question, answer, files, settings),
            lambda conversation: self._on_stored(chat, turn, conversation),
            what_failed="",
            on_failure=lambda error: self._on_refused(chat, turn, error),
            place=chat.place,
        )

    def redo(self, chat: OpenChat, turn_id: int) -> None:
        """Store the place of what a turn of `chat.redone` is to become."""
        turn = chat.turns[turn_id]
        work = _redoing(chat, turn, chat.redone[turn_id])
        self._keeping.retry()
        self._history.do(
            work,
            lambda _nothing: self._on_redo_stored(chat, turn_id),
            what_failed="",
            on_failure=lambda error: self._on_redo_refused(chat, turn, error),
            place=chat.place,
        )

    def let_be(self, chat: OpenChat, turn_id: int) -> tuple[Turn, ...]:
        """A turn that was to be asked once more, and got no answer yet, is what it was; it and
        what followed it are returned.
        """
        answer = chat.answers[turn_id]
        self._history.do(
            answer.undo,
            lambda _nothing: None,
            what_failed=self.tr("An answer that was not begun is still in the history."),
            place=chat.place,
        )
        return chat.restore(turn_id)

    def take_back(self, chat: OpenChat, answers: Sequence[AnswerRecord]) -> None:
        """Questions go back to the composer, which has them already, and leave the history."""
        draft = self._drafts.now
        self._drafts.known(draft)
        files = attachments_of(draft.files)
        self._history.do(
            lambda history: chat.record.take_back(history, answers, draft.text, files),
            lambda gone_id: self._on_taken_back(chat, gone_id),
            what_failed=self.tr("What was taken back is still in the history."),
            place=chat.place,
        )

    def cancel_waiting(self, chat: OpenChat, answer: AnswerRecord) -> None:
        """One of several questions that wait goes back alone."""
        self._history.do(
            lambda history: chat.record.cancel_waiting(history, answer),
            lambda _nothing: None,
            what_failed=self.tr("What was taken back is still in the history."),
            place=chat.place,
        )

    def reword(self, chat: OpenChat, turn: Turn, before: Turn) -> None:
        """A question that waits is another one."""
        answer, files = chat.answers[turn.turn_id], attachments_of(turn.attached)
        self._history.do(
            lambda history: chat.record.reword(history, answer, turn.question, files),
            lambda _nothing: self._on_redo_stored(chat, turn.turn_id),
            what_failed="",
            on_failure=lambda error: self._on_not_reworded(chat, before, error),
            place=chat.place,
        )

    def grow(self, chat: OpenChat, turn: Turn) -> None:
        """More of an answer has come."""
        parts = parts_of(turn, time.monotonic())
        answer = chat.answers[turn.turn_id]
        self._keeping.grow(Growth(answer, chat.place, parts, turn.generated_tokens))

    def finish(
        self,
        chat: OpenChat,
        turn: Turn,
        finished: Finished | None = None,
        asked_with: Provenance | None = None,
        *,
        made_by: Provenance | None = None,
    ) -> None:
        """An answer has ended, or is cut off where it is; `made_by` where that is known."""
        parts = parts_of(turn, time.monotonic())
        record = made_by or provenance_for(turn, finished, asked_with)
        if record is not None:
            chat.made_by[turn.turn_id] = record
        answer, state = chat.answers[turn.turn_id], message_state(turn.state)
        self._keeping.finish(Ending(answer, chat.place, state, parts, record))

    def _on_stored(self, chat: OpenChat, turn: Turn, conversation: Conversation) -> None:
        chat.unstored.discard(turn.turn_id)
        chat.chat_id = conversation.id
        self.stored.emit(chat, conversation)

    def _on_refused(self, chat: OpenChat, turn: Turn, error: Exception) -> None:
        if turn.turn_id in chat.unstored:  # its author did not take it back meanwhile
            chat.remove(turn.turn_id)
            self._drafts.refused(chat.record)
            self.refused.emit(chat, turn, error)

    def _on_redo_stored(self, chat: OpenChat, turn_id: int) -> None:
        chat.unstored.discard(turn_id)
        self.redo_stored.emit(chat)

    def _on_redo_refused(self, chat: OpenChat, turn: Turn, error: Exception) -> None:
        if turn.turn_id in chat.redone:
            self.redo_refused.emit(chat, turn, error)

    def _on_not_reworded(self, chat: OpenChat, before: Turn, error: Exception) -> None:
        if before.turn_id in chat.turns:
            chat.turns[before.turn_id] = before
        chat.unstored.discard(before.turn_id)
        self.redo_refused.emit(chat, before, error)

    def _on_taken_back(self, chat: OpenChat, gone_id: int | None) -> None:
        if gone_id is not None:
            chat.chat_id = None
            self.gone.emit(chat, gone_id)


def _redoing(chat: OpenChat, turn: Turn, redo: Redo) -> Callable[[AnyHistory], None]:
    """What the history's thread does before a turn is asked once more."""
    before, answer = redo.before[0].answer, chat.answers[turn.turn_id]
    record, files = chat.record, attachments_of(turn.attached)
    match redo.kind:
        case RedoKind.EDITED:
            return lambda history: record.ask_beside(history, before, answer, turn.question, files)
        case RedoKind.GOES_ON:
            return answer.resume
        case _:
            return lambda history: record.ask_again(history, before, answer)
