"""The keyrings that may hold a key: an allow-list, each made by name.

The `keyring` package is not asked which backend to use: that answer can come from the
environment, a configuration file or any installed package, and may be one that keeps nothing
or writes plain text. Not here: what is stored, or waiting for an answer (`keyrings`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, cast

from app.chats.errors import VaultError
from app.chats.vault.words import Reason, failure
from inference.sentence import said


class KeyringKind(StrEnum):
    """A keyring, as `vault.json` names it."""

    SECRET_SERVICE = "secret-service"
    KWALLET = "kwallet"
    WINDOWS = "windows-credential-locker"
    MACOS = "macos-keychain"

    @property
    def full_name(self) -> str:
        """What people call it."""
        return _FULL_NAMES[self]


_FULL_NAMES = {
    KeyringKind.SECRET_SERVICE: said("the Secret Service (GNOME Keyring, KeePassXC, …)"),
    KeyringKind.KWALLET: "KWallet",
    KeyringKind.WINDOWS: said("the Windows Credential Locker"),
    KeyringKind.MACOS: said("the macOS Keychain"),
}


_ENTRY_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class KeyringEntry:
    """Where a keyring keeps a key. Every storing makes an entry of its own, so that an answer
    that comes too late can neither overwrite nor delete another one.
    """

    kind: KeyringKind
    name: str

    def __post_init__(self) -> None:
        if not _ENTRY_NAME.fullmatch(self.name):
            raise ValueError("not the name of an entry")

    @classmethod
    def create(cls, kind: KeyringKind) -> KeyringEntry:
        """A new entry with a random name."""
        return cls(kind, secrets.token_hex(16))


class Backend(Protocol):
    """What is used of a `keyring` backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """The stored text, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store, over what was there."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove; raises where there is nothing."""


# Makes a backend that can be used here and now, or raises.
Maker = Callable[[], Backend]


def _made(library_class: type, **attributes: object) -> Backend:
    """An instance that takes nothing from KEYRING_PROPERTY_… variables, if it is usable here.

    A backend says that it is not by raising when it is asked for its priority; below 1 are
    those that `keyring` itself does not recommend.
    """
    body = {"set_properties_from_env": lambda _self: None, **attributes}
    backend_class = type(f"Pitcher{library_class.__name__}", (library_class,), body)
    if getattr(backend_class, "priority", 0) < 1:
        raise failure(Reason.ABSENT)
    return cast(Backend, backend_class())


def _secret_service() -> Backend:
    from keyring.backends.SecretService import Keyring

    return _made(Keyring, appid="Pitcher")


def _kwallet() -> Backend:
    from keyring.backends.kwallet import DBusKeyring

    return _made(DBusKeyring, appid="Pitcher")


def _windows() -> Backend:
    from keyring.backends.Windows import WinVaultKeyring

    return _made(WinVaultKeyring)


def _macos() -> Backend:
    from keyring.backends.macOS import Keyring

    # Its own default comes from the environment.
    return _made(Keyring, keychain=None)


# In order of preference: KWallet answers as a Secret Service too, without python-dbus.
ALLOWED: Mapping[KeyringKind, Maker] = {
    KeyringKind.SECRET_SERVICE: _secret_service,
    KeyringKind.KWALLET: _kwallet,
    KeyringKind.WINDOWS: _windows,
    KeyringKind.MACOS: _macos,
}

# By name, because the packages that define them are not installed on every system. The Secret
# Service backend raises KeyringLocked only after a prompt that did not unlock.
_REASONS = {
    "LockedException": Reason.LOCKED,
    "KeyringLocked": Reason.DISMISSED,
    "PromptDismissedException": Reason.DISMISSED,
    "ItemNotFoundException": Reason.MISSING,
    "UnicodeDecodeError": Reason.CHANGED,
}
_LOCKED_ANSWER = "org.freedesktop.Secret.Error.IsLocked"
# KWallet's way to say that its prompt was dismissed while writing or deleting.
_DISMISSED_TEXT = "Cancelled by user"


@contextmanager
def translated() -> Iterator[None]:
    """Whatever a keyring's libraries raise, as a VaultError; the cause is kept."""
    try:
        yield
    except VaultError:
        raise
    except Exception as error:
        raise failure(_reason_of(error)) from error


def _reason_of(error: BaseException) -> Reason:
    """The most telling reason among an error and its causes."""
    cause: BaseException | None = error
    while cause is not None:
        if getattr(cause, "name", "") == _LOCKED_ANSWER:
            return Reason.LOCKED
        if _DISMISSED_TEXT in str(cause):
            return Reason.DISMISSED
        for kind in type(cause).__mro__:
            if kind.__name__ in _REASONS:
                return _REASONS[kind.__name__]
        cause = cause.__cause__
    return Reason.ABSENT
