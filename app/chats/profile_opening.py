"""The door to a history: from a profile folder to an open history, or to a state that says why
not and what can be done.

For: the window and the command line. One order: the folder is checked and locked; what a kill
cut short (a wipe, a restore) is completed; the vault gives the key; and `history_entry` opens the
database. Never is a new database made beside one that can't be opened.

Calls block: a keyring up to `limit_s`, a passphrase about a second. A window calls from a
worker thread, one call at a time; `cancel` alone comes from any thread.
"""

from __future__ import annotations

from collections.abc import Callable

from app.chats.errors import (
    BackupError,
    ChatsError,
    DamagedError,
    DiskFailedError,
    EnvelopeError,
    InUseError,
    NetworkShareError,
    VaultError,
    WrongKeyError,
)
from app.chats.history import History
from app.chats.history_entry import entered
from app.chats.history_states import (
    CannotOpen,
    Choice,
    DoorState,
    FirstTime,
    InUse,
    NoHistory,
    OnNetworkShare,
    Ready,
)
from app.chats.opening_words import restored_words, salvaged_words
from app.chats.profile import Holder, Profile, ProfileLock
from app.chats.upkeep.backup_list import Backup, list_backups
from app.chats.upkeep.bringing_back import bring_back
from app.chats.upkeep.replacing import finish
from app.chats.upkeep.restore import restore, restore_newest
from app.chats.upkeep.wipe_all import finish_wipe_all, wipe_all
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringEntry
from app.chats.vault.key import HistoryKey
from app.chats.vault.keyrings import SERVICE, Keyrings
from app.chats.vault.opening import Opening
from app.chats.vault.passphrase import COST, Argon2Cost
from app.chats.vault.states import (
    NeedsPassphrase,
    NewHistory,
    State,
    Unlocked,
    Unopenable,
)
from app.installation import portable_home
from inference.sentence import said

KEYRING_LIMIT_S = 30.0
_NO_BACKUP = said(
    "Part of the history's file is damaged, and there is no backup. Nothing was changed. Bring "
    "back what can be read, which keeps the damaged file, or put a copy of history.db in its place."
)

_OF_A_PORTABLE_COPY = said(
    "This copy goes from one computer to another, and a keyring stays with one: its chats are kept "
    "under a passphrase."
)


