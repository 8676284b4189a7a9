"""The Unix sockets that somebody listens on, and whether this process may connect to them.

For: the report and the privacy page. AF_UNIX stays open, so whoever wants to know what lies behind
it needs the names. Nothing is connected to: a service that nobody meant to wake stays asleep.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path("/proc/net/unix")
_LISTENS = 1 << 16  # __SO_ACCEPTCON in the table's flags
_COLUMNS = 8
_MOST_BYTES = 4 << 20
_ABSTRACT = "@"


@dataclass(frozen=True)
class Endpoint:
    """A name that is listened on; one that begins with @ lies in no folder, and has no owner."""

    name: str
    is_reachable: bool


def endpoints(table: Path = _TABLE) -> tuple[Endpoint, ...]:
    """Each name once, in order. Whether a file may be connected to is what its rights say; from
    another network namespace the list is another one.
    """
    try:
        with open(table, encoding="utf-8", errors="surrogateescape") as stream:
            lines = stream.read(_MOST_BYTES).splitlines()[1:]
    except OSError:
        return ()
    names = {name for line in lines if (name := _listening(line))}
    return tuple(Endpoint(name, _may_connect(name)) for name in sorted(names))


def _listening(line: str) -> str | None:
    columns = line.split(maxsplit=_COLUMNS - 1)
    if len(columns) < _COLUMNS:
        return None
    try:
        is_listening = int(columns[3], 16) & _LISTENS
    except ValueError:
        return None
    return columns[7] if is_listening else None


def _may_connect(name: str) -> bool:
    return name.startswith(_ABSTRACT) or os.access(name, os.W_OK)
