"""`chats verify`, `backup`, `restore` and `wipe`: the history kept whole, or taken away.

What can't be undone is said first, and asked about; `--yes` answers.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.chats.errors import StoreError
from app.chats.history import History
from app.chats.history_states import InUse, OnNetworkShare, Ready
from app.chats.profile import Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep.backup_list import Backup, list_backups
from app.cli.chat_words import SHOWN_TIME, chosen, count, shown_title
from app.cli.confirming import confirm
from app.cli.failure import CommandError
from app.cli.opening import keyed, opened
from app.cli.passphrases import Passphrases
from app.cli.terminal import note, show, show_json

_MIB = 1 << 20


def verify(history: History, as_json: bool) -> int:
    """The history and each backup; 1 where one of them is not as it was written."""
    code = _tell("history", history.profile.database, _problem(history.verify), as_json)
    for backup in history.backups():
        problem = _problem(partial(history.verify_backup, backup))
        code = max(code, _tell("backup", backup.folder, problem, as_json))
    return code


def _problem(check: Callable[[], None]) -> str:
    try:
        check()
    except StoreError as error:
        return str(error)
    return ""


def _tell(kind: str, path: Path, problem: str, as_json: bool) -> int:
    if as_json:
        show_json({"type": kind, "path": str(path), "is_whole": not problem, "problem": problem})
    elif problem:
        note(f"{path}: {problem}")
    else:
        show(f"{path}: all of it is as it was written.")
    return 1 if problem else 0


def back_up(history: History, as_json: bool) -> int:
    """Make a backup now. Raises as `History.back_up`."""
    backup = history.back_up()
    if as_json:
        show_json(_as_object("backup", backup))
    else:
        show(f"Backed up, encrypted: {_described(backup)}")
    return 0


def restore(door: HistoryDoor, arguments: argparse.Namespace, passphrases: Passphrases) -> int:
    """Put a backup in the place of the history. Raises CommandError, ChatsError."""
    if arguments.list:
        return _list_backups(door.profile, arguments.json)
    if arguments.salvage:
        return _salvage(door, arguments, passphrases)
    try:
        found = door.open(begins=False)
        if isinstance(found, InUse | OnNetworkShare):
            raise CommandError(found.sentence)
        backup = _named_backup(door.profile, arguments.backup)
        name = (
            "the newest backup that opens" if backup is None else f"the backup {arguments.backup}"
        )
        confirm(
            f"This puts {name} in the place of the history. What was written since comes along "
            "where it can be read; the present files are set aside, not deleted.",
            arguments,
        )
        opened(door, door.restore(backup), passphrases)
    finally:
        door.close()
    if arguments.json:
        show_json({"type": "restored"})
    else:
        show("Restored.")
    return 0


def _salvage(door: HistoryDoor, arguments: argparse.Namespace, passphrases: Passphrases) -> int:
    """Bring back what can be read of a damaged history, unless it is whole."""
    try:
        state = keyed(door, door.open(begins=False), passphrases)
        is_whole = isinstance(state, Ready) and not _problem(state.history.verify)
        if not is_whole:
            confirm(
                "This brings what can be read of the damaged history into a new one; the damaged "
                "files are set aside, not deleted.",
                arguments,
            )
            opened(door, door.salvage(), passphrases)
    finally:
        door.close()
    if arguments.json:
        show_json({"type": "whole" if is_whole else "salvaged"})
    elif is_whole:
        show("All of the history is as it was written. Nothing was changed.")
    else:
        show("Brought back.")
    return 0


def _list_backups(profile: Profile, as_json: bool) -> int:
    backups = list_backups(profile)
    for backup in backups:
        if as_json:
            show_json(_as_object("backup", backup))
        else:
            show(_described(backup))
    if not backups and not as_json:
        show("No backups yet.")
    return 0


def _named_backup(profile: Profile, name: str | None) -> Backup | None:
    """None: the newest. Raises CommandError where there is no such backup."""
    backups = list_backups(profile)
    if not backups:
        raise CommandError("There is no backup to restore. Nothing was changed.")
    if name is None:
        return None
    for backup in backups:
        if backup.folder.name == name:
            return backup
    raise CommandError(f"There is no backup {name}. “chats restore --list” lists them.")


def _described(backup: Backup) -> str:
    when = SHOWN_TIME.shown(backup.created_at_ms)
    return f"{backup.folder.name}  ({when}, {backup.size_bytes / _MIB:,.1f} MiB)"


def _as_object(kind: str, backup: Backup) -> dict[str, object]:
    return {
        "type": kind, "name": backup.folder.name, "kind": backup.kind,
        "created_at_ms": backup.created_at_ms, "bytes": backup.size_bytes,
    }  # fmt: skip


# ---------------------------------------------------------------------- deleting


def wipe(history: History, arguments: argparse.Namespace) -> int:
    """Delete chats for good. Raises CommandError, ChatsError."""
    chats = chosen(history, arguments.ids)
    names = ", ".join(f"“{shown_title(chat.title)}”" for chat in chats)
    confirm(
        f"This deletes {count(len(chats), 'chat')} for good, from all backups too: {names}. "
        "It can't be undone.",
        arguments,
    )
    wiped = history.wipe([chat.id for chat in chats])
    for folder in wiped.not_reached:
        note(f"{folder} could not be opened and may still hold them. Delete it by hand.")
    for folder in wiped.removed_backups:
        note(f"The backup {folder.name} was damaged and went whole.")
    if arguments.json:
        show_json({"type": "wiped", "chats": wiped.chats})
    else:
        show(f"Wiped: {count(wiped.chats, 'chat')}.")
    return 1 if wiped.not_reached else 0


def wipe_all(door: HistoryDoor, arguments: argparse.Namespace) -> int:
    """Delete the whole history. Raises CommandError, ChatsError."""
    confirm(
        f"This deletes the whole history in {door.profile.folder} for good: every chat, every "
        "backup, what was set aside, and the key. It can't be undone.",
        arguments,
    )
    left = door.wipe_everything()
    if left:
        note(left)
    if arguments.json:
        show_json({"type": "wiped_all"})
    else:
        show("Wiped: the whole history.")
    return 1 if left else 0
