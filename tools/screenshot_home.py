"""A user's home for pictures: a profile of its own, and a keyring in memory.

For: `tools.screenshots` and `tools.history_screenshots`, which must touch no real history.
"""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from app.chats.history import History
from app.chats.history_states import NeedsPassphrase, Ready
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.backends import Backend, KeyringKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost

PASSPHRASE = "rain on the roof"
# As little as Argon2 can do: what is locked with it is thrown away.
_CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)


class MemoryKeyring:
    """What a keyring's backend does; `is_here` False: none answers; a `gate`: it takes its time."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.is_here = True
        self.gate: threading.Event | None = None

    def __call__(self) -> Backend:
        if not self.is_here:
            raise RuntimeError("no keyring")
        return self

    def get_password(self, service: str, username: str) -> str | None:
        """What was stored."""
        if self.gate is not None:
            self.gate.wait()
        return self.entries.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store it."""
        self.entries[username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Take it away."""
        del self.entries[username]


class Home:
    """A profile in a folder that goes with it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.profile = Profile(Path(self._folder.name) / "history")
        self.keyring = MemoryKeyring()

    def door(self, holder: Holder = Holder.WINDOW) -> HistoryDoor:
        """To this home's history."""
        keyrings = Keyrings({KeyringKind.SECRET_SERVICE: self.keyring})
        return HistoryDoor(self.profile, holder, keyrings, _CHEAP)

    def opened(self) -> tuple[HistoryDoor, History]:
        """The history, open; close the door afterwards."""
        door = self.door()
        state = door.open()
        if not isinstance(state, Ready):
            raise SystemExit(f"The history did not open: {state}")
        return door, state.history

    def close(self) -> None:
        """Take the folder away."""
        self._folder.cleanup()


def backed_up_home(*, has_recovery: bool = False) -> Home:
    """A home whose keyring has the key, with chats and two backups of them."""
    home = Home()
    door, history = home.opened()
    for title in ("A pitcher and a crow", "Tax return 2025", "Letter to the landlord"):
        history.store.create(title)
    history.back_up_if_due()
    history.back_up()
    if has_recovery:
        history.set_recovery(PASSPHRASE)
    door.close()
    return home


def passphrase_home() -> Home:
    """A home without a keyring, whose history `PASSPHRASE` opens."""
    home = Home()
    home.keyring.is_here = False
    door = home.door(Holder.COMMAND)
    door.open()
    door.begin_under_passphrase(PASSPHRASE)
    door.close()
    if not isinstance(state := door.open(), NeedsPassphrase):
        raise SystemExit(f"The history asks for no passphrase: {state}")
    door.close()
    return home
