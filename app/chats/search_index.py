"""The search index's own upkeep: words taken out for good, checked, built anew.

For: the store when it deletes, and the upkeep. Triggers (schema/v1) keep the index in step with
the messages; queries are in `search`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from app.chats.database import Database, Row

INDEXES = ("message_index", "title_index")

# Measured with 200,000 messages: taking one message's words out alone costs 8 ms, merging the
# whole index, which leaves deleted words behind, 0.015 ms for each message in it.
_MERGED_FOR_ONE = 500


@contextmanager
def forgetting(cursor: apsw.Cursor, message_count: int) -> Iterator[None]:
    """Within a transaction: what the block deletes leaves no word in the index's pages.

    `message_count` says how many messages go; few are cut out, for many the index is merged.
    """
    row: Row = cursor.execute("SELECT count(*) FROM message").fetchall()[0]
    if message_count * _MERGED_FOR_ONE < row[0]:
        yield
        return
    for name in INDEXES:
        _command(cursor, name, "secure-delete", 0)
    yield
    for name in INDEXES:
        _command(cursor, name, "optimize")
        _command(cursor, name, "secure-delete", 1)


def check_index(database: Database) -> None:
    """Compare the index with every message. Raises DamagedError when they differ."""
    with database.write() as cursor:
        for name in INDEXES:
            # 1: compare with the texts too, not only the index with itself.
            _command(cursor, name, "integrity-check", 1)


def rebuild_index(database: Database) -> None:
    """Make the index anew from the messages: about 0.1 ms for each. Raises StoreError."""
    with database.write() as cursor:
        for name in INDEXES:
            _command(cursor, name, "rebuild")


def _command(cursor: apsw.Cursor, index: str, command: str, value: int | None = None) -> None:
    cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES (?, ?)", (command, value))
