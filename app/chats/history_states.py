"""What opening a history can come to: what the window and the terminal show.

For: whoever holds a `HistoryDoor`. Sentences are shown as they are. Two more states are the
vault's own and come through unchanged: `NeedsPassphrase` and `KeyringWaits`.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.chats.history import History
from app.chats.vault.states import KeyringWaits, NeedsPassphrase
from app.chats.vault.words import Choice
from inference.sentence import said

__all__ = [
    "CannotOpen",
    "Choice",
    "DoorState",
    "FirstTime",
    "InUse",
    "KeyringWaits",
    "NeedsPassphrase",
    "NoHistory",
    "OnNetworkShare",
    "Ready",
]


@dataclass(frozen=True)
class Ready:
    """It is open. `notices` are things to tell once."""

    history: History
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class FirstTime:
    """Nothing was kept yet, and no keyring can take the key or shall; `sentence` says why. Choose
    a passphrase (`HistoryDoor.begin_under_passphrase`), or chat without storing.
    """

    sentence: str


@dataclass(frozen=True)
class NoHistory:
    """Nothing was kept yet, and none was to be begun."""

    sentence: str = said("There is no history yet. A chat begins one.")


@dataclass(frozen=True)
class CannotOpen:
    """It can't be opened now, and stays as it is. `choices` are what can be offered."""

    sentence: str
    choices: tuple[Choice, ...] = (Choice.RETRY,)


@dataclass(frozen=True)
class InUse:
    """Another Pitcher has it open."""

    sentence: str


@dataclass(frozen=True)
class OnNetworkShare:
    """It lies on another machine, where a message could be lost."""

    sentence: str


DoorState = (
    Ready
    | FirstTime
    | NoHistory
    | NeedsPassphrase
    | KeyringWaits
    | CannotOpen
    | InUse
    | OnNetworkShare
)
