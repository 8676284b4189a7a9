"""Mistakes built into the worker, so that a test can see the campaign find each of them.

For: `worker`, when its orders name one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from app.chats import recorder
from app.chats.database import Database
from app.chats.upkeep import wipe
from tools.history_kills.orders import Fault


def put_in(fault: Fault) -> None:
    """What can be put in before the history is opened."""
    match fault:
        case Fault.SLOW:
            for name, value in (("_FLUSH_MS", 60_000), ("_FLUSH_TOKENS", 1 << 30)):
                setattr(recorder, name, value)
        case Fault.FORGETFUL:
            setattr(wipe, "_clean_backups", lambda backups, doomed: ([], []))  # noqa: B010


@contextmanager
def around_acts(fault: Fault, database: Database) -> Iterator[None]:
    """Several acts in one transaction: all but the last are acknowledged too early."""
    with database.write() if fault is Fault.EARLY else nullcontext():
        yield
