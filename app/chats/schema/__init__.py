"""The tables of the history, in numbered steps: a newer program brings an older file up to date.

For: whoever opens a history, before anything else reads it. A step that was released is never
edited; what it made is kept as a file in `tests/data/schemas`, and a test upgrades it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import apsw

from app.chats.database import Database
from app.chats.errors import NewerSchemaError
from app.chats.schema import v1, v2, v3
from inference.sentence import said


@dataclass(frozen=True)
class Migration:
    """One step, from the version before to `version`."""

    version: int
    apply: Callable[[apsw.Cursor], None]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, v1.apply),
    Migration(2, v2.apply),
    Migration(3, v3.apply),
)


def schema_version(database: Database) -> int:
    """The step that the file has reached; 0 for an empty one. Raises StoreError."""
    return int(database.read("PRAGMA user_version")[0][0])


def migrate(
    database: Database,
    *,
    before: Callable[[int], None] | None = None,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Take every step that is missing, each wholly or not at all.

    `before` is called with the file's version ahead of the first step, if it holds anything
    yet: the place for a backup; what it raises ends the migration. Raises NewerSchemaError;
    StoreError when a step fails, with all steps before it done.
    """
    found, newest = schema_version(database), migrations[-1].version
    if found > newest:
        raise NewerSchemaError(
            said(
                "This history was written by a later version of Pitcher (its form is "
                "{found}, this one knows {newest}). Nothing was changed; open it with the "
                "later version.",
                found=found,
                newest=newest,
            )
        )
    missing = [migration for migration in migrations if migration.version > found]
    if missing and found > 0 and before is not None:
        before(found)
    for migration in missing:
        with database.write() as cursor:
            migration.apply(cursor)
            cursor.execute(f"PRAGMA user_version = {migration.version:d}")
