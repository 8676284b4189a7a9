"""Version 1: chats as trees of messages, presets, and the index that searches them.

A message is one row, its parts a JSON list in it: so one trigger sees the whole message, and
the index can't drift from the text; a later reader keeps the kinds of part it doesn't know;
growing an answer rewrites one row. Typed rows of parts would spread each of the three over
several statements.

The index stores no text of its own (external content), and takes a message in only when it is
finished: growth by the second leaves it alone. Deleting takes words out at once (FTS5's
`secure-delete`), instead of leaving them readable in the index until a merge.

A child's id is above its parent's, so that no file can hold a circle.
"""

from __future__ import annotations

import apsw

_TABLES = """
CREATE TABLE preset (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL
) STRICT;

CREATE TABLE conversation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    is_pinned INTEGER NOT NULL CHECK (is_pinned IN (0, 1)),
    leaf_id INTEGER REFERENCES message (id) ON DELETE SET NULL,
    draft TEXT NOT NULL,
    preset_id INTEGER REFERENCES preset (id) ON DELETE SET NULL
) STRICT;

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    parent_id INTEGER CHECK (parent_id < id),
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    state TEXT NOT NULL CHECK (state IN ('streaming', 'done', 'stopped', 'failed')),
    created_at_ms INTEGER NOT NULL,
    parts TEXT NOT NULL,
    provenance TEXT,
    FOREIGN KEY (conversation_id, parent_id) REFERENCES message (conversation_id, id)
) STRICT;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_order
    ON conversation (is_pinned DESC, updated_at_ms DESC, id DESC);
CREATE INDEX conversation_leaf ON conversation (leaf_id);
CREATE INDEX conversation_preset ON conversation (preset_id);
CREATE UNIQUE INDEX message_owner ON message (conversation_id, id);
CREATE INDEX message_child ON message (conversation_id, parent_id, id);
CREATE INDEX message_streaming ON message (id) WHERE state = 'streaming';
"""

_SEARCH = """
CREATE VIEW message_words AS SELECT
    id,
    part_words(parts, 'text') AS text,
    part_words(parts, 'reasoning') AS reasoning,
    part_words(parts, 'attachment') AS attachments
    FROM message WHERE state <> 'streaming';

CREATE VIEW title_words AS SELECT id, word_text(title) AS title FROM conversation;

CREATE VIRTUAL TABLE message_index USING fts5 (
    text, reasoning, attachments,
    content = 'message_words', content_rowid = 'id',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co So'"
);
CREATE VIRTUAL TABLE title_index USING fts5 (
    title,
    content = 'title_words', content_rowid = 'id',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co So'"
);
INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 1);
INSERT INTO title_index (title_index, rank) VALUES ('secure-delete', 1);
"""

_TRIGGERS = """
CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.state <> 'streaming' BEGIN
    INSERT INTO message_index (rowid, text, reasoning, attachments)
        SELECT id, text, reasoning, attachments FROM message_words WHERE id = new.id;
END;
CREATE TRIGGER message_changes BEFORE UPDATE OF parts, state ON message
    WHEN old.state <> 'streaming' BEGIN
    INSERT INTO message_index (message_index, rowid, text, reasoning, attachments)
        SELECT 'delete', id, text, reasoning, attachments FROM message_words WHERE id = old.id;
END;
CREATE TRIGGER message_changed AFTER UPDATE OF parts, state ON message
    WHEN new.state <> 'streaming' BEGIN
    INSERT INTO message_index (rowid, text, reasoning, attachments)
        SELECT id, text, reasoning, attachments FROM message_words WHERE id = new.id;
END;
CREATE TRIGGER message_goes BEFORE DELETE ON message WHEN old.state <> 'streaming' BEGIN
    INSERT INTO message_index (message_index, rowid, text, reasoning, attachments)
        SELECT 'delete', id, text, reasoning, attachments FROM message_words WHERE id = old.id;
END;

CREATE TRIGGER title_added AFTER INSERT ON conversation BEGIN
    INSERT INTO title_index (rowid, title)
        SELECT id, title FROM title_words WHERE id = new.id;
END;
CREATE TRIGGER title_changes BEFORE UPDATE OF title ON conversation BEGIN
    INSERT INTO title_index (title_index, rowid, title)
        SELECT 'delete', id, title FROM title_words WHERE id = old.id;
END;
CREATE TRIGGER title_changed AFTER UPDATE OF title ON conversation BEGIN
    INSERT INTO title_index (rowid, title)
        SELECT id, title FROM title_words WHERE id = new.id;
END;
CREATE TRIGGER title_goes BEFORE DELETE ON conversation BEGIN
    INSERT INTO title_index (title_index, rowid, title)
        SELECT 'delete', id, title FROM title_words WHERE id = old.id;
END;
"""


def apply(cursor: apsw.Cursor) -> None:
    """Make the tables in an empty database."""
    for statements in (_TABLES, _SEARCH, _TRIGGERS):
        cursor.execute(statements).fetchall()
