"""The whole history gone: envelopes first, then every file.

For: "Delete everything". Without its envelope no file of a history can be opened again, so from
the first step on nothing can be read; a mark in the folder lets a start complete what a kill cut
short. The database must not be open, and the profile's lock must be held. The keyring's entry
is the caller's to look up before, and to delete.
"""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from pathlib import Path

from app.chats.errors import DiskFailedError
from app.chats.profile import Profile
from app.chats.upkeep.disk import failures_said, sync_folder
from app.chats.vault import envelope_file

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
    "backups",
)


def wipe_all(profile: Profile) -> None:
    """Delete the history with its backups and what was set aside.

    Raises DiskFailedError, DiskFullError: `finish_wipe_all` does the rest.
    """
    with _failures_said():
        (profile.folder / _MARK).touch(mode=0o600)
        sync_folder(profile.folder)
    finish_wipe_all(profile)


def finish_wipe_all(profile: Profile) -> bool:
    """Complete a wipe that was cut short; whether there was one. Before anything is opened.

    Raises as `wipe_all`.
    """
    with _failures_said():
        if not (profile.folder / _MARK).exists():
            return False
        envelope_file.remove(profile.folder)
        for pattern in _WITH_ENVELOPES:
            for folder in filter(Path.is_dir, profile.folder.glob(pattern)):
                envelope_file.remove(folder)
        for pattern in _OURS:
            for path in profile.folder.glob(pattern):
                _remove(path)
        sync_folder(profile.folder)
        (profile.folder / _MARK).unlink()
        sync_folder(profile.folder)
        return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _failures_said() -> AbstractContextManager[None]:
    return failures_said(
        "The history could not be wiped completely",
        DiskFailedError,
        "What was wiped is gone; the rest follows at the next start.",
    )
