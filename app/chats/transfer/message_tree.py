"""Messages from outside as the tree that they must be: parents first, no orphan, no ring.

For: `json_import`.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.chats.model import Message
from app.chats.transfer.json_checks import refused
from inference.sentence import said


def parents_first(messages: Iterable[Message], where: str) -> tuple[Message, ...]:
    """In the file's order, but each after its parent, so branches keep theirs.

    Raises `TransferError` for a number used twice, a parent that is not there, and messages
    that answer each other in a ring.
    """
    placed: dict[int, Message] = {}
    waiting: dict[int, list[Message]] = {}
    seen: set[int] = set()
    for message in messages:
        if message.id in seen:
            raise refused(where, said("Two messages have the number {number}", number=message.id))
        seen.add(message.id)
        if message.parent_id is None or message.parent_id in placed:
            _place(message, placed, waiting)
        else:
            waiting.setdefault(message.parent_id, []).append(message)
    for parent_id, orphans in waiting.items():
        if parent_id not in seen:
            raise refused(
                where, said("Message {number} answers one that is not there", number=orphans[0].id)
            )
    if waiting:
        raise refused(where, "Messages answer each other in a ring")
    return tuple(placed.values())


def _place(message: Message, placed: dict[int, Message], waiting: dict[int, list[Message]]) -> None:
    """Place a message, then all that waited for it and for those."""
    ready = [message]
    while ready:
        placing = ready.pop()
        placed[placing.id] = placing
        ready += reversed(waiting.pop(placing.id, []))
