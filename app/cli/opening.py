"""From a door to an open history, for commands: what is asked meanwhile, and what is refused.

For: `chats` and `chat`. What can't be opened is one sentence and exit code 1.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from app.chats.errors import ChatsError, PassphraseRefusedError
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
# Where nobody can press Ctrl-C: what waits for ever would keep everyone else out.
_ROUNDS_ALONE = 3
_HINTS = {
    Choice.BACKUP: "“chats restore” puts the newest backup in its place.",
    Choice.SALVAGE: "“chats restore --salvage” brings it back.",
    Choice.PASSPHRASE: "--passphrase-fd gives it.",
}


def opened(door: HistoryDoor, state: DoorState, passphrases: Passphrases) -> History:
    """The history behind `state`, asking for what is missing. Raises CommandError, ChatsError."""
    while not isinstance(state, Ready):
        state = _next(door, state, passphrases)
    for notice in state.notices:
        note(notice)
    return state.history


def keyed(door: HistoryDoor, state: DoorState, passphrases: Passphrases) -> Ready | CannotOpen:
    """As `opened`, but what can't be opened with its key is returned too."""
    while not isinstance(state, Ready):
        if isinstance(state, CannotOpen) and Choice.PASSPHRASE not in state.choices:
            return state
        state = _next(door, state, passphrases)
    return state


def opened_for_chat(door: HistoryDoor, passphrases: Passphrases) -> AnyHistory:
    """As `opened`; a person who is there gets choices, a temporary chat among them.

    Raises KeyboardInterrupt where the answer is to leave.
    """
    is_asked = is_terminal() and not passphrases.has_descriptor
    state = door.open()
    while is_asked and not isinstance(state, Ready):
        if isinstance(state, KeyringWaits | NeedsPassphrase):
            state = _next(door, state, passphrases)
            continue
        chosen = _chosen(door, state, passphrases)
        if chosen is None:
            door.close()
            return TemporaryHistory()
        state = chosen
    return opened(door, state, passphrases)


@dataclass(frozen=True)
class _Way:
    """What one key does about a history that is not open."""

    key: str
    words: str
    take: Callable[[], DoorState]


def _chosen(door: HistoryDoor, state: DoorState, passphrases: Passphrases) -> DoorState | None:
    """What a person's choice leads to; None: a temporary chat."""
    sentence = "" if isinstance(state, Ready | NeedsPassphrase) else state.sentence
    ways = {way.key: way for way in _ways(door, state, passphrases)}
    offer = [f"{way.key}  {way.words}" for way in ways.values()]
    last = ("t  a temporary chat: nothing is stored", "q  leave", "Press one of these keys.")
    match one_key("\n".join((sentence, *offer, *last)), "".join((*ways, "tq"))):
        case "t":
            return None
        case "q":
            raise KeyboardInterrupt
        case key:
            return _taken(ways[key])


def _ways(door: HistoryDoor, state: DoorState, passphrases: Passphrases) -> list[_Way]:
    if isinstance(state, FirstTime):
        words = "choose a passphrase: chats are kept, encrypted under it"
        return [_Way("p", words, lambda: _begun(door, state, passphrases))]
    ways = []
    choices = state.choices if isinstance(state, CannotOpen) else (Choice.RETRY,)
    if Choice.PASSPHRASE in choices:
        words = "use the passphrase, or the recovery passphrase"
        ways.append(_Way("p", words, lambda: door.try_passphrase(passphrases.ask())))
    if Choice.BACKUP in choices:
        words = "put the newest backup in its place; the present files are set aside"
        ways.append(_Way("b", words, door.restore))
    if Choice.SALVAGE in choices:
        words = "bring back what can be read; the damaged files are set aside"
        ways.append(_Way("s", words, door.salvage))
    ways.append(_Way("r", "try again", door.open))
    return ways


def _taken(way: _Way) -> DoorState:
    try:
        return way.take()
    except ChatsError as error:
        return CannotOpen(str(error))


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
    rounds = count() if is_terminal() else range(_ROUNDS_ALONE)
    with suppress(KeyboardInterrupt):
        for _ in rounds:
            state = door.wait_on(_WAIT_S)
            if not isinstance(state, KeyringWaits):
                return state
    door.cancel()
    return door.wait_on(0)
