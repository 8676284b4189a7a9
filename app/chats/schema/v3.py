"""Version 3: the files that lie beside what is typed are kept with it.

A row each, so that lists of chats, which read drafts, do not read megabytes of files. Those of a
chat go where the chat goes; without one they lie beside what is typed for a chat not begun yet.
"""

from __future__ import annotations

import apsw

_TABLES = """
CREATE TABLE draft_file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER REFERENCES conversation (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX draft_file_owner ON draft_file (conversation_id, id);
"""


def apply(cursor: apsw.Cursor) -> None:
    """Make the table."""
    cursor.execute(_TABLES).fetchall()
