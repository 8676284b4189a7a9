"""The files that lie beside what is typed and not sent, in the order in which they were attached.

For: `ChatStore`, and whoever keeps drafts. None stands for the chat that does not exist yet.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.chats.database import Database
from app.chats.documents import storable
from app.chats.model import AttachmentPart
from app.chats.rows import check_belongs


class DraftFiles:
    """Those of all chats of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, conversation_id: int | None) -> tuple[AttachmentPart, ...]:
        """The files beside a chat's draft. Raises StoreError."""
        rows = self._database.read(
            "SELECT name, text FROM draft_file WHERE conversation_id IS ? ORDER BY id",
            conversation_id,
        )
        return tuple(AttachmentPart(name, text) for name, text in rows)

    def put(self, conversation_id: int | None, files: Sequence[AttachmentPart]) -> None:
        """Let these be the files beside a chat's draft. Raises MissingError, StoreError."""
        with self._database.write() as cursor:
            cursor.execute("DELETE FROM draft_file WHERE conversation_id IS ?", (conversation_id,))
            self.add(conversation_id, files)

    def add(self, conversation_id: int | None, files: Sequence[AttachmentPart]) -> None:
        """Put files behind those that are there. Raises MissingError, StoreError."""
        with self._database.write() as cursor:
            if conversation_id is not None:
                check_belongs(cursor, conversation_id, None)
            cursor.executemany(
                "INSERT INTO draft_file (conversation_id, name, text) VALUES (?, ?, ?)",
                [(conversation_id, storable(file.name), storable(file.text)) for file in files],
            )
