"""What can be read of a damaged history, brought into a new file; the damaged one is set aside.

For: a history that is damaged and has no backup, in the window and by `chats restore --salvage`.
Where there is a backup, `restore` gives more: it brings along what is newer in the same way. The
database must not be open, and the profile's lock must be held.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from app.chats.database import Database
from app.chats.database_errors import files_translated
from app.chats.errors import BackupError
from app.chats.profile import Profile
from app.chats.schema import migrate
from app.chats.store import now_ms
from app.chats.upkeep.backup_list import DATABASE_NAME
from app.chats.upkeep.damaged_log import GoneOn
from app.chats.upkeep.disk import check_room, copy_file, failures_said, size_bytes
from app.chats.upkeep.integrity import check_file
from app.chats.upkeep.replacing import replace_files
from app.chats.upkeep.salvage import Salvaged, salvage
from app.chats.upkeep.wal_file import mend_wal
from app.chats.upkeep.wal_mark import WalLoss, examine, wal_path
from app.chats.vault.key import HistoryKey
from inference.sentence import said

_FAILED = said("What can be read of the history could not be brought back")


def bring_back(profile: Profile, key: HistoryKey, now_ms: Callable[[], int] = now_ms) -> GoneOn:
    """Put all that can be read into a new history, in the place of the damaged one.

    Raises BackupError where nothing can be read; DiskFullError, other ChatsErrors: everything
    is as it was then, or `replacing.finish` completes it.
    """
    with failures_said(_FAILED):
        # The new file, and a copy of the damaged one for as long as it is read.
        check_room(profile.folder, 2 * size_bytes(profile.database), _FAILED)
        return GoneOn(
            *replace_files(
                profile, now_ms(), lambda draft: _fill(profile.database, draft, key.reveal())
            )
        )


def _fill(damaged: Path, draft: Path, key: bytes) -> Salvaged:
    new = draft / DATABASE_NAME
    database = Database.open(new, key, create=True)
    try:
        migrate(database)
    finally:
        database.close()
    read = _copied(damaged, draft / "read")
    salvaged = salvage(read, new, key, is_all=True)
    shutil.rmtree(read.parent)
    if not salvaged.was_readable or (salvaged.unreadable and not salvaged.messages):
        raise BackupError(
            "Nothing of the damaged history could be read. Nothing was changed; put a copy of "
            "history.db back, if there is one elsewhere."
        )
    check_file(new, key)
    return salvaged


def _copied(damaged: Path, folder: Path) -> Path:
    """A copy to read from, with the log's end as far as it is whole: reading may write to it."""
    with files_translated():
        folder.mkdir(mode=0o700)
        copy = folder / DATABASE_NAME
        copy_file(damaged, copy)
        # Such a log is in the database already, and would cover new pages with old ones.
        if wal_path(damaged).exists() and examine(damaged).loss is not WalLoss.REDUNDANT:
            mend_wal(wal_path(damaged), wal_path(copy))
        return copy
