"""From a door to an open history, for commands: what is asked meanwhile, and what is refused.

For: `chats` and `chat`. What can't be opened is one sentence and exit code 1.
"""

from __future__ import annotations

from app.chats.errors import PassphraseRefusedError
from app.chats.history import AnyHistory, History, TemporaryHistory
from app.chats.history_states import (
    CannotOpen,
    Choice,
    DoorState,
    FirstTime,
    InUse,
    KeyringWaits,
    NeedsPassphrase,
    NoHistory,
    OnNetworkShare,
    Ready,
)
from app.chats.profile_opening import HistoryDoor
from app.cli.failure import CommandError
from app.cli.passphrases import Passphrases, is_terminal, one_key
from app.cli.terminal import note

_WAIT_S = 60.0
_HINTS = {
    Choice.BACKUP: "“chats restore” puts the newest backup in its place.",
    Choice.PASSPHRASE: "--passphrase-fd gives it.",
}
_OFFER = (
    "p  choose a passphrase: chats are kept, encrypted under it\n"
    "t  a temporary chat: nothing is stored\n"
    "q  leave"
)


def opened(door: HistoryDoor, state: DoorState, passphrases: Passphrases) -> History:
    """The history behind `state`, asking for what is missing. Raises CommandError, ChatsError."""
    while not isinstance(state, Ready):
        state = _next(door, state, passphrases)
    for notice in state.notices:
        note(notice)
    return state.history


def opened_for_chat(door: HistoryDoor, passphrases: Passphrases) -> AnyHistory:
    """As `opened`; the first time without a keyring it is asked what to do.

    Raises KeyboardInterrupt where the answer is to leave.
    """
    state = door.open()
    while isinstance(state, KeyringWaits):
        state = _waited(door)
    if not isinstance(state, FirstTime) or passphrases.has_descriptor or not is_terminal():
        return opened(door, state, passphrases)
    match one_key(f"{state.sentence}\n{_OFFER}", "ptq"):
        case "p":
            return opened(door, state, passphrases)
        case "t":
            door.close()
            return TemporaryHistory()
    raise KeyboardInterrupt


def _next(door: HistoryDoor, state: DoorState, passphrases: Passphrases) -> DoorState:
    match state:
        case KeyringWaits():
            return _waited(door)
        case NeedsPassphrase():
            return _tried(door, state.why, passphrases)
        case CannotOpen() if Choice.PASSPHRASE in state.choices and passphrases.can_ask:
            return _tried(door, state.sentence, passphrases)
        case CannotOpen():
            hints = [_HINTS[choice] for choice in state.choices if choice in _HINTS]
            raise CommandError(" ".join((state.sentence, *hints)))
        case FirstTime():
            return _begun(door, state, passphrases)
        case InUse() | OnNetworkShare() | NoHistory():
            raise CommandError(state.sentence)
    raise CommandError("The history is open already.")


def _tried(door: HistoryDoor, why: str, passphrases: Passphrases) -> DoorState:
    if why and not passphrases.can_ask:
        raise CommandError(why)
    if why:
        note(why)
    return door.try_passphrase(passphrases.ask())


def _begun(door: HistoryDoor, state: FirstTime, passphrases: Passphrases) -> DoorState:
    if not passphrases.can_ask:
        raise CommandError(f"{state.sentence} --passphrase-fd gives one.")
    while True:
        try:
            return door.begin_under_passphrase(passphrases.choose())
        except PassphraseRefusedError as error:
            if not passphrases.can_ask:
                raise
            note(str(error))


def _waited(door: HistoryDoor) -> DoorState:
    """A keyring's prompt may stay open for long; Ctrl-C stops waiting for it."""
    note("Waiting for the keyring. Ctrl-C stops waiting.")
    try:
        state: DoorState = KeyringWaits()
        while isinstance(state, KeyringWaits):
            state = door.wait_on(_WAIT_S)
        return state
    except KeyboardInterrupt:
        door.cancel()
        return door.wait_on(0)
