"""A copy of a history: a backup, or what was set aside.

For: the judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.chats.database import Database
from app.chats.schema import MIGRATIONS, migrate, schema_version
from app.chats.store import ChatStore
from app.chats.upkeep.integrity import check_quickly
from app.chats.upkeep.page_copy import open_whole
from tools.history_kills.worlds import World, read_world


@dataclass(frozen=True)
class Copy:
    """What it holds, and the highest numbers that it ever gave."""

    world: World
    last_chat: int
    last_message: int


def read_copy(database: Path, key: bytes) -> Copy:
    """Raises StoreError where it is not whole."""
    opened = open_whole(database, key)
    try:
        check_quickly(opened)
        last: dict[str, int] = dict(opened.read("SELECT name, seq FROM sqlite_sequence"))
        world = _world(opened)
        return Copy(world, last.get("conversation", 0), last.get("message", 0))
    finally:
        opened.close()


class _ReadError(Exception):
    """Ends the transaction in which an older form was brought up to date to be read."""


def _world(opened: Database) -> World:
    """What it holds, also in an older form: the file itself stays in that."""
    world = World()
    try:
        with opened.write():
            if schema_version(opened) < MIGRATIONS[-1].version:
                migrate(opened)
            world = read_world(ChatStore(opened))
            raise _ReadError
    except _ReadError:
        return world
