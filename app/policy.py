"""An administrator's policy: a TOML file in the system's configuration folder.

For: `Settings.effective`, which lets it go before the user's own; `app.settings` says which
settings there are and what their strictest value is. Free of Qt. Read once, at the start: what
is changed in the file holds from the next start, and in the terminal from the next command.

The file holds up to three tables. `settings` locks settings by their names, as they stand in the
user's own file; `restrictions` says what nobody may do (`app/restrictions.py`); `downloads` says
where models may come from (`app/download_policy.py`):

    [settings]
    auto_lock_minutes = 15
    delete_after_days = 90

    [restrictions]
    exports_off = true

A file that can't be read, that is not the administrator's (root's, as its folder, and nobody
else's to change), or that says anything else, is not guessed at: the strictest reading holds, and
`problem` says so. Strictest is what protects a machine that is left alone. Nothing is deleted on
account of a damaged file: how long chats are kept has no strictest value, and only a line that can
be read locks it. Every other line that can be read holds too, unless there is a strictest value,
which then goes before it.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.download_policy import NO_DOWNLOAD_POLICY, DownloadPolicy, read_downloads
from app.restrictions import NO_RESTRICTIONS, Restrictions, read_restrictions, strictest
from inference.sentence import Sentence, joined, ours, said, system_words

_MOST_BYTES = 64 * 1024
_MOST_SHOWN = 40
_TABLE = "settings"
_RESTRICTIONS = "restrictions"
_DOWNLOADS = "downloads"
_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
# Not every system has each of them.
_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
OWNERS = frozenset({0})


@dataclass(frozen=True)
class Policy:
    """What is locked: plain values by the setting's name. `problem` is a sentence, or None."""

    file: Path | None = None
    locked: Mapping[str, object] = field(default_factory=dict)
    problem: str | None = None
    restrictions: Restrictions = NO_RESTRICTIONS
    downloads: DownloadPolicy = NO_DOWNLOAD_POLICY

    def refusal_of_exports(self) -> Sentence | None:
        """Why no chat may be written to a file, or None where it may."""
        if not self.restrictions.exports_off:
            return None
        return said(
            "Exports are off, as set by your organisation in {file}. Nothing was written.",
            file=self.file,
        )

    def refusal_of_updates(self) -> Sentence | None:
        """Why no user may update the program or go back to the version before, or None."""
        if not self.restrictions.updates_off:
            return None
        return said(
            "Updates are off, as set by your organisation in {file}. Nothing was changed.",
            file=self.file,
        )


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
    except (FileNotFoundError, NotADirectoryError) as error:
        if os.path.lexists(file):  # a link to what isn't there now: a share that is not mounted
            return _strict(file, lockable, system_words(error))
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
    handle = os.open(file, os.O_RDONLY | _FLAGS)
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise _UnusableError("it is no ordinary file")
        _refuse_others(file, status)
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise _UnusableError("it is larger than 64 KB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _UnusableError("it is not UTF-8 text") from error


def _refuse_others(file: Path, status: os.stat_result) -> None:
    """Who may change the file, or put another one in its place, would be the administrator."""
    if os.name != "posix":
        return
    if status.st_uid not in OWNERS:
        raise _UnusableError("it is not root’s")
    if status.st_mode & _BY_OTHERS:
        raise _UnusableError("others than its owner may change it")
    for folder in {file.parent, Path(os.path.realpath(file)).parent}:
        above = os.stat(folder)
        if above.st_uid not in OWNERS or above.st_mode & _BY_OTHERS:
            raise _UnusableError("others than root may change its folder")


def _understood(file: Path, loaded: Mapping[str, object], lockable: Lockable) -> Policy:
    tables: dict[str, Mapping[str, object]] = {}
    for name in (_TABLE, _RESTRICTIONS, _DOWNLOADS):
        table = loaded.get(name, {})
        if not isinstance(table, dict):
            return _strict(file, lockable, said("“{table}” is no table", table=name))
        tables[name] = table
    settings = tables[_TABLE]
    readable = {
        name: value for name, value in settings.items() if _is_readable(lockable, name, value)
    }
    restrictions, in_vain = read_restrictions(tables[_RESTRICTIONS])
    downloads, wrong = read_downloads(tables[_DOWNLOADS])
    found = Policy(file, readable, restrictions=restrictions, downloads=downloads)
    refused = [name for name in loaded if name not in tables]
    refused += [name for name in settings if name not in readable]
    refused += [*in_vain, *wrong]
    if not refused:
        return found
    names = joined(", ", [said("“{name}”", name=_shown(name)) for name in refused[:5]])
    reason = said("these are unknown, or have unknown values: {names}", names=names)
    return _strict(file, lockable, reason, found)


def _is_readable(lockable: Lockable, name: str, value: object) -> bool:
    if name not in lockable.reads:
        return False
    try:
        lockable.reads[name](value)
    except ValueError:
        return False
    return True


def _strict(file: Path, lockable: Lockable, reason: str, readable: Policy = NO_POLICY) -> Policy:
    problem = said(
        "The policy of your organisation can’t be used ({reason}). The strictest "
        "settings hold until it is put right: {file}",
        reason=ours(reason),
        file=file,
    )
    locked = {**readable.locked, **lockable.strictest}
    return Policy(file, locked, problem, strictest(readable.restrictions), readable.downloads)


def _shown(words: str) -> str:
    """What others wrote, short and on one line."""
    plain = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in words)
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[: _MOST_SHOWN - 1]}…"
