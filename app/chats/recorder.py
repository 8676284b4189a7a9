"""An answer kept while it grows: at most a second of it, or 200 tokens, is at risk.

For: whoever follows the engine's events, one recorder an answer, used from one thread. It
has no timer of its own: its owner calls `tick` a few times a second, so that what came just
before a pause is kept too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from app.chats.messages import Messages
from app.chats.model import (
    Message,
    MessageState,
    Part,
    Provenance,
    ReasoningPart,
    Role,
    TextPart,
)

# With a `tick` every 250 ms that makes 900 ms at most, and leaves the write itself some time.
_FLUSH_MS = 650
_FLUSH_TOKENS = 200


def monotonic_ms() -> float:
    """A clock in milliseconds that is never set back."""
    return time.monotonic() * 1000


def answer_parts(
    answer: str, thoughts: str = "", thought_ms: int = 0, thought_tokens: int = 0
) -> tuple[Part, ...]:
    """An answer as parts: what was thought before it, then itself; what is empty is no part."""
    parts: list[Part] = []
    if thoughts:
        parts.append(ReasoningPart(thoughts, thought_ms, thought_tokens))
    if answer:
        parts.append(TextPart(answer))
    return tuple(parts)


class AnswerRecorder:
    """One answer, from the empty message to its last state."""

    def __init__(
        self,
        messages: Messages,
        conversation_id: int,
        parent_id: int | None,
        clock_ms: Callable[[], float] = monotonic_ms,
    ) -> None:
        """Keep an empty streaming message below `parent_id`. Raises MissingError, StoreError."""
        message = messages.add(
            conversation_id, parent_id, Role.ASSISTANT, (), state=MessageState.STREAMING
        )
        self._take(messages, message, clock_ms)

    @classmethod
    def resumed(
        cls, messages: Messages, message_id: int, clock_ms: Callable[[], float] = monotonic_ms
    ) -> AnswerRecorder:
        """Of an answer that had ended and goes on. Raises MissingError, StoreError."""
        recorder = cls.__new__(cls)
        recorder._take(messages, messages.resume(message_id), clock_ms)
        return recorder

    def _take(self, messages: Messages, message: Message, clock_ms: Callable[[], float]) -> None:
        self._messages = messages
        self._clock_ms = clock_ms
        self.message = message
        self._parts = message.parts
        self._tokens = self._flushed_tokens = 0
        self._has_news = False
        self._flushed_at_ms = clock_ms()

    def grow(self, parts: Sequence[Part], tokens: int) -> None:
        """Take over all that has come so far, `tokens` in number, and write it down if due.

        Raises MissingError when the message was deleted: the answer has no place any more.
        Raises StoreError when it can't be written: it is kept here, and tried again when it
        is due the next time or finished.
        """
        self._parts, self._tokens, self._has_news = tuple(parts), tokens, True
        self.tick()

    def tick(self) -> None:
        """Write down what is due. Raises as `grow` does."""
        now_ms = self._clock_ms()
        late = now_ms - self._flushed_at_ms >= _FLUSH_MS
        many = self._tokens - self._flushed_tokens >= _FLUSH_TOKENS
        if self._has_news and (late or many):
            # Counted from the attempt: a full disk is not asked again for every token.
            self._flushed_at_ms, self._flushed_tokens = now_ms, self._tokens
            self._messages.grow(self.message.id, self._parts)
            self._has_news = False

    def finish(
        self,
        state: MessageState,
        parts: Sequence[Part] | None = None,
        provenance: Provenance | None = None,
    ) -> Message:
        """Write down the whole answer (None: what has come so far) and how it ended.

        Raises MissingError when the message was deleted or is finished; StoreError when it
        can't be written: call it again when there is room.
        """
        if parts is not None:
            self._parts, self._has_news = tuple(parts), True
        self.message = self._messages.finish(self.message.id, state, self._parts, provenance)
        self._has_news = False
        return self.message
