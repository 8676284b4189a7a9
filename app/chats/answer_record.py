"""The place of one answer in the history: below a question, and growing once it was asked for.

For: the window, which holds one for each turn and lets the history's thread alone use them. A
method that raised has changed nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.chats.history import AnyHistory
from app.chats.model import Conversation, Message, MessageState, Part, Provenance, Role
from app.chats.recorder import AnswerRecorder


class AnswerRecord:
    """Of a turn that was read, `message_id` is its answer; of one that is asked, nothing yet."""

    def __init__(self, question_id: int | None = None, message_id: int | None = None) -> None:
        self.question_id = question_id
        self._message_id = message_id
        self._recorder: AnswerRecorder | None = None
        # What undoes it while nobody answered: what was added, and what was shown before.
        self._added_id: int | None = None
        self._leaf_before: int | None = None
        self._resumed: Message | None = None

    @property
    def is_begun(self) -> bool:
        """Whether it has a place to grow in: its question was stored."""
        return self._recorder is not None

    @property
    def message_id(self) -> int | None:
        """The stored answer's id."""
        return self._message_id if self._recorder is None else self._recorder.message.id

    def holds(self, message_id: int) -> bool:
        """Whether a stored message is its question or its answer."""
        return message_id in (self.question_id, self.message_id)

    def begin(self, history: AnyHistory, conversation_id: int, question_id: int) -> None:
        """Keep an empty answer below a question. Raises MissingError, StoreError."""
        leaf_before = history.store.get(conversation_id).leaf_id
        self._recorder = history.record_answer(conversation_id, question_id)
        self.question_id = question_id
        self._added_id, self._leaf_before = self._recorder.message.id, leaf_before

    def begin_beside(
        self, history: AnyHistory, conversation_id: int, before_id: int, parts: Sequence[Part]
    ) -> None:
        """Store another version of a question, and an empty answer below it, both or neither.

        Raises MissingError, StoreError.
        """
        store, begun = history.store, AnswerRecord()
        with store.database.write():
            leaf_before = store.get(conversation_id).leaf_id
            parent_id = store.messages.get(before_id).parent_id
            question = store.messages.add(conversation_id, parent_id, Role.USER, parts)
            begun.begin(history, conversation_id, question.id)
        self.take_over(begun)
        self._added_id, self._leaf_before = question.id, leaf_before

    def resume(self, history: AnyHistory) -> None:
        """Let an answer that had ended grow on. Raises MissingError, StoreError."""
        message_id = self.message_id or 0
        resumed = history.store.messages.get(message_id)
        self._recorder = AnswerRecorder.resumed(history.store.messages, message_id)
        self._message_id, self._resumed = message_id, resumed

    def take_over(self, other: AnswerRecord) -> None:
        """Have the place that `other` was given."""
        self.question_id, self._recorder = other.question_id, other._recorder
        self._added_id, self._leaf_before = other._added_id, other._leaf_before

    def grow(self, parts: Sequence[Part], tokens: int) -> None:
        """As `AnswerRecorder.grow`; nothing where the question was not stored."""
        if self._recorder is not None:
            self._recorder.grow(parts, tokens)

    def tick(self) -> None:
        """As `AnswerRecorder.tick`."""
        if self._recorder is not None:
            self._recorder.tick()

    def finish(
        self,
        history: AnyHistory,
        state: MessageState,
        parts: Sequence[Part],
        provenance: Provenance | None,
    ) -> Conversation | None:
        """Write down how it ended; its chat as it is then, None where there was no question.

        Raises MissingError when it was deleted, StoreError: call it again when there is room.
        """
        if self._recorder is None:
            return None
        with history.store.database.write():
            message = self._recorder.finish(state, parts, provenance)
            return history.store.get(message.conversation_id)

    def undo(self, history: AnyHistory) -> None:
        """Nobody answered: all is as it was before. Raises MissingError, StoreError."""
        if self._recorder is None:
            return
        store, message = history.store, self._recorder.message
        with store.database.write():
            if self._resumed is not None:
                before = self._resumed
                store.messages.finish(message.id, before.state, before.parts, before.provenance)
            elif self._added_id is not None:
                store.messages.delete(self._added_id)
                store.set_leaf(message.conversation_id, self._leaf_before)
        self._recorder = self._resumed = None
