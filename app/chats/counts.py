"""How much a history holds, in numbers alone."""

from __future__ import annotations

from dataclasses import dataclass

from app.chats.database import Database


@dataclass(frozen=True)
class Counts:
    """What there is of each."""

    chats: int
    messages: int
    presets: int


def counts(database: Database) -> Counts:
    """As they are now. Raises StoreError."""
    ((chats, messages, presets),) = database.read(
        "SELECT (SELECT count(*) FROM conversation), (SELECT count(*) FROM message),"
        " (SELECT count(*) FROM preset)"
    )
    return Counts(chats, messages, presets)
