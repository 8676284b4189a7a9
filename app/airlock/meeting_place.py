"""Where the starts of one profile meet: two names in the user's runtime folder.

For: `single_instance.py`. Reads nothing of the profile and nothing in it: its path alone
makes the names. Linux alone, where a socket tells who is at its other end.

The folder is `pitcher` in XDG_RUNTIME_DIR; where that is missing, not the user's own or too
deep for a socket's address, `pitcher-UID` among the temporary files. Either must belong to
the user, who alone may enter it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_NAME_CHARACTERS = 16  # of a hash's hexadecimal digits: 64 bits
_ADDRESS_LIMIT_BYTES = 107  # of 108 in struct sockaddr_un, one ends the text (unix(7))
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


class NoPlaceError(Exception):
    """The runtime folder can't be trusted or made; the message is a sentence."""


@dataclass(frozen=True)
class MeetingPlace:
    """The socket that the first start listens on, and the lock that says that it lives."""

    socket: Path
    lock: Path


def is_possible() -> bool:
    """Whether this system's sockets tell who is at the other end."""
    return sys.platform == "linux"


def meeting_place(environment: Mapping[str, str]) -> MeetingPlace:
    """The place for the profile that this environment names; raises NoPlaceError."""
    name = _profile_name(profile_folder(environment))
    for folder in _candidates(environment):
        place = MeetingPlace(folder / f"{name}.socket", folder / f"{name}.lock")
        if len(os.fsencode(place.socket)) <= _ADDRESS_LIMIT_BYTES:
            _make_private(folder)
            return place
    raise NoPlaceError("The folder for temporary files has too long a path for a socket.")


def profile_folder(environment: Mapping[str, str]) -> str:
    """The history's folder, links resolved: as `app.paths` has it, without its library."""
    from app.installation import portable_home

    home = environment.get("PITCHER_HOME") or portable_home()
    if home:
        data = os.path.join(os.path.expanduser(home), "data")
    else:
        shared = environment.get("XDG_DATA_HOME", "")
        if not os.path.isabs(shared):
            shared = os.path.expanduser("~/.local/share")
        data = os.path.join(shared, "pitcher")
    return os.path.realpath(os.path.join(data, "history"))


def _profile_name(folder: str) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:_NAME_CHARACTERS]


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and _is_own(runtime):
        yield Path(runtime) / "pitcher"
    temporary = environment.get("TMPDIR", "")
    name = f"pitcher-{os.geteuid()}"
    if os.path.isabs(temporary):
        yield Path(temporary) / name
    yield Path("/tmp") / name


def _is_own(folder: str) -> bool:
    """Root who took over a user's environment, for one, has no business in that folder."""
    try:
        found = os.stat(folder)
    except OSError:
        return False
    owned = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return owned and not found.st_mode & _OTHERS_MAY_WRITE


def _make_private(folder: Path) -> None:
    """Make the folder for its owner alone; raises NoPlaceError where it is someone else's."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise NoPlaceError(f"{folder} is not this user's own folder.")
        if found.st_mode & _OTHERS_MAY:
            folder.chmod(0o700)
    except OSError as error:
        raise NoPlaceError(f"{folder} can't be made: {error.strerror}.") from error
