"""A backup put in the place of the history, in one action.

For: "Restore a backup" in the window and the terminal. Nothing is deleted: see `replacing`,
which also completes a restore that was killed. The database must not be open, and the profile's
lock must be held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.chats.database_errors import translated
from app.chats.errors import (
    BackupError,
    ChatsError,
    DamagedError,
    DiskFullError,
    EnvelopeError,
    NewerSchemaError,
    StoreBusyError,
    StoreError,
    WrongKeyError,
)
from app.chats.profile import Profile
from app.chats.store import now_ms
from app.chats.upkeep.backup_list import DATABASE_NAME, Backup, by_trust, list_backups
from app.chats.upkeep.disk import check_room, copy_file, failures_said
from app.chats.upkeep.integrity import check_file
from app.chats.upkeep.page_copy import empty_log, open_whole, read_all_pages, write_back
from app.chats.upkeep.replacing import replace_files
from app.chats.upkeep.salvage import NOTHING_SALVAGED, Salvaged, salvage
from app.chats.vault import envelope_file
from app.chats.vault.key import HistoryKey
from inference.sentence import said

_FAILED = said("The backup could not be restored")
_NONE_OPENS = said(
    "No backup could be opened: each is damaged or under another key. Nothing was changed. Put "
    "a copy of a good one into the folder of backups and try again."
)


@dataclass(frozen=True)
class Restored:
    """What was restored, where the files that were there lie now, and what was brought along."""

    backup: Backup
    set_aside: Path
    salvaged: Salvaged = NOTHING_SALVAGED


def restore(
    profile: Profile, backup: Backup, key: HistoryKey, now_ms: Callable[[], int] = now_ms
) -> Restored:
    """Put `backup` in the place of the history; messages that are newer and can still be read
    go along with it.

    The envelope stays if it is this key's, and otherwise comes from the backup too. Raises
    WrongKeyError, DamagedError when the backup is no good, DiskFullError, BackupError, other
    ChatsErrors: everything is as it was then, or `replacing.finish` completes it.
    """

    def fill(draft: Path) -> Salvaged:
        salvaged = _fill(profile, backup, key.reveal(), draft)
        _take_envelope(profile, backup, key, draft)
        return salvaged

    with failures_said(_FAILED):
        check_room(profile.folder, 2 * backup.size_bytes, _FAILED)
        set_aside, salvaged = replace_files(profile, now_ms(), fill)
        return Restored(backup, set_aside, salvaged)


def restore_newest(
    profile: Profile, key: HistoryKey, now_ms: Callable[[], int] = now_ms
) -> Restored:
    """Restore the newest backup that is whole and opens under `key`.

    Raises BackupError when there is none; DiskFullError, other ChatsErrors, also when what is
    wrong with all backups may be the disk.
    """
    refusal: ChatsError = BackupError(_NONE_OPENS)
    for backup in by_trust(list_backups(profile), now_ms()):
        try:
            check_file(backup.database, key.reveal())
        except (DiskFullError, StoreBusyError):
            raise
        except (DamagedError, WrongKeyError, NewerSchemaError):
            continue
        except StoreError as error:
            refusal = error
        else:
            return restore(profile, backup, key, now_ms)
    raise refusal


def _fill(profile: Profile, backup: Backup, key: bytes, draft: Path) -> Salvaged:
    # A kill during a wipe may have left a log beside it: written back, one file is all of it.
    write_back(backup.database, key)
    copy_file(backup.database, draft / DATABASE_NAME)
    check_file(draft / DATABASE_NAME, key)
    _make_free_pages_anew(draft / DATABASE_NAME, key)
    return salvage(profile.database, draft / DATABASE_NAME, key)


def _make_free_pages_anew(database: Path, key: bytes) -> None:
    """A damaged page that holds nothing costs nothing, but later checks and backups read it."""
    opened = open_whole(database, key)
    try:
        try:
            read_all_pages(opened, key)
        except DamagedError:
            with translated(opened.connection):
                opened.connection.execute("VACUUM").fetchall()
            empty_log(opened)
    finally:
        opened.close()


def _take_envelope(profile: Profile, backup: Backup, key: HistoryKey, draft: Path) -> None:
    try:
        if key.matches(envelope_file.load(profile.folder).envelope.check):
            return
    except EnvelopeError:
        pass  # damaged or gone: that is what the backup's is for
    envelope_file.save(draft, envelope_file.load(backup.folder).envelope)
