"""What a conversation is: a tree of messages with typed parts.

For: everything that keeps, shows, exports or imports chats. Frozen, so that it crosses
threads. Times are milliseconds since 1970 in UTC; ids are the store's own and never used again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

PROVENANCE_VERSION = 1


class Role(StrEnum):
    """Who wrote a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class MessageState(StrEnum):
    """How far a message has come. After a crash what was streaming is stopped, its text kept."""

    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class TextPart:
    """What was typed, or answered (Markdown)."""

    text: str


@dataclass(frozen=True)
class ReasoningPart:
    """What a model thought before its answer."""

    text: str
    elapsed_ms: int = 0
    tokens: int = 0


@dataclass(frozen=True)
class AttachmentPart:
    """A text file given along with a message: its text as it was at that moment."""

    name: str
    text: str


Part = TextPart | ReasoningPart | AttachmentPart


@dataclass(frozen=True)
class Provenance:
    """What made an answer: the engine's record and its figures, as a versioned document.

    `details` are plain values by name (model, quantization, seed, tokens_per_s, …): readers
    of a later version keep what they do not know.
    """

    details: tuple[tuple[str, str | int | float | bool], ...] = ()
    version: int = PROVENANCE_VERSION


@dataclass(frozen=True)
class Message:
    """One node of a conversation's tree. Siblings (the same `parent_id`) are its branches."""

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    parts: tuple[Part, ...]
    state: MessageState
    created_at_ms: int
    provenance: Provenance | None = None

    @property
    def text(self) -> str:
        """The text parts joined, without thoughts and attachments."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def reasoning(self) -> str:
        """The thoughts, joined."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, ReasoningPart))


@dataclass(frozen=True)
class Conversation:
    """A chat as the list shows it. `leaf_id` names the branch that is shown.

    `settings` are its own, as plain values by name: what they mean, `chat_settings` knows.
    """

    id: int
    title: str
    created_at_ms: int
    updated_at_ms: int
    is_pinned: bool = False
    leaf_id: int | None = None
    draft: str = ""
    preset_id: int | None = None
    settings: tuple[tuple[str, str | int | float | bool], ...] = ()


@dataclass(frozen=True)
class ConversationTree:
    """A chat with all its branches, parents before children: what is exported, or put back.

    `draft_files` lie beside its draft.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    draft_files: tuple[AttachmentPart, ...] = ()


@dataclass(frozen=True)
class Preset:
    """Named settings for chats: plain values by name."""

    id: int
    name: str
    settings: tuple[tuple[str, str | int | float | bool], ...] = ()


@dataclass(frozen=True)
class Hit:
    """A found message, or a found title, which has no message and no role.

    `excerpt` is cut into pieces, each with whether it matched.
    """

    conversation_id: int
    message_id: int | None
    title: str
    role: Role | None
    created_at_ms: int
    excerpt: tuple[tuple[str, bool], ...] = field(default=())
