"""Changing how an unlocked history is locked: another passphrase, a recovery one, the keyring.

For: settings and the command line. The key stays the same whatever changes, so the database and
its backups are not touched. A new way is proved before an old one goes; a kill in between leaves
both. What a replaced passphrase opened stays open to it in copies of `vault.json` made earlier.

Calls block, as `opening`'s do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.chats.errors import StoreError, VaultError
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringEntry, KeyringKind
from app.chats.vault.envelope import Envelope
from app.chats.vault.key import HistoryKey
from app.chats.vault.keyrings import SERVICE, Keyrings
from app.chats.vault.passphrase import COST, Argon2Cost, Purpose, Wrap, wrap_proved
from app.chats.vault.waiting import KeyringCall
from inference.sentence import said


class Ways:
    """The ways to one history's key.

    Whatever writes raises DiskFullError or DiskFailedError; what takes a new passphrase raises
    PassphraseRefusedError too. Then the ways are as they were, or as the docstring says.
    """

    def __init__(
        self,
        folder: Path,
        envelope: Envelope,
        key: HistoryKey,
        keyrings: Keyrings,
        cost: Argon2Cost = COST,
        on_saved: Callable[[Envelope], None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._envelope = envelope
        self._key = key
        self._keyrings = keyrings
        self._cost = cost
        self._on_saved = on_saved
        self._call: (
            KeyringCall[KeyringEntry] | KeyringCall[KeyringKind] | KeyringCall[None] | None
        ) = None

    @property
    def keyring(self) -> KeyringKind | None:
        """The keyring that keeps the key."""
        entry = self._envelope.keyring
        return None if entry is None else entry.kind

    @property
    def has_passphrase(self) -> bool:
        """Whether there is a passphrase beside or instead of the keyring."""
        return self._envelope.passphrase is not None

    @property
    def has_recovery(self) -> bool:
        """Whether there is a recovery passphrase."""
        return self._envelope.recovery is not None

    def set_passphrase(self, passphrase: str) -> None:
        """Add a passphrase, or replace it."""
        self._save(replace(self._envelope, passphrase=self._wrap(passphrase, Purpose.PASSPHRASE)))

    def set_recovery(self, passphrase: str) -> None:
        """Add a recovery passphrase, or replace it."""
        self._save(replace(self._envelope, recovery=self._wrap(passphrase, Purpose.RECOVERY)))

    def remove_recovery(self) -> None:
        """The recovery passphrase opens nothing any more."""
        self._save(replace(self._envelope, recovery=None))

    def find_keyring(self, limit_s: float) -> KeyringKind:
        """The keyring that would take the key. Raises KeyringUnavailableError."""
        call = self._keyrings.find()
        self._call = call
        return call.answer_within(limit_s)

    def move_to_keyring(self, kind: KeyringKind, limit_s: float) -> None:
        """The keyring keeps the key and the passphrase goes; a recovery passphrase stays.

        Raises the keyring's VaultError, with nothing changed.
        """
        before = self._envelope.keyring
        call = self._call = self._keyrings.store(kind, self._key)
        entry = call.answer_within(limit_s)
        moved = replace(self._envelope, keyring=entry, passphrase=None)
        try:
            self._save(moved)
        except StoreError:
            if not envelope_file.says(self._folder, moved):
                self._keyrings.delete(entry)
            raise
        if before is not None:
            self._keyrings.delete(before)

    def move_to_passphrase(
        self, passphrase: str, limit_s: float, on_added: Callable[[], None] = lambda: None
    ) -> str:
        """A passphrase opens the history and the keyring's entry is deleted.

        `on_added` is called between the two: copies of the envelope may name that entry alone.
        Returns a sentence to show where the entry could not be deleted, or nothing.
        """
        self.set_passphrase(passphrase)
        on_added()
        left = self._delete_entry(limit_s)
        self._save(replace(self._envelope, keyring=None))
        return left

    def cancel(self) -> None:
        """Stop waiting for the keyring, from any thread."""
        if (call := self._call) is not None:
            call.cancel()

    def _wrap(self, passphrase: str, purpose: Purpose) -> Wrap:
        return wrap_proved(self._key, passphrase, self._envelope.history_id, purpose, self._cost)

    def _save(self, envelope: Envelope) -> None:
        envelope_file.save(self._folder, envelope)
        self._envelope = envelope
        self._on_saved(envelope)

    def _delete_entry(self, limit_s: float) -> str:
        entry = self._envelope.keyring
        if entry is None:
            return ""
        call = self._call = self._keyrings.delete(entry)
        try:
            call.answer_within(limit_s)
        except VaultError:
            return said(
                "The key's entry could not be deleted from {keyring}. The history is safe. "
                "Delete “{service}” there by hand.",
                keyring=entry.kind.full_name,
                service=SERVICE,
            )
        return ""
