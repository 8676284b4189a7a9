"""What the vault says: each reason why a key can't be had, as sentences.

A sentence is put together from what happened, what is safe, and what can be done here: the
same locked keyring is told otherwise to someone who has a passphrase. Windows and terminal
show these as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.chats.errors import (
    EnvelopeError,
    KeyChangedError,
    KeyMissingError,
    KeyringLockedError,
    KeyringUnavailableError,
    VaultError,
    WrongPassphraseError,
)

WAITING = "Waiting for the keyring"


class Choice(StrEnum):
    """What a user can do where a history can't be opened."""

    PASSPHRASE = "passphrase"
    RETRY = "retry"
    BACKUP = "backup"
    SALVAGE = "salvage"


class Reason(StrEnum):
    """Why a key can't be had."""

    LOCKED = "locked"
    DISMISSED = "dismissed"
    ABSENT = "absent"
    OTHER_DESKTOP = "other-desktop"
    OTHER_USER = "other-user"
    MISSING = "missing"
    CHANGED = "changed"
    NOT_KEPT = "not-kept"
    SLOW = "slow"
    CANCELLED = "cancelled"
    WRONG_PASSPHRASE = "wrong-passphrase"
    WRONG_KEY = "wrong-key"
    ENVELOPE_DAMAGED = "envelope-damaged"
    ENVELOPE_NEWER = "envelope-newer"
    ENVELOPE_MISSING = "envelope-missing"
    ENVELOPE_UNREADABLE = "envelope-unreadable"
    DATABASE_MISSING = "database-missing"


@dataclass(frozen=True)
class _Words:
    """`retry` is what RETRY needs to help, `alone` the same where it is the only choice.
    `may_begin_anew`: where nothing else helps, what is left is to move the folder away.
    """

    kind: type[VaultError]
    happened: str
    safe: str = "The history is safe."
    retry: str = "Try again"
    alone: str = ""
    may_begin_anew: bool = False


_AGAIN = "Put it back and try again"

_WORDS = {
    Reason.LOCKED: _Words(
        KeyringLockedError,
        "The keyring is locked.",
        safe="",
        retry="Unlock it",
        alone="Unlock it, then try again",
    ),
    Reason.DISMISSED: _Words(
        KeyringLockedError,
        "The keyring stayed locked: its prompt was closed or could not be shown.",
    ),
    Reason.ABSENT: _Words(
        KeyringUnavailableError,
        "No keyring answers here; one that keeps nothing, or keeps secrets in plain text, "
        "is not used.",
        retry="Try again once your keyring runs",
    ),
    Reason.OTHER_DESKTOP: _Words(
        KeyringUnavailableError,
        "The key is kept in {keyring}, which does not answer on this desktop.",
        retry="Log in to the desktop that has it and try again",
    ),
    Reason.OTHER_USER: _Words(
        KeyMissingError,
        "Another user of this computer made this history, and its key is in that user's keyring.",
        retry="Open it as that user",
    ),
    Reason.MISSING: _Words(
        KeyMissingError,
        "The keyring has no key for this history: the entry was deleted, or it is in the keyring "
        "of another desktop, user or computer.",
        retry="Bring the entry back and try again",
        may_begin_anew=True,
    ),
    Reason.CHANGED: _Words(
        KeyChangedError,
        "The keyring's entry for this history was altered and is not its key.",
        retry="Bring the right entry back and try again",
        may_begin_anew=True,
    ),
    Reason.NOT_KEPT: _Words(
        KeyringUnavailableError,
        "The keyring did not keep the key: what was read back is not what was written.",
    ),
    Reason.SLOW: _Words(KeyringUnavailableError, "The keyring did not answer in time."),
    Reason.CANCELLED: _Words(KeyringUnavailableError, "The keyring had not answered yet."),
    Reason.WRONG_PASSPHRASE: _Words(
        WrongPassphraseError,
        "That passphrase does not open this history.",
        safe="Nothing was changed.",
        retry="",
    ),
    Reason.WRONG_KEY: _Words(
        VaultError,
        "The key does not open the database, which is damaged or belongs to another history.",
        safe="Nothing was changed.",
        retry="Put the right file back and try again",
        may_begin_anew=True,
    ),
    Reason.ENVELOPE_DAMAGED: _Words(
        EnvelopeError,
        "vault.json, which says how the history is locked, is damaged.",
        safe="Nothing was changed.",
        retry="Put a copy of it back and try again",
        may_begin_anew=True,
    ),
    Reason.ENVELOPE_NEWER: _Words(
        EnvelopeError,
        "A later version of Pitcher wrote vault.json, which says how the history is locked.",
        safe="Nothing was changed.",
        retry="Open it with that version",
    ),
    Reason.ENVELOPE_MISSING: _Words(
        EnvelopeError,
        "vault.json, which says how the history is locked, is missing.",
        safe="Nothing was changed.",
        retry=_AGAIN,
        may_begin_anew=True,
    ),
    Reason.ENVELOPE_UNREADABLE: _Words(
        EnvelopeError,
        "vault.json, which says how the history is locked, can't be read: {detail}.",
        safe="Nothing was changed.",
    ),
    Reason.DATABASE_MISSING: _Words(
        VaultError,
        "The history's database, history.db, is missing.",
        safe="Its key is safe.",
        retry=_AGAIN,
        may_begin_anew=True,
    ),
}

_OTHER_CHOICES = (
    (Choice.PASSPHRASE, "use your passphrase"),
    (Choice.BACKUP, "restore a backup"),
)


def sentence(
    reason: Reason,
    choices: tuple[Choice, ...] = (Choice.RETRY,),
    folder: Path | None = None,
    **details: str,
) -> str:
    """What happened to a history that exists, what is safe, and what `choices` can do.

    `details` are the `keyring` or `detail` that some reasons name.
    """
    words = _WORDS[reason]
    others = [text for choice, text in _OTHER_CHOICES if choice in choices]
    retry = words.retry if others else words.alone or words.retry
    if folder is not None and words.may_begin_anew and not others:
        others = [f"move {folder} away to begin anew"]
    between = ", or " if " and " in retry else " or "
    todo = between.join(part for part in (retry, *others) if part)
    happened = words.happened.format(**details)
    return " ".join(part for part in (happened, words.safe, todo and f"{todo}.") if part)


def sentence_for_new(reason: Reason) -> str:
    """Why a keyring could not take the key of a history that does not exist yet."""
    return f"{_WORDS[reason].happened} Nothing was created. Choose a passphrase or try again."


def failure(reason: Reason, *, keyring: str = "", detail: str = "") -> VaultError:
    """The typed error for a reason, with the sentence for someone who can only try again."""
    words = sentence(reason, keyring=keyring, detail=detail)
    return _WORDS[reason].kind(words, reason)
