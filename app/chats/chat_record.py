"""One chat as a window writes it: what is asked, the answers as they grow, what is typed.

For: the window, whose chat page holds these and lets the history's thread alone use them. What
comes in order is written in order, so a record need not be told its place in the store: the
first question makes it, and until then what is typed is the new chat's. A method that raised
has changed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.chats.answer_record import AnswerRecord
from app.chats.branches import Fork, TakenOut
from app.chats.documents import Pairs
from app.chats.errors import MissingError
from app.chats.history import AnyHistory
from app.chats.model import AttachmentPart, Conversation, Message, Part, Role, TextPart
from app.chats.store import ChatStore
from app.chats.titles import title_of
from inference.sentence import said

__all__ = ["AnswerRecord", "ChatRecord", "LoadedChat", "joined", "question_parts"]

_NEVER_ASKED = said("This question is not in the history, so nothing can be added to it.")


@dataclass(frozen=True)
class LoadedChat:
    """A chat as it is shown: its branch from some message on, and what was typed and attached last.

    Only `load` brings the files. Without a conversation it is a new chat. `forks` are the messages
    that have others beside them, by their ids.
    """

    conversation: Conversation | None
    messages: tuple[Message, ...]
    draft: str
    draft_files: tuple[AttachmentPart, ...] = ()
    forks: Mapping[int, Fork] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing stands before the messages."""
        return not self.messages or self.messages[0].parent_id is None


def question_parts(text: str, attached: Sequence[AttachmentPart] = ()) -> tuple[Part, ...]:
    """A question as parts: files alone need no words."""
    return (TextPart(text), *attached) if text or not attached else tuple(attached)


