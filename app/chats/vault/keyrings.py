"""A history's key in the keyring of the desktop: store, read, delete, each without hanging.

For: opening a history and changing how it is locked. An entry has a random name that the
envelope keeps, so profiles don't collide; a key counts as stored only once it was read back.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.chats.errors import KeyringUnavailableError, VaultError
from app.chats.vault.backends import (
    ALLOWED,
    Backend,
    KeyringEntry,
    KeyringKind,
    Maker,
    translated,
)
from app.chats.vault.key import HistoryKey
from app.chats.vault.waiting import KeyringCall
from app.chats.vault.words import Reason, failure

SERVICE = "Pitcher history"


class Keyrings:
    """The keyrings of this desktop. Every method asks in a thread of its own.

    What the calls raise is typed: see `app.chats.errors`.
    """

    def __init__(self, makers: Mapping[KeyringKind, Maker] = ALLOWED) -> None:
        self._makers = makers

    def find(self) -> KeyringCall[KeyringKind]:
        """The first keyring that answers here; KeyringUnavailableError where none does."""
        return KeyringCall(self._find)

    def read(self, entry: KeyringEntry, check: str) -> KeyringCall[HistoryKey]:
        """The key of an entry, held against the `check` that the envelope keeps."""
        return KeyringCall(lambda: self._read(entry, check), HistoryKey.wipe)

    def store(self, kind: KeyringKind, key: HistoryKey) -> KeyringCall[KeyringEntry]:
        """Keep a key in a new entry, and read it back. Stored too late, it is deleted again."""
        text, check = key.to_text(), key.check
        return KeyringCall(lambda: self._store(kind, text, check), self._forget)

    def delete(self, entry: KeyringEntry) -> KeyringCall[None]:
        """Remove an entry, if it is there."""
        return KeyringCall(lambda: self._delete(entry))

    def _find(self) -> KeyringKind:
        for kind in self._makers:
            try:
                self._backend(kind)
            except KeyringUnavailableError:
                continue
            return kind
        raise failure(Reason.ABSENT)

    def _backend(self, kind: KeyringKind) -> Backend:
        if kind not in self._makers:
            raise failure(Reason.ABSENT)
        with translated():
            return self._makers[kind]()

    def _backend_of_history(self, kind: KeyringKind) -> Backend:
        """The keyring that a history was given to, whatever others there are."""
        try:
            return self._backend(kind)
        except KeyringUnavailableError as error:
            self._find()
            raise failure(Reason.OTHER_DESKTOP, keyring=kind.full_name) from error

    def _read(self, entry: KeyringEntry, check: str) -> HistoryKey:
        backend = self._backend_of_history(entry.kind)
        with translated():
            text = backend.get_password(SERVICE, entry.name)
        if text is None:
            raise failure(Reason.MISSING)
        try:
            key = HistoryKey.from_text(text)
        except ValueError:
            # Without the cause, whose message may quote the entry.
            raise failure(Reason.CHANGED) from None
        if not key.matches(check):
            key.wipe()
            raise failure(Reason.CHANGED)
        return key

    def _store(self, kind: KeyringKind, text: str, check: str) -> KeyringEntry:
        entry = KeyringEntry.create(kind)
        backend = self._backend(kind)
        with translated():
            backend.set_password(SERVICE, entry.name, text)
        try:
            # By a new connection: the first one may remember what it never kept.
            self._read(entry, check).wipe()
        except VaultError as error:
            raise failure(Reason.NOT_KEPT) from error
        return entry

    def _delete(self, entry: KeyringEntry) -> None:
        backend = self._backend(entry.kind)
        with translated():
            if backend.get_password(SERVICE, entry.name) is not None:
                backend.delete_password(SERVICE, entry.name)

    def _forget(self, entry: KeyringEntry) -> None:
        """Delete what nobody waits for any more, if it can be done."""
        try:
            self._delete(entry)
        except VaultError:
            # No envelope speaks of it.
            return
