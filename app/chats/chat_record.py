"""One chat as a window writes it: what is asked, the answers as they grow, what is typed.

For: the window, whose chat page holds these and lets the history's thread alone use them. What
comes in order is written in order, so a record need not be told its place in the store: the
first question makes it, and until then what is typed is the new chat's. A method that raised
has changed nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.chats.errors import MissingError
from app.chats.history import AnyHistory
from app.chats.model import Conversation, Message, MessageState, Part, Provenance, TextPart
from app.chats.recorder import AnswerRecorder
from app.chats.store import ChatStore
from app.chats.titles import title_of

_NEVER_ASKED = "This question is not in the history, so nothing can be added to it."


@dataclass(frozen=True)
class LoadedChat:
    """A chat as it is shown: its branch from the first message on, and what was typed last.

    Without a conversation it is a new chat.
    """

    conversation: Conversation | None
    messages: tuple[Message, ...]
    draft: str


class AnswerRecord:
    """The place of one answer: below a question, and growing once it was asked for."""

    def __init__(self, question_id: int | None = None) -> None:
        self.question_id = question_id
        self._recorder: AnswerRecorder | None = None

    @property
    def is_begun(self) -> bool:
        """Whether it has a place: its question was stored."""
        return self._recorder is not None

    def begin(self, history: AnyHistory, conversation_id: int, question_id: int) -> None:
        """Keep an empty answer below a question. Raises MissingError, StoreError."""
        self._recorder = history.record_answer(conversation_id, question_id)
        self.question_id = question_id

    def take_over(self, other: AnswerRecord) -> None:
        """Have the place that `other` was given."""
        self.question_id, self._recorder = other.question_id, other._recorder

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

    def delete(self, history: AnyHistory) -> None:
        """Take it away; the answer beside it is shown again. Raises MissingError, StoreError."""
        if self._recorder is not None:
            history.store.messages.delete(self._recorder.message.id)
            self._recorder = None


class ChatRecord:
    """One chat; without `conversation_id` one that is in no store yet."""

    def __init__(self, conversation_id: int | None = None) -> None:
        self.conversation_id = conversation_id

    def load(self, history: AnyHistory) -> LoadedChat:
        """The branch that is shown. Raises MissingError, StoreError."""
        store = history.store
        if self.conversation_id is None:
            return LoadedChat(None, (), store.loose_draft())
        with store.database.held():
            conversation = store.get(self.conversation_id)
            messages = store.messages.path(conversation.leaf_id)
        return LoadedChat(conversation, messages, conversation.draft)

    def ask(self, history: AnyHistory, text: str, answer: AnswerRecord) -> Conversation:
        """Store a question and begin its answer, both or neither; empties what was typed.

        Raises MissingError when the chat was deleted, StoreError.
        """
        store, parts = history.store, (TextPart(text),)
        with store.database.write():
            if self.conversation_id is None:
                question = store.start(title_of(text), parts)
            else:
                question = store.send(self.conversation_id, parts)
            begun = AnswerRecord()
            begun.begin(history, question.conversation_id, question.id)
            conversation = store.get(question.conversation_id)
        answer.take_over(begun)
        self.conversation_id = conversation.id
        return conversation

    def ask_again(self, history: AnyHistory, before: AnswerRecord, answer: AnswerRecord) -> None:
        """Begin another answer to the same question; the one before stays as a branch.

        Raises MissingError, StoreError.
        """
        if self.conversation_id is None or before.question_id is None:
            raise MissingError(_NEVER_ASKED)
        answer.begin(history, self.conversation_id, before.question_id)

    def take_back(
        self, history: AnyHistory, answers: Sequence[AnswerRecord], draft: str
    ) -> int | None:
        """Take the last questions out again and keep their words as what is typed, at once.

        Returns the chat's id where nothing is left of it. Raises MissingError, StoreError.
        """
        questions = [answer.question_id for answer in answers if answer.is_begun]
        if self.conversation_id is None or not questions or questions[0] is None:
            self.set_draft(history, draft)
            return None
        store, chat_id = history.store, self.conversation_id
        with store.database.write():
            parent_id = store.messages.get(questions[0]).parent_id
            store.messages.delete(questions[0])  # and so all that follows it
            is_left = bool(store.messages.children(chat_id, None))
            if is_left:
                if parent_id is not None:
                    store.set_leaf(chat_id, parent_id)
                store.set_draft(chat_id, draft)
            else:
                store.delete([chat_id])
                store.set_loose_draft(draft)
        if is_left:
            return None
        self.conversation_id = None
        return chat_id

    def set_draft(self, history: AnyHistory, text: str) -> None:
        """Keep what is typed. Raises MissingError, StoreError."""
        if self.conversation_id is None:
            history.store.set_loose_draft(text)
        else:
            history.store.set_draft(self.conversation_id, text)

    def add_to_draft(self, history: AnyHistory, text: str) -> None:
        """Keep what was typed before anyone could read what is kept. Raises as `set_draft`."""
        store = history.store
        with store.database.write():
            self.set_draft(history, joined(self._draft(store), text))

    def forget(self, history: AnyHistory) -> None:
        """Delete it, if it is in the store. Raises StoreError."""
        if self.conversation_id is not None:
            history.store.delete([self.conversation_id])
            self.conversation_id = None

    def _draft(self, store: ChatStore) -> str:
        if self.conversation_id is None:
            return store.loose_draft()
        return store.get(self.conversation_id).draft


def joined(first: str, second: str) -> str:
    """Two texts that were typed apart, in one field."""
    return "\n\n".join(text for text in (first, second) if text.strip())
