"""A program with its history, which a disk refuses things to.

For: `fault_steps`, which act on it, and `fault_history`. The costs are those of a test: a
passphrase takes no time, and a log is written back after few pages, so that few operations
reach every part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import apsw

from app.chats import history_entry
from app.chats.errors import ChatsError
from app.chats.history import History
from app.chats.history_states import DoorState, FirstTime, NeedsPassphrase, Ready
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.schema import MIGRATIONS, Migration, migrate
from app.chats.store import ChatStore
from app.chats.upkeep import wal_watch, wipe
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from tools.fault_ledger import Ledger

CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
LIMIT_S = 60.0
FIRST_WORDS, NEXT_WORDS = "rain on the roof", "sun on the roof"


class NotOpenError(ChatsError):
    """The door came to another state than an open history; the sentence is that state's."""


@dataclass
class Life:
    """A program with its history below `folder`."""

    folder: Path
    acknowledge: Callable[[Ledger], None] = lambda _: None
    ledger: Ledger = field(default_factory=Ledger)
    attempt: int = 0
    is_upgrading: bool = False
    opened: History | None = None
    is_left: bool = False

    def __post_init__(self) -> None:
        wal_watch._CHECKPOINT_PAGES = 24
        wipe._VACUUM_FROM_PAGES = 8
        if self.is_upgrading:
            steps = (*MIGRATIONS, Migration(MIGRATIONS[-1].version + 1, _next_form))
            history_entry.migrate = partial(migrate, migrations=steps)  # type: ignore[attr-defined]
        profile = Profile(self.folder / "history")
        self.door = HistoryDoor(profile, Holder.COMMAND, Keyrings({}), CHEAP)

    @property
    def history(self) -> History:
        """The open history. Raises NotOpenError."""
        if self.opened is None:
            raise NotOpenError("The history is closed. Nothing is lost. Open it again.")
        return self.opened

    @property
    def store(self) -> ChatStore:
        """Its chats."""
        return self.history.store

    def say(self) -> None:
        """Write the ledger down where the other process finds it."""
        self.acknowledge(self.ledger)

    def trying(self, *texts: str) -> None:
        """What may be there from now on."""
        self.ledger.tried += texts
        self.say()

    def enter(self) -> None:
        """Open the history as the window does, or begin it."""
        self.opened, self.is_left = None, False
        self.take(self.door.open(LIMIT_S))

    def take(self, state: DoorState) -> None:
        """Go on from a state of the door until it is open. Raises NotOpenError."""
        if isinstance(state, FirstTime):
            if self.ledger.is_begun:
                raise AssertionError("the history is gone, and a new one is offered")
            self.ledger.passphrases = [FIRST_WORDS]
            self.say()
            state = self.door.begin_under_passphrase(FIRST_WORDS)
        for passphrase in self.ledger.passphrases:
            if isinstance(state, NeedsPassphrase):
                state = self.door.try_passphrase(passphrase)
        if not isinstance(state, Ready):
            raise NotOpenError(getattr(state, "sentence", "") or getattr(state, "why", ""))
        self.opened = state.history
        self.ledger.is_begun = True
        self.say()

    def leave(self) -> None:
        """Close everything. Raises StoreError, with it closed."""
        self.opened, self.is_left = None, True
        self.door.close()


def _next_form(cursor: apsw.Cursor) -> None:
    cursor.execute("ALTER TABLE message ADD COLUMN later TEXT; UPDATE message SET later = parts")
