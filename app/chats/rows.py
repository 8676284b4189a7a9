"""Rows of the two main tables, as the model's values and back.

For: the store and its messages, which share them. No transaction begins here.
"""

from __future__ import annotations

import apsw

from app.chats.database import Row
from app.chats.documents import (
    pairs_from_json,
    pairs_to_json,
    parts_from_json,
    parts_to_json,
    provenance_from_json,
    provenance_to_json,
    storable,
)
from app.chats.errors import MissingError
from app.chats.model import Conversation, Message, MessageState, Role
from inference.sentence import said

MESSAGE_COLUMNS = "id, conversation_id, parent_id, role, parts, state, created_at_ms, provenance"
CONVERSATION_COLUMNS = (
    "id, title, created_at_ms, updated_at_ms, is_pinned, leaf_id, draft, preset_id, settings"
)

_NO_CHAT = said("This chat was deleted. Nothing else was changed.")
_NO_MESSAGE = said("This message was deleted. Nothing else was changed.")


def message_from_row(row: Row) -> Message:
    """A row of MESSAGE_COLUMNS. Raises DamagedError."""
    message_id, conversation_id, parent_id, role, parts, state, created_at_ms, provenance = row
    return Message(
        id=message_id,
        conversation_id=conversation_id,
        parent_id=parent_id,
        role=Role(role),
        parts=parts_from_json(parts),
        state=MessageState(state),
        created_at_ms=created_at_ms,
        provenance=provenance_from_json(provenance),
    )


def conversation_from_row(row: Row) -> Conversation:
    """A row of CONVERSATION_COLUMNS. Raises DamagedError."""
    chat_id, title, created_at_ms, updated_at_ms, is_pinned, leaf_id, draft, preset_id, own = row
    return Conversation(
        id=chat_id,
        title=title,
        created_at_ms=created_at_ms,
        updated_at_ms=updated_at_ms,
        is_pinned=bool(is_pinned),
        leaf_id=leaf_id,
        draft=draft,
        preset_id=preset_id,
        settings=pairs_from_json(own),
    )


def new_id(cursor: apsw.Cursor) -> int:
    """What a statement that ends in RETURNING id gave back."""
    row: Row = cursor.fetchall()[0]
    return int(row[0])


def insert_message(cursor: apsw.Cursor, message: Message, message_id: int | None = None) -> int:
    """Add a message under `message_id`, or under a new id; return it. Raises MissingError."""
    check_belongs(cursor, message.conversation_id, message.parent_id)
    cursor.execute(
        f"INSERT INTO message ({MESSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            message_id,
            message.conversation_id,
            message.parent_id,
            message.role.value,
            parts_to_json(message.parts),
            message.state.value,
            message.created_at_ms,
            provenance_to_json(message.provenance),
        ),
    )
    return new_id(cursor)


def insert_conversation(
    cursor: apsw.Cursor, conversation: Conversation, conversation_id: int | None = None
) -> int:
    """Add a chat, without its leaf, under `conversation_id`, or under a new id; return it."""
    cursor.execute(
        f"INSERT INTO conversation ({CONVERSATION_COLUMNS}) VALUES (?, ?, ?, ?, ?, NULL, ?,"
        " (SELECT id FROM preset WHERE id = ?), ?) RETURNING id",
        (
            conversation_id,
            storable(conversation.title),
            conversation.created_at_ms,
            conversation.updated_at_ms,
            conversation.is_pinned,
            storable(conversation.draft),
            conversation.preset_id,
            pairs_to_json(conversation.settings),
        ),
    )
    return new_id(cursor)


def set_leaf(cursor: apsw.Cursor, conversation_id: int, leaf_id: int | None) -> None:
    """Name the branch that a chat shows. Raises MissingError."""
    check_belongs(cursor, conversation_id, leaf_id)
    cursor.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf_id, conversation_id))


def touch(cursor: apsw.Cursor, conversation_id: int, now_ms: int) -> None:
    """Move a chat to the top of the list."""
    cursor.execute(
        "UPDATE conversation SET updated_at_ms = ? WHERE id = ?", (now_ms, conversation_id)
    )


def check_belongs(cursor: apsw.Cursor, conversation_id: int, message_id: int | None) -> None:
    """Raise MissingError unless the chat is there and, where one is named, the message in it."""
    chats = "SELECT 1 FROM conversation WHERE id = ?"
    if not cursor.execute(chats, (conversation_id,)).fetchall():
        raise MissingError(_NO_CHAT)
    messages = "SELECT 1 FROM message WHERE conversation_id = ? AND id = ?"
    wanted = (conversation_id, message_id)
    if message_id is not None and not cursor.execute(messages, wanted).fetchall():
        raise MissingError(_NO_MESSAGE)
