"""An administrator's policy: a TOML file in the system's configuration folder locks settings.

For: `Settings.effective`, which lets it go before the user's own; `app.settings` says which
settings there are and what their strictest value is. Free of Qt. Read once, at the start.

The file holds one table with the settings' names, as they stand in the user's own file:

    [settings]
    auto_lock_minutes = 15
    delete_after_days = 90

A file that can't be read, or that says anything else, is not guessed at: the strictest reading
holds, and `problem` says so. Strictest is what protects a machine that is left alone. Nothing is
deleted on account of a damaged file: how long chats are kept has no strictest value, and only a
line that can be read locks it. Every other line that can be read holds too, unless there is a
strictest value, which then goes before it.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inference.sentence import joined, ours, said, system_words

_MOST_BYTES = 64 * 1024
_MOST_SHOWN = 40
_TABLE = "settings"


@dataclass(frozen=True)
class Policy:
    """What is locked: plain values by the setting's name. `problem` is a sentence, or None."""

    file: Path | None = None
    locked: Mapping[str, object] = field(default_factory=dict)
    problem: str | None = None


NO_POLICY = Policy()


class _UnusableError(Exception):
    """Why a file is no policy."""


@dataclass(frozen=True)
class Lockable:
    """What a policy may lock: `reads` raises ValueError for what a setting can't be."""

    reads: Mapping[str, Callable[[object], object]]
    strictest: Mapping[str, object]


def read_policy(file: Path, lockable: Lockable) -> Policy:
    """The policy in `file`; none where there is no such file."""
    try:
        loaded = _loaded(file)
    except (FileNotFoundError, NotADirectoryError):
        return NO_POLICY
    except OSError as error:
        return _strict(file, lockable, system_words(error))
    except _UnusableError as error:
        return _strict(file, lockable, str(error))
    return _understood(file, loaded, lockable)


def _loaded(file: Path) -> dict[str, object]:
    text = _text_of(file)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Its own error is a ValueError; so are dates that can't be, and numbers without end.
        raise _UnusableError(said("it is not TOML: {error}", error=_shown(str(error)))) from error


def _text_of(file: Path) -> str:
    """Never waits: a pipe or a device is not read."""
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise _UnusableError("it is no ordinary file")
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise _UnusableError("it is larger than 64 KB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _UnusableError("it is not UTF-8 text") from error


def _understood(file: Path, loaded: Mapping[str, object], lockable: Lockable) -> Policy:
    table = loaded.get(_TABLE, {})
    if not isinstance(table, dict):
        return _strict(file, lockable, said("“{table}” is no table", table=_TABLE))
    readable = {name: value for name, value in table.items() if _is_readable(lockable, name, value)}
    refused = [name for name in loaded if name != _TABLE]
    refused += [name for name in table if name not in readable]
    if not refused:
        return Policy(file, readable)
    names = joined(", ", [said("“{name}”", name=_shown(name)) for name in refused[:5]])
    return _strict(
        file,
        lockable,
        said("these are unknown, or have unknown values: {names}", names=names),
        readable,
    )


def _is_readable(lockable: Lockable, name: str, value: object) -> bool:
    if name not in lockable.reads:
        return False
    try:
        lockable.reads[name](value)
    except ValueError:
        return False
    return True


def _strict(
    file: Path, lockable: Lockable, reason: str, readable: Mapping[str, object] | None = None
) -> Policy:
    problem = said(
        "The policy of your organisation can’t be used ({reason}). The strictest "
        "settings hold until it is put right: {file}",
        reason=ours(reason),
        file=file,
    )
    return Policy(file, {**(readable or {}), **lockable.strictest}, problem)


def _shown(words: str) -> str:
    """What others wrote, short and on one line."""
    plain = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in words)
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[: _MOST_SHOWN - 1]}…"