class ChatRecord:
    """One chat; without `conversation_id` one that is in no store yet."""

    def __init__(self, conversation_id: int | None = None) -> None:
        self.conversation_id = conversation_id

    def load(
        self, history: AnyHistory, through: int | None = None, *, most: int | None = None
    ) -> LoadedChat:
        """The branch that is shown, or `most` of its last messages; with `through` the newest
        branch through that message, whole, which is shown from then on. Raises MissingError,
        StoreError.
        """
        store = history.store
        if self.conversation_id is None:
            return LoadedChat(None, (), store.loose_draft(), store.draft_files.of(None))
        with store.database.held():
            files = store.draft_files.of(self.conversation_id)
            loaded = self._loaded(store, None, most if through is None else None)
            if through is not None and all(each.id != through for each in loaded.messages):
                store.branches.show(through)
                loaded = self._loaded(store, None)
            return replace(loaded, draft_files=files)

    def load_above(self, history: AnyHistory, shown: LoadedChat) -> tuple[Message, ...]:
        """What stands before a branch's messages of which only the last ones were loaded.

        Raises MissingError, StoreError.
        """
        return history.store.messages.path(shown.messages[0].parent_id)

    def ask(
        self,
        history: AnyHistory,
        text: str,
        answer: AnswerRecord,
        attached: Sequence[AttachmentPart] = (),
        settings: Pairs = (),
    ) -> Conversation:
        """Store a question and begin its answer, both or neither; empties what was typed.

        A chat that begins with it is given the settings. Raises MissingError when the chat was
        deleted, StoreError.
        """
        store, parts = history.store, question_parts(text, attached)
        begun = AnswerRecord()
        with store.database.write():
            if self.conversation_id is None:
                title = title_of(text or attached[0].name)
                question = store.start(title, parts)
                store.set_settings(question.conversation_id, settings)
            else:
                question = store.send(self.conversation_id, parts)
            begun.begin(history, question.conversation_id, question.id)
            conversation = store.get(question.conversation_id)
        answer.take_over(begun)
        self.conversation_id = conversation.id
        return conversation

    def ask_again(self, history: AnyHistory, before: AnswerRecord, answer: AnswerRecord) -> None:
        """Begin another answer to the same question; the one before, and what followed it,
        stay as a branch. Raises MissingError, StoreError.
        """
        if self.conversation_id is None or before.question_id is None:
            raise MissingError(_NEVER_ASKED)
        answer.begin(history, self.conversation_id, before.question_id)

    def ask_beside(
        self,
        history: AnyHistory,
        before: AnswerRecord,
        answer: AnswerRecord,
        text: str,
        attached: Sequence[AttachmentPart] = (),
    ) -> None:
        """Store another version of a question and begin its answer; the one before, and what
        followed it, stay as a branch. Raises MissingError, StoreError.
        """
        if self.conversation_id is None or before.question_id is None:
            raise MissingError(_NEVER_ASKED)
        parts = question_parts(text, attached)
        answer.begin_beside(history, self.conversation_id, before.question_id, parts)

    def reword(
        self,
        history: AnyHistory,
        answer: AnswerRecord,
        text: str,
        attached: Sequence[AttachmentPart] = (),
    ) -> None:
        """Change a question that waits, and that nobody has read. Raises MissingError,
        StoreError.
        """
        if answer.question_id is None:
            raise MissingError(_NEVER_ASKED)
        history.store.messages.reword(answer.question_id, question_parts(text, attached))

    def walk(self, history: AnyHistory, message_id: int | None, step: int) -> LoadedChat:
        """Show the newest branch through the version so many steps beside a message: that
        version and what follows it. Raises MissingError, StoreError.
        """
        if message_id is None:
            raise MissingError(_NEVER_ASKED)
        store = history.store
        with store.database.write():
            parent_id = store.messages.get(message_id).parent_id
            store.branches.show(store.branches.beside(message_id, step))
            return self._loaded(store, parent_id)

    def take_out(self, history: AnyHistory, answer: AnswerRecord) -> tuple[TakenOut, LoadedChat]:
        """Delete a question, or an answer without one, and all that follows it, on every
        branch: what it was, and what is shown in its place. Raises MissingError, StoreError.
        """
        first_id = answer.question_id or answer.message_id
        if first_id is None:
            raise MissingError(_NEVER_ASKED)
        store = history.store
        with store.database.write():
            parent_id = store.messages.get(first_id).parent_id
            taken = store.branches.take_out(first_id)
            return taken, self._loaded(store, parent_id)

    def put_back(self, history: AnyHistory, taken: TakenOut) -> LoadedChat:
        """Undo `take_out`: what is shown then below what it stood below. Raises MissingError,
        StoreError.
        """
        store = history.store
        with store.database.write():
            store.branches.put_back(taken)
            return self._loaded(store, taken.messages[0].parent_id)

    def cancel_waiting(self, history: AnyHistory, answer: AnswerRecord) -> None:
        """Take one question out of those that wait; what waits behind it moves up. Raises
        MissingError, StoreError.
        """
        if answer.question_id is not None and answer.message_id is not None:
            history.store.branches.close_gap(answer.question_id, answer.message_id)

    def set_settings(self, history: AnyHistory, settings: Pairs) -> Conversation | None:
        """Give the chat settings of its own; None: it is in no store yet. Raises MissingError,
        StoreError.
        """
        if self.conversation_id is None:
            return None
        history.store.set_settings(self.conversation_id, settings)
        return history.store.get(self.conversation_id)

    def take_back(
        self,
        history: AnyHistory,
        answers: Sequence[AnswerRecord],
        draft: str,
        files: Sequence[AttachmentPart] = (),
    ) -> int | None:
        """Take the last questions out again and keep their words as what is typed, at once, with
        the files beside it.

        Returns the chat's id where nothing is left of it. Raises MissingError, StoreError.
        """
        questions = [answer.question_id for answer in answers if answer.is_begun]
        if self.conversation_id is None or not questions or questions[0] is None:
            self.set_draft(history, draft, files)
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
                store.draft_files.put(chat_id, files)
            else:
                store.delete([chat_id])
                store.set_loose_draft(draft)
                store.draft_files.put(None, files)
        if is_left:
            return None
        self.conversation_id = None
        return chat_id

    def set_draft(
        self, history: AnyHistory, text: str, files: Sequence[AttachmentPart] | None = None
    ) -> None:
        """Keep what is typed, and the files beside it; None: these as they are kept. Raises
        MissingError, StoreError.
        """
        store = history.store
        with store.database.write():
            if self.conversation_id is None:
                store.set_loose_draft(text)
            else:
                store.set_draft(self.conversation_id, text)
            if files is not None:
                store.draft_files.put(self.conversation_id, files)

    def add_to_draft(
        self, history: AnyHistory, text: str, files: Sequence[AttachmentPart] = ()
    ) -> None:
        """Keep what was typed and attached before anyone could read, or beside what nobody sees
        now. Raises as `set_draft`.
        """
        store = history.store
        with store.database.write():
            self.set_draft(history, joined(self._draft(store), text))
            store.draft_files.add(self.conversation_id, files)

    def forget(self, history: AnyHistory) -> None:
        """Delete it, or what is typed for it where it is in no store yet. Raises StoreError."""
        if self.conversation_id is None:
            self.set_draft(history, "", ())
        else:
            history.store.delete([self.conversation_id])
            self.conversation_id = None

    def _loaded(
        self, store: ChatStore, below_id: int | None, most: int | None = None
    ) -> LoadedChat:
        """What is shown below a message, or all of it; an answer comes with its question."""
        conversation = store.get(self.conversation_id or 0)
        leaf_id = conversation.leaf_id
        messages: tuple[Message, ...] = ()
        if leaf_id is not None and leaf_id != below_id:
            first_id = 0 if below_id is None else below_id + 1
            messages = store.messages.path(leaf_id, first_id, most=most)
            if len(messages) == most and messages[0].role is Role.ASSISTANT:
                messages = messages[1:]
        forks = store.branches.forks(conversation.id)
        return LoadedChat(conversation, messages, conversation.draft, forks=forks)

    def _draft(self, store: ChatStore) -> str:
        if self.conversation_id is None:
            return store.loose_draft()
        return store.get(self.conversation_id).draft


def joined(first: str, second: str) -> str:
    """Two texts that were typed apart, in one field."""
    return "\n\n".join(text for text in (first, second) if text.strip())
