"""An open history: its chats, its key's ways, its backups, until it is locked or closed.

For: the window and the command line, which get one from a `HistoryDoor` and use nothing below
it. `TemporaryHistory` has the same face and writes nothing. Calls block: a window makes all but
the shortest of them from a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from app.chats.errors import BackupError, VaultError
from app.chats.profile import Profile
from app.chats.recorder import AnswerRecorder
from app.chats.store import ChatStore
from app.chats.temporary import temporary_store
from app.chats.upkeep.backup_list import Backup, BackupKind, list_backups
from app.chats.upkeep.backups import Backups
from app.chats.upkeep.integrity import check_fully
from app.chats.upkeep.page_copy import go_on_always
from app.chats.upkeep.retention import apply_retention
from app.chats.upkeep.wal_watch import WalWatch
from app.chats.upkeep.wipe import Wiped, wipe_chats
from app.chats.vault.backends import KeyringKind
from app.chats.vault.ways import Ways
from inference.sentence import said

_TEMPORARY = said("A temporary chat is kept nowhere. Nothing was changed.")


class Key(Protocol):
    """What a history needs of the vault while it is open."""

    def ways(self) -> Ways:
        """The ways to the key. Raises VaultError once it is locked."""

    def lock(self) -> None:
        """Forget the key."""


class History:
    """A history that is open. `store` has the chats; what is here is all else."""

    is_temporary = False

    def __init__(
        self,
        store: ChatStore,
        backups: Backups,
        watch: WalWatch,
        key: Key,
        on_closed: Callable[[], None],
    ) -> None:
        self.store = store
        self._backups = backups
        self._watch = watch
        self._key = key
        self._on_closed = on_closed
        self._is_leaving = False

    @property
    def profile(self) -> Profile:
        """The folder and its files."""
        return self._backups.profile

    def record_answer(self, conversation_id: int, parent_id: int) -> AnswerRecorder:
        """Keep an answer that begins now, below a question. Raises MissingError, StoreError."""
        return AnswerRecorder(self.store.messages, conversation_id, parent_id)

    # ------------------------------------------------------------------ the ways to the key

    def ways(self) -> Ways:
        """Which ways there are, to read; to change them, use the methods below."""
        return self._key.ways()

    def set_passphrase(self, passphrase: str) -> None:
        """Add a passphrase, or replace it. Raises as `Ways.set_passphrase`."""
        self.ways().set_passphrase(passphrase)
        self._backups.renew_envelopes()

    def set_recovery(self, passphrase: str) -> None:
        """Add a recovery passphrase, or replace it. Raises as `Ways.set_recovery`."""
        self.ways().set_recovery(passphrase)
        self._backups.renew_envelopes()

    def remove_recovery(self) -> None:
        """The recovery passphrase opens nothing any more. Raises as `Ways.remove_recovery`."""
        self.ways().remove_recovery()
        self._backups.renew_envelopes()

    def move_to_keyring(self, kind: KeyringKind, limit_s: float) -> None:
        """The keyring keeps the key, and the passphrase goes. Raises as the way's method."""
        self.ways().move_to_keyring(kind, limit_s)
        self._backups.renew_envelopes()

    def move_to_passphrase(self, passphrase: str, limit_s: float) -> str:
        """A passphrase keeps the key, and the keyring's entry goes; a sentence if it stayed."""
        renew = self._backups.renew_envelopes
        left = self.ways().move_to_passphrase(passphrase, limit_s, renew)
        renew()
        return left

    # ------------------------------------------------------------------ upkeep

    def backups(self) -> tuple[Backup, ...]:
        """All backups, the newest first. Raises BackupError."""
        return list_backups(self.profile)

    def back_up(self, go_on: Callable[[], bool] = go_on_always) -> Backup:
        """Make a backup now. Raises as `Backups.make`, BackupError when this closes meanwhile."""
        return self._backups.make(BackupKind.ASKED, self._unless_leaving(go_on))

    def back_up_if_due(self, go_on: Callable[[], bool] = go_on_always) -> Backup | None:
        """Make the day's backup, unless there is one. Raises as `back_up`."""
        with self._backups.alone():
            if self._is_leaving or not self._backups.due():
                return None
            return self._backups.make(BackupKind.DAILY, self._unless_leaving(go_on))

    def verify(self) -> None:
        """Read every byte of the history. Raises DamagedError; other StoreErrors, one of them
        when this closes meanwhile: no check keeps the file open and the key in memory.
        """
        self._check(self.profile.database)

    def verify_backup(self, backup: Backup) -> None:
        """Read every byte of a backup. Raises as `verify`; WrongKeyError."""
        self._check(backup.database)

    def apply_retention(self, days: int) -> Wiped:
        """Wipe chats that are older than `days`: at each start, and once an hour."""
        return apply_retention(self.store, self._backups, days)

    def wipe(self, conversation_ids: Sequence[int]) -> Wiped:
        """Delete chats for good, from backups too. Raises as `wipe_chats`."""
        return wipe_chats(self.store, self._backups, conversation_ids)

    # ------------------------------------------------------------------ leaving

    def close_database(self) -> None:
        """Close the file, and keep the key: for what replaces the file. Raises StoreError."""
        self._is_leaving = True
        with self._backups.alone():
            self._watch.close()

    def lock_now(self) -> None:
        """Close the file and forget the key; the profile stays this program's.

        Raises StoreError where the end of the log could not be written back: nothing is lost.
        """
        try:
            self.close_database()
        finally:
            self._key.lock()

    def close(self) -> None:
        """`lock_now`, and let another program in. A second call does nothing more."""
        try:
            self.lock_now()
        finally:
            self._on_closed()

    def _check(self, database: Path) -> None:
        with self._backups.alone():
            key = self._backups.key.reveal()
            check_fully(database, key, self._unless_leaving(go_on_always))

    def _unless_leaving(self, go_on: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: not self._is_leaving and go_on()


class TemporaryHistory:
    """A history in this process's memory alone, gone when it is closed."""

    is_temporary = True

    def __init__(self) -> None:
        self.store = temporary_store()

    def record_answer(self, conversation_id: int, parent_id: int) -> AnswerRecorder:
        """As `History.record_answer`, in memory."""
        return AnswerRecorder(self.store.messages, conversation_id, parent_id)

    def ways(self) -> Ways:
        """Raises VaultError: there is no key."""
        raise VaultError(_TEMPORARY)

    def backups(self) -> tuple[Backup, ...]:
        """None."""
        return ()

    def back_up(self, go_on: Callable[[], bool] = go_on_always) -> Backup:
        """Raises BackupError: there is nothing on a disk."""
        raise BackupError(_TEMPORARY)

    def back_up_if_due(self, go_on: Callable[[], bool] = go_on_always) -> Backup | None:
        """Never due."""
        return None

    def apply_retention(self, days: int) -> Wiped:
        """Nothing gets old here."""
        return Wiped()

    def wipe(self, conversation_ids: Sequence[int]) -> Wiped:
        """Delete chats. Raises StoreError."""
        return Wiped(self.store.delete(conversation_ids))

    def lock_now(self) -> None:
        """Locking would lose it: it ends."""
        self.close()

    def close(self) -> None:
        """Forget all of it; a second call does nothing."""
        self.store.database.close()


AnyHistory = History | TemporaryHistory
