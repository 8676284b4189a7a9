"""What a profile folder can turn out to be when its history is opened.

For: `history` and the screens; made by `opening`. Sentences are shown as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.chats.vault.backends import KeyringKind
from app.chats.vault.key import HistoryKey
from app.chats.vault.words import WAITING, Choice, Reason


@dataclass(frozen=True)
class NewHistory:
    """Nothing was ever kept here. `keyring` can take the key; without one, `sentence` says why
    and a passphrase is needed.
    """

    keyring: KeyringKind | None
    sentence: str = ""


@dataclass(frozen=True)
class Unlocked:
    """The key is here. `is_new`: the database has to be made, which refuses to touch one that
    exists; else it is there. Once it opens, call `Opening.mark_used`, before anything is kept.
    `notice` is something to tell, or empty.
    """

    key: HistoryKey
    is_new: bool = False
    notice: str = ""


@dataclass(frozen=True)
class NeedsPassphrase:
    """Ask for the passphrase; `why` is empty the first time."""

    why: str = ""


@dataclass(frozen=True)
class KeyringWaits:
    """The keyring has not answered yet: it is slow, or its prompt is open. Wait on, or cancel."""

    sentence: str = WAITING


@dataclass(frozen=True)
class Unopenable:
    """It can't be opened now, and stays as it is. `choices` are what can be offered."""

    reason: Reason
    sentence: str
    choices: tuple[Choice, ...]


State = NewHistory | Unlocked | NeedsPassphrase | KeyringWaits | Unopenable
