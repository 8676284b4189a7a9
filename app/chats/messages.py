"""Messages as a tree: added, walked, grown while they stream, cut.

For: the chat store, the recorder and the window. A message is on the disk when `add` returns.
Titles, pins and drafts are the store's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import apsw

from app.chats.database import Database
from app.chats.documents import parts_to_json, provenance_to_json
from app.chats.errors import MissingError
from app.chats.model import Message, MessageState, Part, Provenance, Role
from app.chats.rows import MESSAGE_COLUMNS, insert_message, message_from_row, set_leaf, touch
from app.chats.search_index import forgetting

_SUBTREE = """
    WITH RECURSIVE subtree (id) AS (
        VALUES (?1) UNION ALL
        SELECT message.id FROM message JOIN subtree ON message.parent_id = subtree.id
            WHERE message.conversation_id = ?2
    )
"""


class Messages:
    """The messages of all conversations."""

    def __init__(self, database: Database, now_ms: Callable[[], int]) -> None:
        self._database = database
        self._now_ms = now_ms

    def add(
        self,
        conversation_id: int,
        parent_id: int | None,
        role: Role,
        parts: Sequence[Part],
        *,
        state: MessageState = MessageState.DONE,
        provenance: Provenance | None = None,
    ) -> Message:
        """Keep a new message below `parent_id` (None: at the root) and show its branch.

        A second message below the same parent is a branch. Raises MissingError when the
        conversation, or the parent in it, is gone; StoreError.
        """
        now_ms = self._now_ms()
        with self._database.write() as cursor:
            new = Message(
                0, conversation_id, parent_id, role, tuple(parts), state, now_ms, provenance
            )
            message_id = insert_message(cursor, new)
            set_leaf(cursor, conversation_id, message_id)
            touch(cursor, conversation_id, now_ms)
        return self.get(message_id)

    def add_copy(self, message: Message, *, keeps_id: bool) -> int:
        """Keep a message of an import or a restored chat as it is; what streamed is stopped.

        Its id is its own or a new one, which is returned. The shown branch stays. Raises
        MissingError; StoreError when its own id is taken.
        """
        if message.state is MessageState.STREAMING:
            message = replace(message, state=MessageState.STOPPED)
        with self._database.write() as cursor:
            return insert_message(cursor, message, message.id if keeps_id else None)

    def get(self, message_id: int) -> Message:
        """Raises MissingError, StoreError."""
        rows = self._database.read(
            f"SELECT {MESSAGE_COLUMNS} FROM message WHERE id = ?", message_id
        )
        if not rows:
            raise MissingError("This message was deleted. Nothing else was changed.")
        return message_from_row(rows[0])

    def path(
        self, leaf_id: int | None, first_id: int = 0, *, most: int | None = None
    ) -> tuple[Message, ...]:
        """From the root, or from `first_id`, to `leaf_id`: what a window shows, a model reads;
        with `most` no more than so many, the last ones.

        Raises MissingError, StoreError.
        """
        if leaf_id is None:
            return ()
        rows = self._database.read(
            f"""
            WITH RECURSIVE line (id, parent) AS (
                SELECT id, parent_id FROM message WHERE id = ?1 UNION ALL
                SELECT message.id, parent_id FROM message JOIN line ON message.id = line.parent
                    WHERE message.id >= ?2
                LIMIT ?3
            )
            SELECT {MESSAGE_COLUMNS} FROM message WHERE id IN (SELECT id FROM line) ORDER BY id
            """,
            leaf_id,
            first_id,
            -1 if most is None else most,
        )
        if not rows:
            raise MissingError("This message was deleted. Nothing else was changed.")
        return tuple(map(message_from_row, rows))

    def children(self, conversation_id: int, parent_id: int | None) -> tuple[Message, ...]:
        """The branches below a message (None: the roots), oldest first. Raises StoreError."""
        rows = self._database.read(
            f"SELECT {MESSAGE_COLUMNS} FROM message WHERE conversation_id = ? AND parent_id IS ?"
            " ORDER BY id",
            conversation_id,
            parent_id,
        )
        return tuple(map(message_from_row, rows))

    def siblings(self, message_id: int) -> tuple[Message, ...]:
        """The branches that a message is one of, itself among them, oldest first.

        Raises MissingError, StoreError.
        """
        message = self.get(message_id)
        return self.children(message.conversation_id, message.parent_id)

    def newest_leaf(self, message_id: int) -> int:
        """Where the branch through a message ends, taking the newest child at each fork.

        Raises MissingError, StoreError.
        """
        conversation_id = self.get(message_id).conversation_id
        return int(
            self._database.read(
                """
                WITH RECURSIVE down (id) AS (
                    VALUES (?1) UNION ALL
                    SELECT (SELECT max(message.id) FROM message
                        WHERE conversation_id = ?2 AND parent_id = down.id)
                    FROM down WHERE down.id IS NOT NULL
                )
                SELECT max(id) FROM down
                """,
                message_id,
                conversation_id,
            )[0][0]
        )

    def all(self, conversation_id: int) -> tuple[Message, ...]:
        """Every branch, parents before children. Raises StoreError."""
        rows = self._database.read(
            f"SELECT {MESSAGE_COLUMNS} FROM message WHERE conversation_id = ? ORDER BY id",
            conversation_id,
        )
        return tuple(map(message_from_row, rows))

    def grow(self, message_id: int, parts: Sequence[Part]) -> None:
        """Put what has come so far in the place of a streaming message's parts.

        Raises MissingError when it is gone or finished; StoreError.
        """
        self._change(
            "UPDATE message SET parts = ? WHERE id = ? AND state = 'streaming'",
            parts_to_json(parts),
            message_id,
        )

    def finish(
        self,
        message_id: int,
        state: MessageState,
        parts: Sequence[Part],
        provenance: Provenance | None = None,
    ) -> Message:
        """End a streaming message: its last parts, how it ended, what made it.

        From here on it is found by the search. Raises MissingError when it is gone or
        finished already; StoreError.
        """
        with self._database.write() as cursor:
            self._change(
                "UPDATE message SET parts = ?, state = ?, provenance = ?"
                " WHERE id = ? AND state = 'streaming'",
                parts_to_json(parts),
                state,
                provenance_to_json(provenance),
                message_id,
            )
            message = self.get(message_id)
            touch(cursor, message.conversation_id, self._now_ms())
        return message

    def resume(self, message_id: int) -> Message:
        """Let a message that had ended stream again; the search knows it when it has ended.

        Raises MissingError when it is gone or streaming; StoreError.
        """
        self._change(
            "UPDATE message SET state = 'streaming' WHERE id = ? AND state <> 'streaming'",
            message_id,
        )
        return self.get(message_id)

    def reword(self, message_id: int, parts: Sequence[Part]) -> None:
        """Put other parts in the place of those of a message that nobody has read yet.

        Raises MissingError, StoreError.
        """
        self._change("UPDATE message SET parts = ? WHERE id = ?", parts_to_json(parts), message_id)

    def below(self, message_id: int) -> tuple[Message, ...]:
        """A message and all that follow it, on every branch, parents before children.

        Raises MissingError, StoreError.
        """
        conversation_id = self.get(message_id).conversation_id
        rows = self._database.read(
            f"{_SUBTREE} SELECT {MESSAGE_COLUMNS} FROM message"
            " WHERE id IN (SELECT id FROM subtree) ORDER BY id",
            message_id,
            conversation_id,
        )
        return tuple(map(message_from_row, rows))

    def delete(self, message_id: int) -> None:
        """Delete a message and all below it, for good, from the search index too.

        If the shown branch ran through it, the newest one beside it is shown, or the message
        above. Raises MissingError, StoreError.
        """
        with self._database.write() as cursor:
            message = self.get(message_id)
            where = (message_id, message.conversation_id)
            cursor.execute(_SUBTREE + "SELECT id FROM subtree", where)
            doomed = {row[0] for row in cursor.fetchall()}
            leaf_id = self._leaf(message.conversation_id)
            with forgetting(cursor, len(doomed)):
                cursor.execute(
                    _SUBTREE + "DELETE FROM message WHERE id IN (SELECT id FROM subtree)", where
                )
            if leaf_id in doomed:
                set_leaf(cursor, message.conversation_id, self._leaf_beside(message))

    def _leaf(self, conversation_id: int) -> int | None:
        sql = "SELECT leaf_id FROM conversation WHERE id = ?"
        leaf_id: int | None = self._database.read(sql, conversation_id)[0][0]
        return leaf_id

    def _leaf_beside(self, deleted: Message) -> int | None:
        beside = self.children(deleted.conversation_id, deleted.parent_id)
        return self.newest_leaf(beside[-1].id) if beside else deleted.parent_id

    def _change(self, sql: str, *values: apsw.SQLiteValue) -> None:
        with self._database.write() as cursor:
            if not cursor.execute(f"{sql} RETURNING id", values).fetchall():
                raise MissingError("This message was deleted or ended. Nothing else was changed.")
