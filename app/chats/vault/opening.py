"""Opening a history: from what lies in its folder to a key, or to a state that says why not.

For: `app/chats/history.py`. Two rules stand above all: nothing that exists is overwritten, and
no new history is begun beside an old one. A new one is made in an order that a kill may cut
anywhere: key into the keyring and read back; `vault.json`, not yet in use; the database (the
caller's); in use. Until the last step nothing can have been kept, so what a kill leaves either
opens or is plainly new.

Calls block (a keyring up to `limit_s`, a passphrase about a second): not for a GUI thread.
One thread at a time, but for `cancel`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from app.chats.errors import (
    EnvelopeError,
    StoreError,
    VaultError,
    WrongPassphraseError,
)
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringEntry, KeyringKind
from app.chats.vault.envelope import Envelope, new_history_id
from app.chats.vault.folder import has_backups, has_database, has_history
from app.chats.vault.key import HistoryKey
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import COST, Argon2Cost, Purpose, unwrap, wrap_proved
from app.chats.vault.states import (
    KeyringWaits,
    NeedsPassphrase,
    NewHistory,
    State,
    Unlocked,
    Unopenable,
)
from app.chats.vault.waiting import KeyringCall
from app.chats.vault.ways import Ways
from app.chats.vault.words import Choice, Reason, sentence, sentence_for_new

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class _Pending(Generic[_Answer]):
    """A keyring that has not answered, and what its answer leads to."""

    call: KeyringCall[_Answer]
    then: Callable[[KeyringCall[_Answer]], State]

    def go_on(self, limit_s: float) -> State | None:
        return self.then(self.call) if self.call.wait(limit_s) else None


_AnyPending = _Pending[KeyringKind] | _Pending[KeyringEntry] | _Pending[HistoryKey]


class Opening:
    """One attempt after another to open the history of a folder."""

    def __init__(self, folder: Path, keyrings: Keyrings, cost: Argon2Cost = COST) -> None:
        self._folder = folder
        self._keyrings = keyrings
        self._cost = cost
        self._envelope: Envelope | None = None
        self._notice = ""
        self._key: HistoryKey | None = None
        self._pending: _AnyPending | None = None

    @property
    def key(self) -> HistoryKey | None:
        """The key, once there is one: also where the database then could not be used, for
        restoring a backup.
        """
        return self._key

    def begin(self, limit_s: float) -> State:
        """Look at the folder and open what is there; also what RETRY means.

        Raises DiskFailedError where the folder can't be read.
        """
        self.lock()
        if not envelope_file.is_there(self._folder):
            if has_history(self._folder):
                return self._unopenable(Reason.ENVELOPE_MISSING)
            return self._look_for_keyring(limit_s)
        try:
            found = envelope_file.load(self._folder)
        except EnvelopeError as error:
            return self._unopenable_file(error)
        self._envelope, self._notice = found.envelope, found.notice
        if not found.envelope.is_in_use and not has_history(self._folder):
            return self._look_for_keyring(limit_s)
        if found.envelope.keyring is None:
            return NeedsPassphrase()
        return self._ask_keyring(found.envelope, found.envelope.keyring, limit_s)

    def wait_on(self, limit_s: float) -> State:
        """After KeyringWaits: wait some more for the same answer."""
        pending = self._pending
        if pending is None:
            raise VaultError("No keyring was asked. Nothing was changed. Try again.")
        state = pending.go_on(limit_s)
        if state is None:
            return KeyringWaits()
        self._pending = None
        return state

    def cancel(self) -> None:
        """Stop waiting for the keyring, from any thread; whoever waits gets the state."""
        if (pending := self._pending) is not None:
            pending.call.cancel()

    def try_passphrase(self, passphrase: str) -> State:
        """Unlock by the passphrase or the recovery passphrase; NeedsPassphrase if it is wrong.

        Raises VaultError where no passphrase was set or the memory to check one is missing.
        """
        envelope = self._envelope
        if envelope is None or not envelope.has_passphrase:
            raise VaultError("This history has no passphrase. Nothing was changed. Try again.")
        self.lock()
        for purpose, wrapped in (
            (Purpose.PASSPHRASE, envelope.passphrase),
            (Purpose.RECOVERY, envelope.recovery),
        ):
            if wrapped is None:
                continue
            try:
                key = unwrap(wrapped, passphrase, envelope.history_id, purpose)
            except WrongPassphraseError:
                continue
            if key.matches(envelope.check):
                return self._have(key)
        return NeedsPassphrase(sentence(Reason.WRONG_PASSPHRASE))

    def create_in_keyring(self, kind: KeyringKind, limit_s: float) -> State:
        """Begin a history whose key the keyring keeps: Unlocked, or NewHistory with why not.

        Raises VaultError where a history is here already; DiskFullError, DiskFailedError.
        """
        self._refuse_unless_new()
        key = HistoryKey.create()

        def then(call: KeyringCall[KeyringEntry]) -> State:
            try:
                entry = call.result()
            except VaultError as error:
                key.wipe()
                return NewHistory(kind, sentence_for_new(Reason(error.reason)))
            envelope = Envelope(new_history_id(), key.check, is_in_use=False, keyring=entry)
            return self._begin_history(envelope, key)

        self._pending = _Pending(self._keyrings.store(kind, key), then)
        return self.wait_on(limit_s)

    def create_under_passphrase(self, passphrase: str) -> Unlocked:
        """Begin a history under a passphrase.

        Raises PassphraseRefusedError; VaultError where a history is here already or memory is
        missing; DiskFullError, DiskFailedError.
        """
        self._refuse_unless_new()
        key, history_id = HistoryKey.create(), new_history_id()
        wrapped = wrap_proved(key, passphrase, history_id, Purpose.PASSPHRASE, self._cost)
        return self._begin_history(
            Envelope(history_id, key.check, is_in_use=False, passphrase=wrapped), key
        )

    def mark_used(self) -> None:
        """The database exists and opens under the key: from now on something may be kept.

        Raises DiskFullError or DiskFailedError; then nothing may be kept yet.
        """
        envelope = self._envelope
        if envelope is None or self._key is None:
            raise VaultError("The history is locked. Unlock it to go on.")
        if not envelope.is_in_use:
            used = replace(envelope, is_in_use=True)
            envelope_file.save(self._folder, used)
            self._envelope = used

    def refuse_database(self) -> Unopenable:
        """The state when the key does not open the database, or its bytes are damaged."""
        return self._unopenable(Reason.WRONG_KEY)

    def ways(self) -> Ways:
        """The ways to the key of an unlocked history, to change them."""
        if self._envelope is None or self._key is None:
            raise VaultError("The history is locked. Unlock it to go on.")
        return Ways(
            self._folder, self._envelope, self._key, self._keyrings, self._cost, self._remember
        )

    def lock(self) -> None:
        """Forget the key, and whatever a keyring still wants to say."""
        self.cancel()
        self._pending = None
        if self._key is not None:
            self._key.wipe()
            self._key = None

    def _remember(self, envelope: Envelope) -> None:
        self._envelope = envelope

    # ------------------------------------------------------------------ asking the keyring

    def _look_for_keyring(self, limit_s: float) -> State:
        def then(call: KeyringCall[KeyringKind]) -> State:
            try:
                return NewHistory(call.result())
            except VaultError as error:
                return NewHistory(None, sentence_for_new(Reason(error.reason)))

        self._pending = _Pending(self._keyrings.find(), then)
        return self.wait_on(limit_s)

    def _ask_keyring(self, envelope: Envelope, entry: KeyringEntry, limit_s: float) -> State:
        def then(call: KeyringCall[HistoryKey]) -> State:
            try:
                return self._have(call.result())
            except VaultError as error:
                return self._without_key(envelope, entry.kind, Reason(error.reason))

        self._pending = _Pending(self._keyrings.read(entry, envelope.check), then)
        return self.wait_on(limit_s)

    # ------------------------------------------------------------------ what it leads to

    def _have(self, key: HistoryKey) -> State:
        self._key = key
        if not has_database(self._folder):
            return self._unopenable(Reason.DATABASE_MISSING)
        return Unlocked(key, notice=self._notice)

    def _without_key(self, envelope: Envelope, kind: KeyringKind, reason: Reason) -> Unopenable:
        if reason is Reason.MISSING and envelope_file.is_of_another_user(self._folder):
            reason = Reason.OTHER_USER
        choices = (Choice.PASSPHRASE,) if envelope.has_passphrase else ()
        return self._state_of(reason, (*choices, Choice.RETRY), keyring=kind.full_name)

    def _unopenable(self, reason: Reason) -> Unopenable:
        """A file is missing or damaged: what helps is a backup, if there is one."""
        choices = (Choice.BACKUP,) if has_backups(self._folder) else ()
        return self._state_of(reason, (*choices, Choice.RETRY))

    def _unopenable_file(self, error: EnvelopeError) -> Unopenable:
        reason = Reason(error.reason)
        if reason in (Reason.ENVELOPE_DAMAGED, Reason.ENVELOPE_MISSING):
            return self._unopenable(reason)
        return Unopenable(reason, str(error), (Choice.RETRY,))

    def _state_of(
        self, reason: Reason, choices: tuple[Choice, ...], keyring: str = ""
    ) -> Unopenable:
        words = sentence(reason, choices, self._folder, keyring=keyring)
        return Unopenable(reason, words, choices)

    # ------------------------------------------------------------------ beginning a history

    def _refuse_unless_new(self) -> None:
        """Looks again: what was new a moment ago may hold a history now."""
        self.lock()
        is_used = False
        if envelope_file.is_there(self._folder):
            is_used = envelope_file.load(self._folder).envelope.is_in_use
        if is_used or has_history(self._folder):
            raise VaultError("There is a history here already. Nothing was changed. Try again.")

    def _begin_history(self, envelope: Envelope, key: HistoryKey) -> Unlocked:
        """The envelope of a new history, over one that never came into use."""
        before, self._envelope = self._envelope, envelope
        try:
            envelope_file.save(self._folder, envelope)
        except StoreError:
            self._envelope = before
            key.wipe()
            self._forget_unless_written(envelope)
            raise
        if before is not None and before.keyring is not None:
            self._keyrings.delete(before.keyring)
        self._key, self._notice = key, ""
        return Unlocked(key, is_new=True)

    def _forget_unless_written(self, envelope: Envelope) -> None:
        """An entry that no file speaks of is litter in the user's keyring."""
        if envelope.keyring is not None and not envelope_file.says(self._folder, envelope):
            self._keyrings.delete(envelope.keyring)
