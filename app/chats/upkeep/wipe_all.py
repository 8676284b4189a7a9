"""The whole history gone: the key in the keyring first, then envelopes, then every file.

For: "Delete everything". Without key and envelope no file of a history can be opened again, so
from the first step on nothing can be read; a mark in the folder lets a start complete what a kill
cut short, the key's entry too, which the envelope names until that is deleted. The database must
not be open, and the profile's lock must be held.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from app.chats.errors import DiskFailedError
from app.chats.profile import Profile
from app.chats.upkeep.disk import failures_said, sync_folder
from app.chats.vault import envelope_file
from inference.sentence import said

_MARK = "wiping"
_WITH_ENVELOPES = (".draft", "restoring-*", "set-aside-*", "backups/*")
# All that this program ever puts there, but the profile's lock; a user's own files stay.
_OURS = (
    "history.db",
    "history.db-*",
    "history.db.new*",
    "history.mark",
    ".reading*",
    ".draft",
    "restoring-*",
    "set-aside-*",
    # By their names: the folder may be a link to a disk that holds other things.
    "backups/.part-*",
    "backups/.gone-*",
    "backups/????-??-??T??-??-??Z-*",
)


def _keep_no_key() -> None:
    """No keyring has it."""


def wipe_all(profile: Profile, forget_key: Callable[[], None] = _keep_no_key) -> None:
    """Delete the history with its backups and what was set aside.

    `forget_key` deletes the keyring's entry; the envelope still names it then. Raises
    DiskFailedError, DiskFullError: `finish_wipe_all` does the rest.
    """
    with _failures_said():
        (profile.folder / _MARK).touch(mode=0o600)
        sync_folder(profile.folder)
    finish_wipe_all(profile, forget_key)


def finish_wipe_all(profile: Profile, forget_key: Callable[[], None] = _keep_no_key) -> bool:
    """Complete a wipe that was cut short; whether there was one. Before anything is opened.

    Raises as `wipe_all`.
    """
    with _failures_said():
        if not (profile.folder / _MARK).exists():
            return False
        forget_key()
        envelope_file.remove(profile.folder)
        for pattern in _WITH_ENVELOPES:
            for folder in filter(Path.is_dir, profile.folder.glob(pattern)):
                envelope_file.remove(folder)
        for pattern in _OURS:
            for path in profile.folder.glob(pattern):
                _remove(path)
        _leave_others_backups(profile.backups)
        sync_folder(profile.folder)
        (profile.folder / _MARK).unlink()
        sync_folder(profile.folder)
        return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _leave_others_backups(folder: Path) -> None:
    """Away with the folder of backups, unless it holds what is not ours or is a disk's own."""
    if folder.is_symlink():
        folder.unlink()
    with suppress(OSError):
        folder.rmdir()


def _failures_said() -> AbstractContextManager[None]:
    return failures_said(
        said("The history could not be wiped completely"),
        DiskFailedError,
        said("What was wiped is gone; the rest follows at the next start."),
    )
