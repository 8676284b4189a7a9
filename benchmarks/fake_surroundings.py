"""What a window needs around it while it is measured: a lock's report and a keyring.

For: `benchmarks.responsive_window`. Nothing here touches a user's profile or keyring.
"""

from __future__ import annotations

from app.airlock.report import Attempt, LockReport, LockState
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings

ENFORCED = LockReport(LockState.ENFORCED, "", (Attempt("TCP, IPv4", True, "EPERM"),))


class MemoryKeyring:
    """Takes a key and gives it back."""

    def __init__(self) -> None:
        self._entries: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._entries.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._entries[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self._entries[username]


def keyrings() -> Keyrings:
    """One that answers at once."""
    keyring = MemoryKeyring()
    return Keyrings({KeyringKind.SECRET_SERVICE: lambda: keyring})
