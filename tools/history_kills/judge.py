"""Looks at a history after a kill, as the next start of the program does, and compares it with
the parent's record.

For: the campaign and the tests. It opens the history by its door, in this process; what is wrong
comes back as sentences. A history that is right is left closed, in order.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.chats.errors import ChatsError
from app.chats.history import History
from app.chats.history_states import (
    DoorState,
    FirstTime,
    InUse,
    NeedsPassphrase,
    NoHistory,
    Ready,
)
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.schema import schema_version
from app.chats.upkeep.backup_list import DATABASE_NAME
from app.chats.upkeep.replacing import set_aside_folders
from tools.history_kills import further_steps
from tools.history_kills.copies import Copy, read_copy
from tools.history_kills.killing import ENDS_S
from tools.history_kills.lines import Line
from tools.history_kills.oracle import Record, due_backups, settled, stalls
from tools.history_kills.restoring import wrong_restored
from tools.history_kills.typed_chat import Typed
from tools.history_kills.worlds import World, difference, read_world

# What a profile holds between two runs, and what a kill may leave there until it is used up.
_FILES = {"history.db", "history.mark", "history.lock", "vault.json", "vault.copy.json", "backups"}
_LEFT_BY_A_KILL = {".vault.json.new", ".vault.copy.json.new"}
_LEFT_BEFORE_A_BEGINNING = {
    "history.db.new",
    "history.db.new-wal",
    "history.db.new-shm",
    "history.db.new-journal",
}
_AGAIN_S = 0.05
_LEFT_IN_BACKUPS = (".part-", ".gone-")


@dataclass(frozen=True)
class Killed:
    """What is judged: where, how the run ended, how many further steps of the tables are known,
    and what a person had typed.
    """

    folder: Path
    lines: tuple[Line, ...]
    killed_at_s: float
    steps: int = 0
    typed: Typed | None = None


@dataclass(frozen=True)
class Verdict:
    """What is wrong. `was_stalled`: more than a second of an answer is gone, and its process was
    not let run in that second. `lost_s` is what each answer that was streaming has lost.
    """

    problems: tuple[str, ...] = ()
    was_stalled: bool = False
    lost_s: tuple[float, ...] = ()


def judge(killed: Killed, record: Record) -> Verdict:
    """Compare, and let the record go on from what is there."""
    problems, record.complaints = list(record.complaints), []
    door = HistoryDoor(Profile(killed.folder), Holder.COMMAND)
    stalled = False
    lost_s: tuple[float, ...] = ()
    try:
        with further_steps.known(killed.steps):
            history, words, shut = _opened(door, record)
            if history is None:
                problems += shut or _judged_gone(killed, record)
            else:
                found, stalled = _judged_open(killed, record, history, door)
                problems += found
                if not found:
                    world = read_world(history.store)
                    lost_s = tuple(_lost_s(killed, record, world))
                    record.adopt(world, words)
    except ChatsError as error:
        problems.append(f"{type(error).__name__}: {error}")
    finally:
        door.close()
    return Verdict((*problems, *_litter(killed.folder, record)), stalled, lost_s)


def _opened(door: HistoryDoor, record: Record) -> tuple[History | None, str, list[str]]:
    """The history and its passphrase; or what is wrong with there being none."""
    state: DoorState = door.open(begins=False)
    # A child that the launcher was starting at that very moment outlives the kill, and leaves by
    # itself when it sees that.
    until_s = time.monotonic() + ENDS_S
    while isinstance(state, InUse) and time.monotonic() < until_s:
        time.sleep(_AGAIN_S)
        state = door.open(begins=False)
    if isinstance(state, NoHistory | FirstTime):
        return None, "", [] if record.may_be_gone else ["the history is gone"]
    opens_under = ""
    for words in record.words_possible():
        if isinstance(state, NeedsPassphrase):
            state, opens_under = door.try_passphrase(words), words
    if not isinstance(state, Ready):
        return None, "", [f"the history does not open: {state!r}"]
    if state.notices:
        return state.history, opens_under, [f"told: {state.notices}"]
    return state.history, opens_under, []


def _judged_gone(killed: Killed, record: Record) -> list[str]:
    record.forget_all()
    record.pending = {}
    known = _FILES | _LEFT_BY_A_KILL | _LEFT_BEFORE_A_BEGINNING
    left = sorted(path.name for path in killed.folder.glob("*") if path.name not in known)
    return [f"left where no history is: {left}"] if left else []


def _judged_open(
    killed: Killed, record: Record, history: History, door: HistoryDoor
) -> tuple[list[str], bool]:
    key = door._opening.key
    if key is None:
        return ["an open history without a key"], False
    history.verify()
    found = read_world(history.store)
    backups = {
        backup.folder.name: read_copy(backup.database, key.reveal()) for backup in history.backups()
    }
    typed_wrong, rest = _typed_apart(killed.typed, record, found)
    wrong, stalled = _wrong_world(killed, record, rest, backups)
    problems = [
        *typed_wrong,
        *_wrong_version(killed, history),
        *wrong,
        *_wiped_in(record, found, "the history"),
        *_wrong_backups(record, backups),
        *_left_by_wipes(record, history, key.reveal()),
    ]
    return problems, stalled


def _wrong_version(killed: Killed, history: History) -> list[str]:
    expected = further_steps.NEWEST + killed.steps
    database = history.store.database
    told = (schema_version(database), further_steps.version_told_by_tables(database))
    return [] if told == (expected, expected) else [f"step {expected} of the tables is {told}"]


# ---------------------------------------------------------------------- chats


def _wrong_world(
    killed: Killed, record: Record, found: World, backups: dict[str, Copy]
) -> tuple[list[str], bool]:
    wrong = _nearest(record, found, killed.killed_at_s)
    if not wrong and not record.restored_from:
        return [], False
    if record.is_restoring:
        return wrong_restored(record, found, backups), False
    if stalls(killed.lines, killed.killed_at_s):
        # No answer is due then; all else is.
        wrong = _nearest(record, found, float("-inf"))
    return wrong, not wrong


def _nearest(record: Record, found: World, killed_at_s: float) -> list[str]:
    """Nothing if one of the possible worlds is there; else what each of them misses."""
    wrongs = []
    for world in record.worlds(found):
        expected, wrong = settled(world, record, found, killed_at_s)
        wrong = wrong or difference(expected, found)
        if not wrong:
            return []
        wrongs.append(wrong)
    under_way = [act for act, _ in record.pending.values()]
    return [f"{' / or: '.join(wrongs)} (under way: {under_way})"]


def _lost_s(killed: Killed, record: Record, found: World) -> Iterator[float]:
    messages = found.messages
    for stream in record.streams.values():
        if stream.shown and stream.message in messages:
            yield stream.lost_s(len(messages[stream.message].flat), killed.killed_at_s)


def _typed_apart(typed: Typed | None, record: Record, found: World) -> tuple[list[str], World]:
    """What is wrong with a chat that was typed, and the world without it."""
    if typed is None:
        return [], found
    new = sorted(set(found.chats) - set(record.world.chats))
    if not new:
        return ["a typed question is gone"] if typed.is_acknowledged else [], found
    wrong = [typed.wrong(found.chats[number]) for number in new]
    return [words for words in wrong if words], found.without_chats(new)


# ---------------------------------------------------------------------- copies


def _wrong_backups(record: Record, backups: dict[str, Copy]) -> list[str]:
    problems = []
    for name, copy in backups.items():
        problems += _wiped_in(record, copy.world, name)
    may_be_wiped = record.wiped_possible()
    for made in due_backups(record, backups):
        if made.name not in backups:
            problems.append(f"the backup {made.name} is gone")
            continue
        kept = {number: said.flat for number, said in backups[made.name].world.messages.items()}
        gone = [
            number
            for number, (chat_id, text) in made.messages.items()
            if chat_id not in may_be_wiped and kept.get(number) != text
        ]
        problems += [f"messages {gone} are not in the backup {made.name}"] if gone else []
    return problems


def _left_by_wipes(record: Record, history: History, key: bytes) -> list[str]:
    """Copies that are no backups any more, or not yet: what was wiped is not in them either."""
    folders = list(set_aside_folders(history.profile))
    if history.profile.backups.exists():
        folders += [
            folder
            for folder in history.profile.backups.iterdir()
            if folder.name.startswith(_LEFT_IN_BACKUPS)
        ]
    problems = []
    for folder in folders:
        try:
            copy = read_copy(folder / DATABASE_NAME, key)
        except ChatsError:
            continue  # half written, or the damaged original that a restore put aside
        problems += _wiped_in(record, copy.world, folder.name)
    return problems


def _wiped_in(record: Record, world: World, name: str) -> list[str]:
    left = record.wiped & set(world.chats)
    return [f"wiped chats {sorted(left)} are still in {name}"] if left else []


def _litter(folder: Path, record: Record) -> list[str]:
    """Files that no documentation speaks of."""
    known = _FILES | _LEFT_BY_A_KILL
    if not record.is_begun:
        known |= _LEFT_BEFORE_A_BEGINNING
    left = [path.name for path in folder.glob("*") if path.name not in known]
    aside = [name for name in left if name.startswith("set-aside-")]
    if len(aside) <= record.restores:
        left = [name for name in left if name not in aside]
    return [f"left behind: {sorted(left)}"] if left else []
