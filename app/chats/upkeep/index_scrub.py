"""Deleted words out of the search index's inner nodes too.

For: wiping. Deleting takes words out of the index's leaves at once, but an inner node keeps the
first letters of the word at which a leaf once began. Where such a beginning belongs to no word
any more, the index is merged anew, piece by piece, so that no one waits long.
"""

from __future__ import annotations

from app.chats.database import Database
from app.chats.search_index import INDEXES, command_index

# 30 ms at a time.
_PAGES_AT_ONCE = 200
_WORDS = "words_left"
# Taken out and put in again, a text makes the new part that a merge needs to begin.
_TOUCH = {
    "message_index": "UPDATE message SET parts = parts WHERE id ="
    " (SELECT max(id) FROM message WHERE state <> 'streaming') RETURNING 1",
    "title_index": "UPDATE conversation SET title = title WHERE id ="
    " (SELECT max(id) FROM conversation) RETURNING 1",
}


def scrub_index(database: Database) -> bool:
    """See that no part of a deleted word is left; whether there was one. Raises StoreError."""
    traced = [name for name in INDEXES if has_traces(database, name)]
    for name in traced:
        _merge_anew(database, name)
    return bool(traced)


def has_traces(database: Database, index: str) -> bool:
    """Whether an inner node holds the beginning of a word that no text has. Raises StoreError."""
    with database.write() as cursor:
        cursor.execute(
            f"CREATE VIRTUAL TABLE temp.{_WORDS} USING fts5vocab('main', '{index}', 'instance')"
        )
        try:
            rows = database.read(f"SELECT CAST(term AS BLOB) FROM {index}_idx")
            # The first byte only says which index the word is in.
            return any(not _is_used(database, row[0][1:]) for row in rows)
        finally:
            cursor.execute(f"DROP TABLE temp.{_WORDS}")


def _is_used(database: Database, beginning: bytes) -> bool:
    sql = f"SELECT CAST(term AS BLOB) FROM temp.{_WORDS} WHERE term >= CAST(? AS TEXT) LIMIT 1"
    rows = database.read(sql, beginning)
    return beginning == b"" or (bool(rows) and rows[0][0].startswith(beginning))


def _merge_anew(database: Database, index: str) -> None:
    with database.write() as cursor:
        if not cursor.execute(_TOUCH[index]).fetchall():
            command_index(cursor, index, "rebuild")
            return
    pages = -_PAGES_AT_ONCE  # below 0: all parts of the index take part
    while _merge(database, index, pages):
        pages = _PAGES_AT_ONCE


def _merge(database: Database, index: str, pages: int) -> bool:
    """Whether there is more to merge: by its documentation, two changes or more."""
    with database.write() as cursor:
        before = database.connection.total_changes()
        command_index(cursor, index, "merge", pages)
        return database.connection.total_changes() - before >= 2
