"""Version 2: a chat has settings of its own, plain values by name, as a preset has.

A JSON list of pairs in the chat's row: it goes where the chat goes, into copies, exports and
what a deletion puts back.
"""

from __future__ import annotations

import apsw


def apply(cursor: apsw.Cursor) -> None:
    """Give every chat an empty list of settings."""
    cursor.execute("ALTER TABLE conversation ADD COLUMN settings TEXT NOT NULL DEFAULT '[]'")