class HistoryDoor:
    """One attempt after another to open the history of a profile."""

    def __init__(
        self,
        profile: Profile,
        holder: Holder,
        keyrings: Keyrings | None = None,
        cost: Argon2Cost = COST,
    ) -> None:
        self.profile = profile
        self._holder = holder
        self._keyrings = keyrings if keyrings is not None else Keyrings()
        self._cost = cost
        self._opening = self._opening_of_profile()
        self._lock: ProfileLock | None = None
        self._begins = True
        self._is_restoring = False  # once the key that is being asked for is there
        self._wanted: Backup | None = None
        self._history: History | None = None
        self._notices: list[str] = []

    def open(self, limit_s: float = KEYRING_LIMIT_S, *, begins: bool = True) -> DoorState:
        """Open what is there, or begin a history in a keyring where nothing is; also RETRY.

        Without `begins` nothing new is made. A keyring that has not answered within `limit_s`
        gives KeyringWaits: go on with `wait_on`.
        """
        self._begins, self._is_restoring, self._notices = begins, False, []
        try:
            self._leave_history()
            self._take_profile()
            self._opening.lock()
            self._opening = self._opening_of_profile()
            return self._led_to(self._opening.begin(limit_s), limit_s)
        except InUseError as error:
            return InUse(str(error))
        except NetworkShareError as error:
            return OnNetworkShare(str(error))
        except ChatsError as error:
            return CannotOpen(str(error))

    def wait_on(self, limit_s: float = KEYRING_LIMIT_S) -> DoorState:
        """After KeyringWaits: wait some more for the same answer."""
        return self._tried(lambda: self._opening.wait_on(limit_s), limit_s)

    def cancel(self) -> None:
        """Stop waiting for the keyring, from any thread; whoever waits gets the state."""
        self._opening.cancel()

    def try_passphrase(self, passphrase: str) -> DoorState:
        """After NeedsPassphrase, or CannotOpen with that choice; NeedsPassphrase if it is wrong."""
        was_restoring = self._is_restoring
        state = self._tried(lambda: self._opening.try_passphrase(passphrase), KEYRING_LIMIT_S)
        if was_restoring and not self._is_restoring and isinstance(state, NeedsPassphrase):
            # The backup is in place and has the same passphrase as before.
            return self._tried(lambda: self._opening.try_passphrase(passphrase), KEYRING_LIMIT_S)
        return state

    def begin_under_passphrase(self, passphrase: str) -> DoorState:
        """After FirstTime. Raises PassphraseRefusedError, other VaultErrors, StoreErrors."""
        return self._led_to(self._opening.create_under_passphrase(passphrase), KEYRING_LIMIT_S)

    def restore(self, backup: Backup | None = None, limit_s: float = KEYRING_LIMIT_S) -> DoorState:
        """Put a backup (None: the newest that opens) in the place of the history, and open it.

        Where the key is not known it comes by the way that the backup itself names, which may
        ask for a passphrase. Raises BackupError, other ChatsErrors, with nothing changed.
        """
        if self._lock is None:
            raise BackupError("The history could not be taken. Nothing was changed. Try again.")
        if self._history is not None:
            self._history.close_database()
            self._history = None
        if self._opening.key is not None:
            self._put_in_place(backup, self._opening.key)
            return self._entered(self._opening.key, is_new=False)
        self._is_restoring, self._wanted = True, backup
        has_key = backup or self._newest_backup()
        self._opening = Opening(has_key.folder, self._keyrings, self._cost)
        return self._led_to(self._opening.begin(limit_s), limit_s)

    def salvage(self) -> DoorState:
        """After CannotOpen with that choice: bring what can be read into a new history, and open
        that; the damaged files are set aside.

        Raises BackupError where nothing can be read; other ChatsErrors, with nothing changed.
        """
        key = self._opening.key
        if self._lock is None or key is None:
            raise BackupError(
                "The history is locked. Nothing was changed. Open it, then try again."
            )
        if self._history is not None:
            self._history.close_database()
            self._history = None
        self._notices.append(salvaged_words(bring_back(self.profile, key)))
        return self._entered(key, is_new=False)

    def wipe_everything(self, limit_s: float = KEYRING_LIMIT_S) -> str:
        """Delete the history with all backups and its key; no passphrase is needed.

        The profile is locked, and closed afterwards. Returns a sentence to show where the
        keyring's entry could not be deleted, or nothing. Raises ChatsError.
        """
        try:
            self._leave_history()
            self._opening.lock()
            if self._lock is None:
                self._lock = self.profile.lock(self._holder)
            left: list[str] = []
            wipe_all(self.profile, lambda: left.append(self._entry_deleted(limit_s)))
            return left[0] if left else ""
        finally:
            self.close()

    def close(self) -> None:
        """Close the history if it is open, forget the key, and let another program in.

        Raises StoreError as `History.close` does, with all of that done.
        """
        try:
            self._leave_history()
        finally:
            self._opening.lock()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    # ------------------------------------------------------------------ the steps

    def _opening_of_profile(self) -> Opening:
        return Opening(self.profile.folder, self._keyrings, self._cost)

    def _take_profile(self) -> None:
        if self._lock is None:
            self._lock = self.profile.lock(self._holder)
        finish_wipe_all(self.profile, self._forget_wiped_key)
        finish(self.profile)

    def _entry_deleted(self, limit_s: float) -> str:
        """The key of a history that is being wiped goes; a sentence where it stayed."""
        entry = _keyring_entry(self.profile)
        if entry is None:
            return ""
        try:
            self._keyrings.delete(entry).answer_within(limit_s)
        except VaultError:
            return said(
                "The key's entry could not be deleted from {keyring}. It opens nothing any "
                "more. Delete “{service}” there by hand.",
                keyring=entry.kind.full_name,
                service=SERVICE,
            )
        return ""

    def _forget_wiped_key(self) -> None:
        if left := self._entry_deleted(KEYRING_LIMIT_S):
            self._notices.append(left)

    def _tried(self, step: Callable[[], State], limit_s: float) -> DoorState:
        try:
            return self._led_to(step(), limit_s)
        except ChatsError as error:
            return CannotOpen(str(error))

    def _led_to(self, state: State, limit_s: float) -> DoorState:
        match state:
            case NewHistory():
                return self._new(state, limit_s)
            case Unlocked():
                return self._unlocked(state)
            case Unopenable():
                return CannotOpen(state.sentence, state.choices)
        return state

    def _new(self, state: NewHistory, limit_s: float) -> DoorState:
        if not self._begins:
            return NoHistory()
        if portable_home() is not None:  # a keyring stays where it is, and the chats travel
            return FirstTime(_OF_A_PORTABLE_COPY)
        if state.keyring is None or state.sentence:
            return FirstTime(state.sentence)
        return self._led_to(self._opening.create_in_keyring(state.keyring, limit_s), limit_s)

    def _unlocked(self, state: Unlocked) -> DoorState:
        if self._is_restoring:
            self._put_in_place(self._wanted, state.key)
            self._is_restoring = False
            self._opening.lock()
            self._opening = self._opening_of_profile()
            return self._led_to(self._opening.begin(KEYRING_LIMIT_S), KEYRING_LIMIT_S)
        if state.notice:
            self._notices.append(state.notice)
        return self._entered(state.key, is_new=state.is_new)

    def _put_in_place(self, backup: Backup | None, key: HistoryKey) -> None:
        if backup is None:
            done = restore_newest(self.profile, key)
        else:
            done = restore(self.profile, backup, key)
        self._notices.append(restored_words(done))

    def _newest_backup(self) -> Backup:
        backups = list_backups(self.profile)
        if not backups:
            raise BackupError("There is no backup to restore. Nothing was changed.")
        return backups[0]

    def _entered(self, key: HistoryKey, *, is_new: bool) -> DoorState:
        """The key is known: the database, up to `Ready`."""
        try:
            self._history = entered(
                self.profile, key, self._opening, self._notices, self.close, is_new=is_new
            )
        except WrongKeyError:
            refused = self._opening.refuse_database()
            return CannotOpen(refused.sentence, refused.choices)
        except (DamagedError, DiskFailedError) as error:
            return self._damaged(error)
        except ChatsError as error:
            return CannotOpen(str(error))
        return Ready(self._history, tuple(self._notices))

    def _damaged(self, error: DamagedError | DiskFailedError) -> CannotOpen:
        # A disk that refuses one file may well give another.
        choices = self._opening.refuse_database().choices
        if isinstance(error, DamagedError) and Choice.BACKUP not in choices:
            return CannotOpen(_NO_BACKUP, (Choice.SALVAGE, *choices))
        return CannotOpen(str(error), choices)

    def _leave_history(self) -> None:
        if self._history is not None:
            history, self._history = self._history, None
            history.lock_now()


def _keyring_entry(profile: Profile) -> KeyringEntry | None:
    """Where a keyring keeps the key, if that can still be told."""
    try:
        return envelope_file.load(profile.folder).envelope.keyring
    except EnvelopeError:
        return None
