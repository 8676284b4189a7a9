"""Steps of the tables that no release has: what a later program will do to today's files.

For: the worker and the judge, which are both “the newest program” of a life. Each step is heavy
on purpose: every message is written anew, its words in the search index too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import apsw

from app.chats import history_entry
from app.chats.database import Database
from app.chats.schema import MIGRATIONS, Migration, migrate
from app.chats.upkeep import salvage

NEWEST = MIGRATIONS[-1].version


def steps(count: int) -> Sequence[Migration]:
    """The released ones and `count` more."""
    later = (NEWEST + number for number in range(1, count + 1))
    return (*MIGRATIONS, *(Migration(version, partial(_apply, version)) for version in later))


@contextmanager
def known(count: int) -> Iterator[None]:
    """Meanwhile this process is a program that knows `count` steps more."""
    users = (history_entry, salvage)
    for module in users:
        setattr(module, migrate.__name__, partial(migrate, migrations=steps(count)))
    try:
        yield
    finally:
        for module in users:
            setattr(module, migrate.__name__, migrate)


def version_told_by_tables(database: Database) -> int:
    """Which step the tables themselves say was the last, whatever the version's number says."""
    named = "SELECT name FROM sqlite_schema WHERE name GLOB 'later_*' AND type = 'table'"
    found = [row[0] for row in database.read(named)]
    if len(found) > 1:
        return -1
    return int(found[0].removeprefix("later_")) if found else NEWEST


def _apply(version: int, cursor: apsw.Cursor) -> None:
    cursor.execute("UPDATE message SET parts = parts").fetchall()
    cursor.execute(f"DROP TABLE IF EXISTS later_{version - 1}").fetchall()
    cursor.execute(
        f"CREATE TABLE later_{version} AS SELECT id, length(parts) AS size FROM message"
    ).fetchall()
