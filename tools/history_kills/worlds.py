"""What a history holds, as plain values that can be compared.

For: the oracle, which works them out from what was acknowledged, and the judge, which reads them.
Times and what made an answer are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.chats.model import AttachmentPart, Message, MessageState, ReasoningPart, Role, TextPart
from app.chats.store import ChatStore

Parts = tuple[tuple[str, str], ...]
_KINDS = {TextPart: "text", ReasoningPart: "thoughts", AttachmentPart: "attachment"}


@dataclass(frozen=True)
class Said:
    """A message."""

    parent: int | None
    role: Role
    state: MessageState
    parts: Parts

    @property
    def flat(self) -> str:
        """Its thoughts and its text, one after the other, as they came."""
        return "".join(text for _, text in self.parts)


@dataclass(frozen=True)
class Chat:
    """A conversation."""

    title: str
    leaf: int | None = None
    draft: str = ""
    is_pinned: bool = False
    preset: int | None = None
    messages: Mapping[int, Said] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """All of a history."""

    chats: Mapping[int, Chat] = field(default_factory=dict)
    presets: Mapping[int, str] = field(default_factory=dict)
    loose_draft: str = ""

    def with_chat(self, number: int, chat: Chat) -> World:
        """The same with this chat under its number."""
        return replace(self, chats={**self.chats, number: chat})

    def without_chats(self, numbers: list[int]) -> World:
        """The same without some chats."""
        kept = {number: chat for number, chat in self.chats.items() if number not in numbers}
        return replace(self, chats=kept)

    @property
    def messages(self) -> dict[int, Said]:
        """Those of all chats."""
        return {
            number: said for chat in self.chats.values() for number, said in chat.messages.items()
        }


def typed(text: str) -> Parts:
    """The parts of a message that a person typed."""
    return (("text", text),)


def answered(thoughts: str, text: str, chars: int) -> Parts:
    """The parts of an answer that has come so far."""
    begun = (("thoughts", thoughts[:chars]), ("text", text[: max(0, chars - len(thoughts))]))
    return tuple((kind, part) for kind, part in begun if part)


def read_world(store: ChatStore) -> World:
    """What a history holds. Raises StoreError."""
    chats = {
        chat.id: Chat(
            chat.title,
            chat.leaf_id,
            chat.draft,
            chat.is_pinned,
            chat.preset_id,
            {message.id: _said(message) for message in store.messages.all(chat.id)},
        )
        for chat in store.conversations()
    }
    presets = {preset.id: preset.name for preset in store.presets.all()}
    return World(chats, presets, store.loose_draft())


def difference(expected: World, found: World) -> str:
    """The first thing that is not as expected, in a few words; nothing where all is."""
    for what, one, other in (
        ("chats", expected.chats, found.chats),
        ("presets", expected.presets, found.presets),
        ("messages", expected.messages, found.messages),
    ):
        missing, unknown = sorted(set(one) - set(other)), sorted(set(other) - set(one))
        if missing or unknown:
            return f"{what}: {missing} missing, {unknown} unknown"
    for number, message in expected.messages.items():
        if message != found.messages[number]:
            return f"message {number}: {_short(message)} became {_short(found.messages[number])}"
    for number, chat in expected.chats.items():
        one_chat, other_chat = replace(chat, messages={}), found.chats[number]
        if one_chat != replace(other_chat, messages={}):
            return f"chat {number}: {_short(one_chat)} became {_short(other_chat)}"
    return "" if expected == found else "presets or the loose draft differ"


def _said(message: Message) -> Said:
    parts = tuple((_KINDS[type(part)], part.text) for part in message.parts)
    return Said(message.parent_id, message.role, message.state, parts)


def _short(value: object) -> str:
    return repr(value)[:160]
