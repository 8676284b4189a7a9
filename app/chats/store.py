"""The history as its users see it: chats with their drafts, pins and branches.

For: the window, the command line, exports and the upkeep. Everything is on the disk when a
method returns, and nothing of a call that raised is. Messages are in `messages`, presets in
`presets`, answers as they grow in `recorder`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import apsw

from app.chats.branches import Branches
from app.chats.database import Database
from app.chats.documents import Pairs, pairs_to_json, storable
from app.chats.draft_files import DraftFiles
from app.chats.errors import MissingError
from app.chats.messages import Messages
from app.chats.model import Conversation, ConversationTree, Hit, Message, Part, Role
from app.chats.presets import Presets
from app.chats.rows import (
    CONVERSATION_COLUMNS,
    check_belongs,
    conversation_from_row,
    insert_conversation,
    set_leaf,
    touch,
)
from app.chats.search import HITS, search
from app.chats.search_index import forgetting
from inference.sentence import said

MOST_TITLE_CHARS = 2_000
_JOINERS = "\u200c\u200d"  # of signs that were cut in two
_LOOSE_DRAFT = "new_chat_draft"
_GONE = said("This chat was deleted. Nothing else was changed.")


def now_ms() -> int:
    """The time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class ChatStore:
    """All chats of one database that is migrated already. Safe to share between threads."""

    def __init__(self, database: Database, now_ms: Callable[[], int] = now_ms) -> None:
        self.database = database
        self.messages = Messages(database, now_ms)
        self.branches = Branches(database, self.messages)
        self.presets = Presets(database)
        self.draft_files = DraftFiles(database)
        self._now_ms = now_ms

    def create(self, title: str, preset_id: int | None = None) -> Conversation:
        """A new chat without messages. Raises StoreError."""
        now_ms = self._now_ms()
        with self.database.write() as cursor:
            new = Conversation(0, title, now_ms, now_ms, preset_id=preset_id)
            conversation_id = insert_conversation(cursor, new)
        return self.get(conversation_id)

    def start(self, title: str, parts: Sequence[Part], preset_id: int | None = None) -> Message:
        """A new chat with its first message, typed as the loose draft, which is emptied with its
        files.

        Raises StoreError.
        """
        with self.database.write():
            conversation = self.create(title, preset_id)
            message = self.messages.add(conversation.id, None, Role.USER, parts)
            self.set_loose_draft("")
            self.draft_files.put(None, ())
        return message

    def send(self, conversation_id: int, parts: Sequence[Part]) -> Message:
        """What the user typed, below the branch that is shown; the chat's draft is emptied with
        its files.

        Raises MissingError, StoreError.
        """
        with self.database.write():
            leaf_id = self.get(conversation_id).leaf_id
            message = self.messages.add(conversation_id, leaf_id, Role.USER, parts)
            self.set_draft(conversation_id, "")
            self.draft_files.put(conversation_id, ())
        return message

    def get(self, conversation_id: int) -> Conversation:
        """Raises MissingError, StoreError."""
        rows = self.database.read(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE id = ?", conversation_id
        )
        if not rows:
            raise MissingError(_GONE)
        return conversation_from_row(rows[0])

    def conversations(self) -> tuple[Conversation, ...]:
        """All chats: pinned ones first, then by their last message. Raises StoreError."""
        rows = self.database.read(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversation"
            " ORDER BY is_pinned DESC, updated_at_ms DESC, id DESC"
        )
        return tuple(map(conversation_from_row, rows))

    def rename(self, conversation_id: int, title: str) -> None:
        """Give it a title, of which a beginning is kept: lists and searches read all of them.

        Raises MissingError, StoreError.
        """
        beginning = title.lstrip()[:MOST_TITLE_CHARS].rstrip(_JOINERS)
        self._set(conversation_id, "title", storable(beginning))

    def set_pinned(self, conversation_id: int, is_pinned: bool) -> None:
        """Keep a chat at the top of the list, or no longer. Raises MissingError, StoreError."""
        self._set(conversation_id, "is_pinned", is_pinned)

    def set_preset(self, conversation_id: int, preset_id: int | None) -> None:
        """Name the settings of a chat. Raises MissingError, StoreError."""
        with self.database.write():
            if preset_id is not None:
                self.presets.get(preset_id)
            self._set(conversation_id, "preset_id", preset_id)

    def set_settings(self, conversation_id: int, settings: Pairs) -> None:
        """Give a chat settings of its own in the place of those it had.

        Raises MissingError, StoreError.
        """
        self._set(conversation_id, "settings", pairs_to_json(settings))

    def set_draft(self, conversation_id: int, text: str) -> None:
        """Keep what is typed and not yet sent. Raises MissingError, StoreError."""
        self._set(conversation_id, "draft", storable(text))

    def loose_draft(self) -> str:
        """What is typed in a chat that does not exist yet. Raises StoreError."""
        rows = self.database.read("SELECT value FROM setting WHERE name = ?", _LOOSE_DRAFT)
        return str(rows[0][0]) if rows else ""

    def set_loose_draft(self, text: str) -> None:
        """Keep what is typed in a chat that does not exist yet. Raises StoreError."""
        with self.database.write() as cursor:
            cursor.execute(
                "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
                (_LOOSE_DRAFT, storable(text)),
            )

    def set_leaf(self, conversation_id: int, leaf_id: int | None) -> None:
        """Show the branch that ends at `leaf_id`. Raises MissingError, StoreError."""
        with self.database.write() as cursor:
            set_leaf(cursor, conversation_id, leaf_id)

    def touch(self, conversation_id: int) -> None:
        """Move a chat to the top of the list. Raises MissingError, StoreError."""
        with self.database.write() as cursor:
            check_belongs(cursor, conversation_id, None)
            touch(cursor, conversation_id, self._now_ms())

    def delete(self, conversation_ids: Collection[int]) -> int:
        """Delete chats with all they hold, for good, from the search index too; how many.

        Those that are gone already are passed over. Raises StoreError, with none deleted.
        """
        with self.database.write() as cursor:
            deleted = [(number,) for number in conversation_ids if self._is_there(number)]
            with forgetting(cursor, sum(self._message_count(number) for (number,) in deleted)):
                cursor.executemany("DELETE FROM conversation WHERE id = ?", deleted)
        return len(deleted)

    def tree(self, conversation_id: int) -> ConversationTree:
        """A chat with every branch: for an export, or to undo a deletion later.

        Raises MissingError, StoreError.
        """
        with self.database.held():
            return ConversationTree(
                self.get(conversation_id),
                self.messages.all(conversation_id),
                self.draft_files.of(conversation_id),
            )

    def restore(self, tree: ConversationTree) -> None:
        """Put a deleted chat back just as it was, ids included.

        Raises StoreError when it, or one of its messages, is there.
        """
        self._add_tree(tree, keeps_ids=True)

    def add_tree(self, tree: ConversationTree) -> Conversation:
        """A copy of a chat from elsewhere, under new ids.

        Raises MissingError when a message comes before its parent; StoreError.
        """
        return self.get(self._add_tree(tree, keeps_ids=False))

    def recover(self) -> int:
        """Stop what was streaming when the program ended, its text kept; how many messages.

        Called once, after opening. Raises StoreError.
        """
        with self.database.write() as cursor:
            cursor.execute(
                "UPDATE message SET state = 'stopped' WHERE state = 'streaming' RETURNING id"
            )
            return len(cursor.fetchall())

    def search(
        self, asked: str, limit: int = HITS, is_wanted: Callable[[], bool] = lambda: True
    ) -> tuple[Hit, ...]:
        """Chats and messages that hold the words in `asked`; see `search`. Raises StoreError."""
        return search(self.database, asked, limit, is_wanted)

    def _add_tree(self, tree: ConversationTree, *, keeps_ids: bool) -> int:
        source = tree.conversation
        with self.database.write() as cursor:
            chat_id = insert_conversation(cursor, source, source.id if keeps_ids else None)
            self.draft_files.put(chat_id, tree.draft_files)
            ids: dict[int | None, int | None] = {None: None}
            for message in tree.messages:
                if message.parent_id not in ids:
                    raise MissingError("A message of this chat comes before its parent.")
                parent_id = ids[message.parent_id]
                copy = replace(message, conversation_id=chat_id, parent_id=parent_id)
                ids[message.id] = self.messages.add_copy(copy, keeps_id=keeps_ids)
            set_leaf(cursor, chat_id, ids.get(source.leaf_id))
        return chat_id

    def _set(self, conversation_id: int, column: str, value: apsw.SQLiteValue) -> None:
        with self.database.write() as cursor:
            cursor.execute(
                f"UPDATE conversation SET {column} = ? WHERE id = ? RETURNING id",
                (value, conversation_id),
            )
            if not cursor.fetchall():
                raise MissingError(_GONE)

    def _is_there(self, conversation_id: int) -> bool:
        sql = "SELECT 1 FROM conversation WHERE id = ?"
        return bool(self.database.read(sql, conversation_id))

    def _message_count(self, conversation_id: int) -> int:
        sql = "SELECT count(*) FROM message WHERE conversation_id = ?"
        return int(self.database.read(sql, conversation_id)[0][0])
