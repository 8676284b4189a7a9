"""What the window shows of its history beside what a door can say: the states of a running window.

For: `HistoryWorker` and the screens that follow it. Frozen; they cross threads.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.chats.history_states import DoorState


@dataclass(frozen=True)
class Opening:
    """Something is being opened, unlocked or restored; `waits` for a keyring that may have asked
    its user for something, which can be cancelled.
    """

    waits: bool = False


@dataclass(frozen=True)
class Locked:
    """The owner locked it, or was away: the key is forgotten, the file closed.

    `asks_passphrase`: a passphrase opens it, otherwise the keyring has the key.
    """

    asks_passphrase: bool
    sentence: str = ""


@dataclass(frozen=True)
class TemporaryOnly:
    """The owner chose to go on without a history: every chat is temporary."""


HistoryState = DoorState | Opening | Locked | TemporaryOnly
"""Where a window's history stands. `Ready` is the only state in which chats are kept."""
