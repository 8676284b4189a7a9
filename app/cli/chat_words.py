"""What the actions of `chats` share: chats by their numbers, and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.chats.errors import MissingError
from app.chats.transfer.wording import UNTITLED, Occasion, one_line
from app.cli.failure import CommandError

if TYPE_CHECKING:
    from app.chats.history import History
    from app.chats.model import Conversation

SHOWN_TIME = Occasion(0)


def chosen(history: History, ids: list[int]) -> tuple[Conversation, ...]:
    """Chats by their numbers, each once. Raises CommandError, StoreError."""
    try:
        return tuple(history.store.get(number) for number in dict.fromkeys(ids))
    except MissingError:
        known = {chat.id for chat in history.store.conversations()}
        missing = next(number for number in ids if number not in known)
        raise CommandError(f"There is no chat {missing}. Nothing was changed.") from None


def count(number: int, noun: str) -> str:
    """“1 chat”, “2 chats”."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shown_title(title: str) -> str:
    """A title on one line, harmless."""
    return one_line(title) or UNTITLED
