"""What is said in a chat, on its way to the history: stored, refused, taken back, asked again.

For: `Asking`, which shows what comes of it. The work is done by the history's thread, in order.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.bridge.history_worker import HistoryWorker
from app.chats.chat_record import AnswerRecord
from app.chats.model import Conversation
from app.notices import Notices
from app.pages.chat.drafts import Drafts
from app.pages.chat.keeping import Ending, Growth, Keeping
from app.pages.chat.open_chat import OpenChat
from app.pages.chat.stored_turns import message_state, parts_of, provenance_for
from app.pages.chat.turns import Turn
from inference.events import Finished


class Storing(QObject):
    """Chats are given along: one may have been left when its history answers."""

    stored = Signal(object, object)  # an OpenChat, and its Conversation as it is now
    refused = Signal(object, object, object)  # an OpenChat, a Turn that was not stored, why
    asked_again = Signal(object)  # an OpenChat
    not_asked_again = Signal(object, object, object)  # an OpenChat, its Turn as before, why
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
        answer = chat.answers[turn.turn_id]
        self._keeping.retry()
        self._history.do(
            lambda history: chat.record.ask(history, turn.question, answer),
            lambda conversation: self._on_stored(chat, turn, conversation),
            what_failed="",
            on_failure=lambda error: self._on_refused(chat, turn, error),
            place=chat.place,
        )

    def ask_again(self, chat: OpenChat, turn_id: int) -> None:
        """Begin another answer to a question of `chat.before`."""
        before, answer = chat.before[turn_id].answer, chat.answers[turn_id]
        self._keeping.retry()
        self._history.do(
            lambda history: chat.record.ask_again(history, before, answer),
            lambda _nothing: self._on_asked_again(chat, turn_id),
            what_failed="",
            on_failure=lambda error: self._on_not_asked_again(chat, turn_id, error),
            place=chat.place,
        )

    def let_be(self, chat: OpenChat, turn_id: int) -> Turn:
        """A question that was asked again, and got no answer yet, keeps the one it had."""
        answer = chat.answers[turn_id]
        self._history.do(
            answer.delete,
            lambda _nothing: None,
            what_failed=self.tr("An answer that was not begun is still in the history."),
            place=chat.place,
        )
        return chat.restore(turn_id)

    def take_out(self, chat: OpenChat, answers: Sequence[AnswerRecord]) -> None:
        """Questions go back to the composer, which has them already, and leave the history."""
        draft = self._drafts.text
        self._drafts.known(draft)
        self._history.do(
            lambda history: chat.record.take_back(history, answers, draft),
            lambda gone_id: self._on_taken_out(chat, gone_id),
            what_failed=self.tr("What was taken back is still in the history."),
            place=chat.place,
        )

    def grow(self, chat: OpenChat, turn: Turn) -> None:
        """More of an answer has come."""
        parts = parts_of(turn, time.monotonic())
        answer = chat.answers[turn.turn_id]
        self._keeping.grow(Growth(answer, chat.place, parts, turn.generated_tokens))

    def finish(self, chat: OpenChat, turn: Turn, finished: Finished | None = None) -> None:
        """An answer has ended, or is cut off where it is."""
        parts, record = parts_of(turn, time.monotonic()), provenance_for(turn, finished)
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

    def _on_asked_again(self, chat: OpenChat, turn_id: int) -> None:
        chat.unstored.discard(turn_id)
        self.asked_again.emit(chat)

    def _on_not_asked_again(self, chat: OpenChat, turn_id: int, error: Exception) -> None:
        if turn_id in chat.before:
            self.not_asked_again.emit(chat, chat.restore(turn_id), error)

    def _on_taken_out(self, chat: OpenChat, gone_id: int | None) -> None:
        if gone_id is not None:
            chat.chat_id = None
            self.gone.emit(chat, gone_id)
