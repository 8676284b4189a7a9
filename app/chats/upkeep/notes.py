"""What upkeep has to remember between two runs, kept in the encrypted database itself.

For: wiping and retention. A note is a small JSON value under a name; it holds no chat text.
"""

from __future__ import annotations

import json

import apsw

from app.chats.database import Database
from app.chats.errors import DamagedError
from inference.sentence import said

_DAMAGED = said("A note of the history's upkeep is damaged. Nothing was changed; restore a backup.")


def read_numbers(database: Database, name: str) -> list[list[int]]:
    """The rows of whole numbers under `name`; none if there is no such note.

    Raises DamagedError for anything else; other StoreErrors.
    """
    rows = database.read("SELECT value FROM setting WHERE name = ?", name)
    if not rows:
        return []
    try:
        found: object = json.loads(rows[0][0])
    except ValueError as error:
        raise DamagedError(_DAMAGED) from error
    if not isinstance(found, list) or not all(map(_is_row, found)):
        raise DamagedError(_DAMAGED)
    return found


def write_numbers(cursor: apsw.Cursor, name: str, rows: list[list[int]]) -> None:
    """Keep rows of whole numbers under `name`, or forget the name when there are none."""
    if not rows:
        cursor.execute("DELETE FROM setting WHERE name = ?", (name,))
        return
    cursor.execute(
        "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
        (name, json.dumps(rows)),
    )


def _is_row(row: object) -> bool:
    return isinstance(row, list) and all(type(number) is int for number in row)
