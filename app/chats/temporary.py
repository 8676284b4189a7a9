"""A temporary chat: the same store, in this process's memory alone, gone when it is closed.

For: a chat that shall leave no trace, and a first start without a keyring.
"""

from __future__ import annotations

from app.chats.database import Database
from app.chats.schema import migrate
from app.chats.store import ChatStore


def temporary_store() -> ChatStore:
    """An empty store that never touches a file; `store.database.close()` ends it."""
    database = Database.in_memory()
    migrate(database)
    return ChatStore(database)
