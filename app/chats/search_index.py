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

# The row of an index's data that lists its parts, and how they are written there.
_STRUCTURE = 10
_COOKIE_BYTES = 4
_NUMBERS_OF_A_PART = 3


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
        command_index(cursor, name, "secure-delete", 0)
    yield
    for name in INDEXES:
        command_index(cursor, name, "optimize")
        if not _is_wholly_merged(cursor, name):
            command_index(cursor, name, "rebuild")
        command_index(cursor, name, "secure-delete", 1)


def _is_wholly_merged(cursor: apsw.Cursor, index: str) -> bool:
    """Whether nothing is left of the index but one part, on its last level.

    Only what is merged into the last level loses its deleted words. FTS5 merges into a lower one
    where the levels above were emptied or are used up (64, after some 32 deletions): then deleted
    words stay, as marks of their deletion that no query shows.
    """
    sql = f"SELECT block FROM {index}_data WHERE id = {_STRUCTURE}"
    row: Row = cursor.execute(sql).fetchall()[0]
    levels = _parts_of_levels(row[0])
    return not any(levels[:-1]) and sum(levels) <= 1


def _parts_of_levels(structure: bytes) -> list[int]:
    """How many parts each level has: https://sqlite.org/src/file/ext/fts5/fts5_index.c."""
    numbers = _varints(structure[_COOKIE_BYTES:])
    level_count, _, _ = (next(numbers) for _ in range(3))
    parts = []
    for _ in range(level_count):
        next(numbers)  # those that take part in a merge
        parts.append(next(numbers))
        for _ in range(parts[-1] * _NUMBERS_OF_A_PART):
            next(numbers)
    return parts


def _varints(stored: bytes) -> Iterator[int]:
    """SQLite's numbers of 7 bits a byte, the highest first; these are too small for its 9th."""
    number = 0
    for byte in stored:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0


def check_index(database: Database) -> None:
    """Compare the index with every message. Raises DamagedError when they differ."""
    with database.write() as cursor:
        for name in INDEXES:
            # 1: compare with the texts too, not only the index with itself.
            command_index(cursor, name, "integrity-check", 1)


def command_index(cursor: apsw.Cursor, index: str, command: str, value: int | None = None) -> None:
    """One of FTS5's commands: https://sqlite.org/fts5.html, section 6."""
    cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES (?, ?)", (command, value))
