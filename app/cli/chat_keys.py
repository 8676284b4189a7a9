"""`chats key`: how the history is locked, and other ways to lock it.

For: who has forgotten how it was, wants a recovery passphrase, or moves between a keyring and a
passphrase. The key itself never changes and is never shown.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar

from app.chats.errors import PassphraseRefusedError
from app.chats.history import History
from app.cli.failure import CommandError
from app.cli.passphrases import Passphrases
from app.cli.terminal import note, show, show_json

_Answer = TypeVar("_Answer")
_KEYRING_LIMIT_S = 60.0


def run(history: History, arguments: argparse.Namespace, passphrases: Passphrases) -> int:
    """Change what the flags say, then tell how it is. Raises CommandError, ChatsError."""
    match arguments.change:
        case "set-passphrase":
            _set_passphrase(history, passphrases)
        case "set-recovery":
            _chosen(passphrases, history.set_recovery)
        case "remove-recovery":
            _remove_recovery(history)
        case "to-keyring":
            _to_keyring(history)
    _tell(history, as_json=arguments.json)
    return 0


def _set_passphrase(history: History, passphrases: Passphrases) -> None:
    """Another passphrase; where a keyring has the key, the passphrase takes its place."""
    if history.ways().keyring is None:
        _chosen(passphrases, history.set_passphrase)
        return
    left = _chosen(passphrases, lambda words: history.move_to_passphrase(words, _KEYRING_LIMIT_S))
    if left:
        note(left)


def _chosen(passphrases: Passphrases, act: Callable[[str], _Answer]) -> _Answer:
    """`act` with a new passphrase; one that is too short is said and asked for again."""
    while True:
        try:
            return act(passphrases.choose())
        except PassphraseRefusedError as error:
            if not passphrases.can_ask:
                raise
            note(str(error))


def _remove_recovery(history: History) -> None:
    if not history.ways().has_recovery:
        raise CommandError("There is no recovery passphrase. Nothing was changed.")
    history.remove_recovery()


def _to_keyring(history: History) -> None:
    """Raises CommandError where a keyring has it, VaultError where none answers."""
    ways = history.ways()
    if ways.keyring is not None:
        raise CommandError(f"{ways.keyring.full_name} has the key already. Nothing was changed.")
    history.move_to_keyring(ways.find_keyring(_KEYRING_LIMIT_S), _KEYRING_LIMIT_S)


def _tell(history: History, *, as_json: bool) -> None:
    ways = history.ways()
    keyring = "" if ways.keyring is None else ways.keyring.full_name
    if as_json:
        show_json(
            {"type": "key", "keyring": keyring, "has_passphrase": ways.has_passphrase,
             "has_recovery": ways.has_recovery}
        )  # fmt: skip
        return
    lines = []
    if keyring:
        lines.append(f"{keyring} keeps the key.")
    if ways.has_passphrase:
        lines.append("A passphrase opens the history.")
    if ways.has_recovery:
        lines.append("A recovery passphrase opens it too.")
    else:
        lines.append("There is no recovery passphrase: “chats key set-recovery” adds one.")
    show("\n".join(lines))
