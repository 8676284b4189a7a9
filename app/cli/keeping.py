"""The terminal chat's own way into the history: each question before it is asked, each answer
as it grows.

For: `chat`. What can't be stored is said once and tried again; the chat goes on. A question that
can't be stored is not asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.chats.errors import ChatsError
from app.chats.history import AnyHistory
from app.chats.model import Message, MessageState, Part, Provenance, Role, TextPart
from app.chats.provenance import provenance_of, state_after
from app.chats.recorder import AnswerRecorder, answer_parts
from app.chats.titles import title_of
from app.cli.terminal import note
from inference.events import Channel, Event, Finished, Recast, Token

_TICK_S = 0.25


class Keeper:
    """One chat of the terminal in a history. The tree follows what the model reads: a question
    that got no answer, or was asked anew, stays as a branch beside the next one.
    """

    def __init__(self, history: AnyHistory, system: str | None = None) -> None:
        self._history = history
        self._system = system
        self._end_id: int | None = None  # of what the model reads before the next question
        self._question: Message | None = None
        self._is_taken_back = False
        self._answer: GrowingAnswer | None = None
        self._unfinished: GrowingAnswer | None = None

    @property
    def is_temporary(self) -> bool:
        """Whether nothing of it reaches a disk."""
        return self._history.is_temporary

    def ask(self, text: str) -> None:
        """Store a question and begin its answer, both or neither. Raises ChatsError: then it
        must not be asked.
        """
        if self._unfinished is not None:
            self._unfinished.finish_again()
            self._unfinished = None
        question, is_again = self._question, self._is_taken_back
        with self._history.store.database.write():
            if question is None or not is_again or question.text != text:
                question = self._stored(text)
            recorder = self._history.record_answer(question.conversation_id, question.id)
        self._question, self._is_taken_back = question, False
        self._end_id = question.parent_id
        self._answer = GrowingAnswer(recorder)

    def _stored(self, text: str) -> Message:
        store, last = self._history.store, self._question
        if last is not None:
            chat_id, parent_id = last.conversation_id, self._end_id
        else:
            chat_id, parent_id = store.create(title_of(text)).id, None
            if self._system is not None:
                system = (TextPart(self._system),)
                parent_id = store.messages.add(chat_id, None, Role.SYSTEM, system).id
        return store.messages.add(chat_id, parent_id, Role.USER, (TextPart(text),))

    @contextmanager
    def answering(self) -> Iterator[GrowingAnswer]:
        """Keep what the answer is given until the block ends, however it ends."""
        answer = self._answer
        if answer is None:
            raise ValueError("an answer without a question")
        state: MessageState | None = MessageState.FAILED
        try:
            yield answer
            state = None
        except (KeyboardInterrupt, SystemExit):
            state = MessageState.STOPPED
            raise
        finally:
            answer.end(state)
            if not answer.is_finished:
                self._unfinished = answer
        if answer.has_text:
            self._end_id = answer.id

    def take_back(self) -> None:
        """The last question is asked anew: the same words get another answer beside the first."""
        if self._question is not None:
            self._end_id = self._question.parent_id
            self._is_taken_back = True

    def close(self, *, in_haste: bool) -> None:
        """Store what is left, make the day's backup if it is due and there is time for it, and
        close the history.
        """
        try:
            if self._unfinished is not None:
                self._unfinished.finish_again()
            if not in_haste:
                self._history.back_up_if_due()
        except ChatsError as error:
            note(str(error))
        finally:
            self._history.close()


class GrowingAnswer:
    """An answer under way, written down by events and by a clock of its own."""

    def __init__(self, recorder: AnswerRecorder) -> None:
        self._recorder = recorder
        self._answer, self._thoughts = "", ""
        self._tokens = self._thought_tokens = 0
        self._thinks_since_s: float | None = None
        self._thought_ms = 0
        self._state: MessageState = MessageState.STOPPED
        self._provenance: Provenance | None = None
        self._is_told = False
        self.is_finished = False
        # The recorder is one thread's at a time.
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._clock = threading.Thread(target=self._tick, name="recorder", daemon=True)
        self._clock.start()

    @property
    def id(self) -> int:
        """The stored message's."""
        return self._recorder.message.id

    @property
    def has_text(self) -> bool:
        """Whether there is an answer, beyond thoughts."""
        return bool(self._answer)

    def take(self, event: Event) -> None:
        """One more event of the engine."""
        match event:
            case Token():
                self._grow(event)
            case Recast():
                self._thoughts, self._answer = self._thoughts + self._answer, ""
                self._thought_tokens = self._tokens
            case Finished():
                self._state = state_after(event.reason)
                self._provenance = provenance_of(event)
                self._thought_tokens = event.statistics.reasoning_tokens or self._thought_tokens

    def end(self, state: MessageState | None) -> None:
        """Write down the whole answer; `state` None: as the engine said."""
        self._ended.set()
        self._clock.join()
        if state is not None:
            self._state = state
        try:
            self.finish_again()
        except ChatsError as error:
            note(f"{error} The answer is stored when that is possible again.")

    def finish_again(self) -> None:
        """Write down the whole answer. Raises ChatsError."""
        with self._turn:
            self._recorder.finish(self._state, self._parts(), self._provenance)
        self.is_finished = True

    def _grow(self, token: Token) -> None:
        now_s = time.monotonic()
        if token.token_id is not None:
            self._tokens += 1
        if token.channel is Channel.REASONING:
            self._thinks_since_s = now_s if self._thinks_since_s is None else self._thinks_since_s
            self._thoughts += token.text
            self._thought_tokens += token.token_id is not None
            self._thought_ms = round((now_s - self._thinks_since_s) * 1000)
        elif token.channel is Channel.ANSWER:
            self._answer += token.text
        with self._turn:
            try:
                self._recorder.grow(self._parts(), self._tokens)
            except ChatsError as error:
                self._tell(error)

    def _parts(self) -> tuple[Part, ...]:
        return answer_parts(self._answer, self._thoughts, self._thought_ms, self._thought_tokens)

    def _tick(self) -> None:
        """What came just before a pause is written down too."""
        while not self._ended.wait(_TICK_S):
            with self._turn:
                try:
                    self._recorder.tick()
                except ChatsError as error:
                    self._tell(error)

    def _tell(self, error: ChatsError) -> None:
        if not self._is_told:
            self._is_told = True
            note(f"\n{error} The answer goes on.")
