"""What the vault says: each reason why a key can't be had, as sentences.

A sentence is put together from what happened, what is safe, and what can be done here: the
same locked keyring is told otherwise to someone who has a passphrase. Windows and terminal
show these as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from inference.sentence import filled, joined, noted, ours, said

WAITING = said("Waiting for the keyring")


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
    safe: str = said("The history is safe.")
    retry: str = said("Try again")
    alone: str = ""
    may_begin_anew: bool = False


_AGAIN = said("Put it back and try again")

_WORDS = {
    Reason.LOCKED: _Words(
        KeyringLockedError,
        noted("The keyring is locked."),
        safe="",
        retry=said("Unlock it"),
        alone=said("Unlock it, then try again"),
    ),
    Reason.DISMISSED: _Words(
        KeyringLockedError,
        noted("The keyring stayed locked: its prompt was closed or could not be shown."),
    ),
    Reason.ABSENT: _Words(
        KeyringUnavailableError,
        noted(
            "No keyring answers here; one that keeps nothing, or keeps secrets in plain text, "
            "is not used."
        ),
        retry=said("Try again once your keyring runs"),
    ),
    Reason.OTHER_DESKTOP: _Words(
        KeyringUnavailableError,
        noted("The key is kept in {keyring}, which does not answer on this desktop."),
        retry=said("Log in to the desktop that has it and try again"),
    ),
    Reason.OTHER_USER: _Words(
        KeyMissingError,
        noted(
            "Another user of this computer made this history, and its key is in that user's "
            "keyring."
        ),
        retry=said("Open it as that user"),
    ),
    Reason.MISSING: _Words(
        KeyMissingError,
        noted(
            "The keyring has no key for this history: the entry was deleted, or it is in the "
            "keyring of another desktop, user or computer."
        ),
        retry=said("Bring the entry back and try again"),
        may_begin_anew=True,
    ),
    Reason.CHANGED: _Words(
        KeyChangedError,
        noted("The keyring's entry for this history was altered and is not its key."),
        retry=said("Bring the right entry back and try again"),
        may_begin_anew=True,
    ),
    Reason.NOT_KEPT: _Words(
        KeyringUnavailableError,
        noted("The keyring did not keep the key: what was read back is not what was written."),
    ),
    Reason.SLOW: _Words(KeyringUnavailableError, noted("The keyring did not answer in time.")),
    Reason.CANCELLED: _Words(KeyringUnavailableError, noted("The keyring had not answered yet.")),
    Reason.WRONG_PASSPHRASE: _Words(
        WrongPassphraseError,
        noted("That passphrase does not open this history."),
        safe=said("Nothing was changed."),
        retry="",
    ),
    Reason.WRONG_KEY: _Words(
        VaultError,
        noted(
            "The key does not open the database, which is damaged or belongs to another history."
        ),
        safe=said("Nothing was changed."),
        retry=said("Put the right file back and try again"),
        may_begin_anew=True,
    ),
    Reason.ENVELOPE_DAMAGED: _Words(
        EnvelopeError,
        noted("vault.json, which says how the history is locked, is damaged."),
        safe=said("Nothing was changed."),
        retry=said("Put a copy of it back and try again"),
        may_begin_anew=True,
    ),
    Reason.ENVELOPE_NEWER: _Words(
        EnvelopeError,
        noted("A later version of Pitcher wrote vault.json, which says how the history is locked."),
        safe=said("Nothing was changed."),
        retry=said("Open it with that version"),
    ),
    Reason.ENVELOPE_MISSING: _Words(
        EnvelopeError,
        noted("vault.json, which says how the history is locked, is missing."),
        safe=said("Nothing was changed."),
        retry=_AGAIN,
        may_begin_anew=True,
    ),
    Reason.ENVELOPE_UNREADABLE: _Words(
        EnvelopeError,
        noted("vault.json, which says how the history is locked, can't be read: {detail}."),
        safe=said("Nothing was changed."),
    ),
    Reason.DATABASE_MISSING: _Words(
        VaultError,
        noted("The history's database, history.db, is missing."),
        safe=said("Its key is safe."),
        retry=_AGAIN,
        may_begin_anew=True,
    ),
}

_OTHER_CHOICES = (
    (Choice.PASSPHRASE, said("use your passphrase")),
    (Choice.BACKUP, said("restore a backup")),
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
        others = [said("move {folder} away to begin anew", folder=folder)]
    todo = _either([part for part in (retry, *others) if part])
    happened = filled(words.happened, details)
    return joined(" ", [part for part in (happened, words.safe, todo) if part])


def _either(ways: Sequence[str]) -> str:
    """What can be done, as a sentence of its own; nothing where nothing can."""
    if not ways:
        return ""
    told, *others = ways
    is_long = " and " in told
    for way in others:
        if is_long:
            told = said("{way}, or {other}", way=told, other=way)
        else:
            told = said("{way} or {other}", way=told, other=way)
    return said("{todo}.", todo=told)


def sentence_for_new(reason: Reason) -> str:
    """Why a keyring could not take the key of a history that does not exist yet."""
    return said(
        "{happened} Nothing was created. Choose a passphrase or try again.",
        happened=ours(_WORDS[reason].happened),
    )


def failure(reason: Reason, *, keyring: str = "", detail: str = "") -> VaultError:
    """The typed error for a reason, with the sentence for someone who can only try again."""
    words = sentence(reason, keyring=keyring, detail=detail)
    return _WORDS[reason].kind(words, reason)
