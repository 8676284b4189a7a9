"""Backups: encrypted copies of the history under the same key, made while it is in use.

For: a timer of the program, migrations, and `chats backup`. A backup gets its name only when
it is whole, opened and checked, and on the disk; older ones go only after that. Each has a copy
of the envelope, so that it opens later even if that of the history is lost.

What a chat's ordinary deletion removes stays in backups until they are rotated away, in about
three weeks; `wipe` is for more.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.chats.errors import EnvelopeError
from app.chats.profile import Profile
from app.chats.store import now_ms
from app.chats.upkeep.backup_list import (
    DATABASE_NAME,
    Backup,
    BackupKind,
    backup_name,
    list_backups,
    next_number,
    outdated,
)
from app.chats.upkeep.disk import (
    check_room,
    failures_said,
    move,
    size_bytes,
    sync_file,
    sync_folder,
)
from app.chats.upkeep.integrity import check_file, opens
from app.chats.upkeep.page_copy import copy_database, go_on_always
from app.chats.vault import envelope_file
from app.chats.vault.envelope import Envelope
from app.chats.vault.key import HistoryKey
from inference.sentence import said

# Less than a day: who starts a little earlier each day still gets one each day.
_DUE_AFTER_MS = 20 * 3_600_000
_PART, _GONE = ".part-", ".gone-"
_FAILED = said("The backup could not be made")


class Backups:
    """The backups of one history whose key is known."""

    def __init__(
        self, profile: Profile, key: HistoryKey, now_ms: Callable[[], int] = now_ms
    ) -> None:
        self.profile = profile
        self.key = key
        self.now_ms = now_ms
        self._lock = threading.RLock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other upkeep of this history waiting."""
        with self._lock:
            yield

    def due(self) -> bool:
        """Whether the day's backup is still to be made. Raises BackupError."""
        now_ms = self.now_ms()
        ages_ms = [
            now_ms - backup.created_at_ms
            for backup in list_backups(self.profile)
            if backup.kind is BackupKind.DAILY
        ]
        return not any(0 <= age_ms < _DUE_AFTER_MS for age_ms in ages_ms)

    def make(self, kind: BackupKind, go_on: Callable[[], bool] = go_on_always) -> Backup:
        """Make a backup of the history as it is now, then let outdated ones go.

        `go_on` is asked before each MB. Raises DamagedError when the history is damaged: then
        all older backups stay. DiskFullError, also when the disk's margin would be used up;
        BackupError; EnvelopeError; StoreError.
        """
        with self.alone(), failures_said(_FAILED):
            folder = self.profile.backups
            folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(folder.parent)
            self.sweep()
            check_room(folder, size_bytes(self.profile.database), _FAILED)
            # Names tell seconds.
            created_at_ms = self.now_ms() // 1000 * 1000
            name = self._free_name(created_at_ms, kind)
            part = folder / f"{_PART}{name}"
            try:
                self._fill(part, go_on)
                move(part, folder / name)
            finally:
                shutil.rmtree(part, ignore_errors=True)
            self._rotate()
            database = folder / name / DATABASE_NAME
            return Backup(database.parent, created_at_ms, kind, database.stat().st_size)

    def before_migration(self, version: int) -> None:
        """What `schema.migrate` calls ahead of changing the tables. Raises as `make` does."""
        self.make(BackupKind.BEFORE_MIGRATION)

    def remove(self, backup: Backup) -> None:
        """Delete a backup; killed in between, it is no longer listed. Raises BackupError."""
        with self.alone(), failures_said(said("The backup could not be deleted")):
            gone = backup.folder.with_name(f"{_GONE}{backup.folder.name}")
            shutil.rmtree(gone, ignore_errors=True)
            move(backup.folder, gone)
            shutil.rmtree(gone)
            sync_folder(gone.parent)

    def sweep(self) -> None:
        """Away with what a kill left half made or half deleted. Raises BackupError."""
        with self.alone(), failures_said(said("What was left of a backup could not be deleted")):
            for pattern in (f"{_PART}*", f"{_GONE}*"):
                for folder in self.profile.backups.glob(pattern):
                    shutil.rmtree(folder)

    def renew_envelopes(self) -> None:
        """Give each backup the history's present envelope, so that an old passphrase opens none.

        For after every change of the ways to the key. Backups of another key keep theirs.
        Raises EnvelopeError; DiskFullError, DiskFailedError, with some of them renewed.
        """
        with self.alone():
            present = envelope_file.load(self.profile.folder).envelope
            for backup in list_backups(self.profile):
                if self._is_ours(backup, present):
                    envelope_file.save(backup.folder, present)

    def _fill(self, part: Path, go_on: Callable[[], bool]) -> None:
        part.mkdir(mode=0o700)
        database, key = part / DATABASE_NAME, self.key.reveal()
        envelope = envelope_file.read(self.profile.folder)
        copy_database(self.profile.database, database, key, go_on)
        check_file(database, key)
        sync_file(database)
        envelope_file.save(part, envelope)
        sync_folder(part)

    def _is_ours(self, backup: Backup, present: Envelope) -> bool:
        try:
            return envelope_file.load(backup.folder).envelope.check == present.check
        except EnvelopeError:
            return opens(backup.database, self.key.reveal())

    def _free_name(self, created_at_ms: int, kind: BackupKind) -> str:
        number = next_number(list_backups(self.profile), created_at_ms, kind)
        while (self.profile.backups / backup_name(created_at_ms, kind, number)).exists():
            number += 1
        return backup_name(created_at_ms, kind, number)

    def _rotate(self) -> None:
        for backup in outdated(list_backups(self.profile), self.now_ms()):
            self.remove(backup)
