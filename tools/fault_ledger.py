"""What a history acknowledged and what may or may not have happened, and whether it is so.

For: `fault_scenarios`, which write it down while disks fail, and `fault_history`, where another
process holds the history against it. An acknowledged message is there with its text; what was
refused is there whole or not at all; what was wiped is nowhere.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from app.chats.model import Message
from app.chats.store import ChatStore


@dataclass
class Kept:
    """A message: `at_least` was acknowledged, `at_most` was to be kept."""

    chat_id: int
    at_least: str
    at_most: str


@dataclass
class Ledger:
    """Its lines. Numbers are messages' and chats' ids."""

    kept: dict[int, Kept] = field(default_factory=dict)
    titles: dict[int, list[str]] = field(default_factory=dict)
    chats: dict[str, int] = field(default_factory=dict)  # by what steps call them
    tried: list[str] = field(default_factory=list)  # texts and titles that may be there
    leaving: list[int] = field(default_factory=list)  # chats that may be gone
    wiped: list[str] = field(default_factory=list)
    passphrases: list[str] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)
    backups: list[str] = field(default_factory=list)
    is_begun: bool = False

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Ledger:
        """What `to_json` wrote."""
        fields = json.loads(line)
        fields["kept"] = {int(number): Kept(**kept) for number, kept in fields["kept"].items()}
        fields["titles"] = {int(number): names for number, names in fields["titles"].items()}
        return cls(**fields)

    def keep(self, message: Message) -> None:
        """The message was acknowledged."""
        self.kept[message.id] = Kept(message.conversation_id, message.text, message.text)

    def forget_chat(self, chat_id: int) -> None:
        """The chat's deletion was acknowledged."""
        self.kept = {number: kept for number, kept in self.kept.items() if kept.chat_id != chat_id}
        self.titles.pop(chat_id, None)

    def problems(self, store: ChatStore) -> list[str]:
        """In what the history is not as acknowledged; empty where all is well."""
        chats = {chat.id: chat for chat in store.conversations()}
        found: dict[int, Message] = {}
        for chat_id in chats:
            found |= {message.id: message for message in store.messages.all(chat_id)}
        problems = [self._chat_problem(number, chats.get(number)) for number in self.titles]
        problems += [self._lost(number, found.get(number)) for number in self.kept]
        problems += [self._stray(message) for message in found.values()]
        problems += self._titles_not_asked_for({c.id: c.title for c in chats.values()})
        return [problem for problem in problems if problem]

    def _chat_problem(self, number: int, chat: object) -> str:
        is_lost = chat is None and number not in self.leaving
        return f"chat {number} ({self.titles[number]}) is gone" if is_lost else ""

    def _titles_not_asked_for(self, there: dict[int, str]) -> list[str]:
        return [
            f"chat {number} has the title {title!r}"
            for number, title in there.items()
            if title not in self.titles.get(number, []) and title not in self.tried
        ]

    def _lost(self, number: int, message: Message | None) -> str:
        kept = self.kept[number]
        if message is None:
            return "" if kept.chat_id in self.leaving else f"message {number} is gone: {kept}"
        is_right = message.text.startswith(kept.at_least) and kept.at_most.startswith(message.text)
        return "" if is_right else f"message {number} holds {message.text[:60]!r}, not {kept}"

    def _stray(self, message: Message) -> str:
        if message.id in self.kept:
            return ""
        if any(text.startswith(message.text) for text in self.tried):
            return ""
        return f"message {message.id} was never asked for: {message.text[:60]!r}"

    def wiped_problems(self, store: ChatStore, where: Path) -> list[str]:
        """What of wiped chats a history or a backup still shows."""
        # A backup from before an upgrade has an older form; titles stand in every one.
        titles = {row[0] for row in store.database.read("SELECT title FROM conversation")}
        return [f"{name!r} was wiped, and is in {where}" for name in self.wiped if name in titles]
