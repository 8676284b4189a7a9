"""Files of a history replaced by prepared ones, in an order that a kill may cut anywhere.

For: restoring a backup, going on after damage, and `history.py` at each start. The new files
are made in a draft folder; one rename makes them count; then the present files go to
`set-aside-<moment>/`, where nothing ever deletes them but a wipe, and the new ones take their
places. The database must not be open, and the profile's lock must be held.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.chats.profile import Profile
from app.chats.upkeep.backup_list import DATABASE_NAME
from app.chats.upkeep.disk import failures_said, move, stamp, sync_folder
from app.chats.upkeep.wal_mark import MARK_NAME
from app.chats.vault import envelope_file
from inference.sentence import said

DRAFT_NAME = ".draft"
_ASIDE, _STAGED = "set-aside-", "restoring-"
# The database first: without it, what is left of the others can't be opened by mistake.
_OLD_DATABASE = (*(DATABASE_NAME + end for end in ("", "-wal", "-shm", "-journal")), MARK_NAME)
_ENVELOPES = (envelope_file.ENVELOPE_NAME, envelope_file.COPY_NAME)

_Answer = TypeVar("_Answer")


def replace_files(
    profile: Profile, at_ms: int, fill: Callable[[Path], _Answer]
) -> tuple[Path, _Answer]:
    """Let `fill` put a database, an envelope, or both into a folder, then use them from now on.

    Returns the folder of what was set aside, and what `fill` returned. What `fill` raises
    leaves everything as it was. Raises OSError: as it was, or `finish` completes it.
    """
    finish_replacing(profile)
    draft = profile.folder / DRAFT_NAME
    draft.mkdir(mode=0o700)
    answer = fill(draft)
    _leave_only_what_counts(draft)
    sync_folder(draft)
    aside = free_aside(profile, at_ms)
    move(draft, profile.folder / (_STAGED + aside.name.removeprefix(_ASIDE)))
    finish_replacing(profile)
    return aside, answer


def _leave_only_what_counts(draft: Path) -> None:
    """Away with what a connection left that the disk did not let end in order."""
    for file in draft.iterdir():
        if file.name not in (DATABASE_NAME, *_ENVELOPES):
            if file.name.endswith("-wal") and file.stat().st_size > 0:
                raise OSError(errno.EIO, "the log was not written back")
            file.unlink()


def finish(profile: Profile) -> bool:
    """Complete a restore that was cut short; whether there was one. Before each opening.

    What had not come so far that it counts is thrown away. Raises DiskFullError, BackupError:
    then the history must not be opened, and the next call tries again.
    """
    with failures_said(said("A backup was being restored, and this could not be completed")):
        return finish_replacing(profile)


def finish_replacing(profile: Profile) -> bool:
    """`finish`, with OSErrors as they are."""
    shutil.rmtree(profile.folder / DRAFT_NAME, ignore_errors=True)
    staged = sorted(path for path in profile.folder.glob(f"{_STAGED}*") if path.is_dir())
    for folder in staged:
        _put_in_place(profile, folder)
    return bool(staged)


def set_aside_folders(profile: Profile) -> tuple[Path, ...]:
    """Where files lie that were replaced. Raises OSError."""
    return tuple(sorted(folder for folder in profile.folder.glob(f"{_ASIDE}*") if folder.is_dir()))


def free_aside(profile: Profile, at_ms: int) -> Path:
    """A folder for set-aside files that is not there yet."""
    number, name = 1, f"{_ASIDE}{stamp(at_ms)}"
    while (profile.folder / name).exists():
        number += 1
        name = f"{_ASIDE}{stamp(at_ms)}-{number}"
    return profile.folder / name


def _put_in_place(profile: Profile, staged: Path) -> None:
    aside = profile.folder / (_ASIDE + staged.name.removeprefix(_STAGED))
    aside.mkdir(mode=0o700, exist_ok=True)
    sync_folder(profile.folder)
    if (staged / DATABASE_NAME).exists():
        for name in _OLD_DATABASE:
            _move_if_there(profile.folder / name, aside / name)
        move(staged / DATABASE_NAME, profile.folder / DATABASE_NAME)
    for name in _ENVELOPES:
        if (staged / name).exists():
            _move_if_there(profile.folder / name, aside / name)
            move(staged / name, profile.folder / name)
    staged.rmdir()
    sync_folder(profile.folder)


def _move_if_there(source: Path, target: Path) -> None:
    if os.path.lexists(source):
        move(source, target)
