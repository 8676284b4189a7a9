"""The key of a history: 32 random bytes that are never shown.

For: everything in the vault, and whoever gives the key to SQLite. Wiping is a best effort:
Python and the libraries that the key passes through keep copies that no one can reach.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from app.chats.errors import VaultError

KEY_BYTES = 32
_CHECKED = b"Pitcher history key check 1"


def wipe(buffer: bytearray) -> None:
    """Overwrite a secret in place."""
    buffer[:] = bytes(len(buffer))


class HistoryKey:
    """A history's key. It can be wiped, and can be neither printed, pickled nor copied."""

    __slots__ = ("_is_wiped", "_secret")

    def __init__(self, secret: bytes | bytearray) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(secret)}")
        self._secret = bytearray(secret)
        self._is_wiped = False

    @classmethod
    def create(cls) -> HistoryKey:
        """A new random key from the operating system."""
        return cls(os.urandom(KEY_BYTES))

    @classmethod
    def from_text(cls, text: str) -> HistoryKey:
        """The key that `to_text` wrote. Raises ValueError for anything else."""
        secret = bytes.fromhex(text)
        if text != secret.hex():
            raise ValueError("not written as a key is")
        return cls(secret)

    def to_text(self) -> str:
        """The form that a keyring keeps: 64 hexadecimal digits."""
        return self.reveal().hex()

    def reveal(self) -> bytes:
        """The raw bytes, for SQLite and for wrapping. Raises VaultError once it was wiped."""
        if self._is_wiped:
            raise VaultError("The history is locked. Unlock it to go on.")
        return bytes(self._secret)

    @property
    def check(self) -> str:
        """What tells this key from another one without a database, and gives nothing away."""
        return hmac.new(self.reveal(), _CHECKED, hashlib.sha256).hexdigest()

    def matches(self, check: str) -> bool:
        """Whether `check` was made from this key."""
        return hmac.compare_digest(self.check.encode(), check.encode())

    @property
    def is_wiped(self) -> bool:
        """Whether the key is gone from here."""
        return self._is_wiped

    def wipe(self) -> None:
        """Forget the key; what still holds this object can no longer use it."""
        wipe(self._secret)
        self._is_wiped = True

    def __repr__(self) -> str:
        return "HistoryKey(wiped)" if self._is_wiped else "HistoryKey(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a key is never pickled or copied")
