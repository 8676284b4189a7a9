"""Going on after the write-ahead log was damaged, with as much of it as can be read.

For: `history.py`, where `wal_mark.examine` found a loss. The damaged files are set aside, as
`replacing` does it. The database must not be open, and the profile's lock must be held.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.chats.profile import Profile
from app.chats.store import now_ms
from app.chats.upkeep.backup_list import DATABASE_NAME
from app.chats.upkeep.disk import check_room, copy_file, failures_said, move, size_bytes
from app.chats.upkeep.integrity import check_file
from app.chats.upkeep.page_copy import write_back
from app.chats.upkeep.replacing import free_aside, replace_files
from app.chats.upkeep.salvage import NOTHING_SALVAGED, Salvaged, salvage
from app.chats.upkeep.wal_file import mend_wal
from app.chats.upkeep.wal_mark import WalLoss, wal_path
from app.chats.vault.key import HistoryKey
from inference.sentence import said

_FAILED = said("The damaged end of the history could not be set aside")


@dataclass(frozen=True)
class GoneOn:
    """Where the damaged files are kept, and what was read out of them."""

    set_aside: Path
    salvaged: Salvaged = NOTHING_SALVAGED


def go_on_after(
    profile: Profile, key: HistoryKey, loss: WalLoss, now_ms: Callable[[], int] = now_ms
) -> GoneOn:
    """Set the damaged log aside and bring back of it what can be read; then open as always.

    After REDUNDANT nothing is missing. After LOST what SQLite takes stays, and messages behind
    the damage are added, but for those on a damaged page or cut off. Raises DamagedError when
    more than the log is damaged; DiskFullError, BackupError, other StoreErrors: then everything
    is as it was, or `replacing.finish` completes it.
    """
    with failures_said(_FAILED):
        if loss is WalLoss.REDUNDANT:
            return GoneOn(_set_log_aside(profile, now_ms()))
        check_room(profile.folder, 2 * size_bytes(profile.database), _FAILED)
        return GoneOn(
            *replace_files(
                profile, now_ms(), lambda draft: _fill(profile.database, draft, key.reveal())
            )
        )


def _set_log_aside(profile: Profile, at_ms: int) -> Path:
    aside = free_aside(profile, at_ms)
    aside.mkdir(mode=0o700)
    log = wal_path(profile.database)
    move(log, aside / log.name)
    # An index of that log, which SQLite makes anew.
    profile.database.with_name(profile.database.name + "-shm").unlink(missing_ok=True)
    return aside


def _fill(damaged: Path, draft: Path, key: bytes) -> Salvaged:
    taken, mended = draft / DATABASE_NAME, draft / "mended" / DATABASE_NAME
    mended.parent.mkdir(mode=0o700)
    for copy in (taken, mended):
        copy_file(damaged, copy)
    if wal_path(damaged).exists():
        copy_file(wal_path(damaged), wal_path(taken))
        mend_wal(wal_path(damaged), wal_path(mended))
    # What SQLite takes of the log.
    write_back(taken, key)
    check_file(taken, key)
    salvaged = salvage(mended, taken, key)
    shutil.rmtree(mended.parent)
    return salvaged
