"""What an administrator locked (`app/policy.py`), where it concerns the terminal.

For: the commands. Locked threads, and whether graphics cards are used, hold for every model that
runs, chats that grow too old are deleted as soon as a command opens the history, a chat that nobody
types in is left after the time for locking, exports may be off, and a classification stands above
a chat. Which models are opened is `services`' to ask. All other settings are of the window alone.
Who decided is said, with the file, which each command reads anew.
"""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.cli.chat_words import count
from app.cli.failure import CommandError
from app.cli.idleness import IdleLimit
from app.cli.terminal import note
from app.restrictions import Banner
from app.settings import (
    AUTO_LOCK_MINUTES,
    DELETE_AFTER_DAYS,
    GRAPHICS_CARD,
    THREADS,
    Setting,
    user_settings,
)

if TYPE_CHECKING:
    from app.chats.history import History

_Value = TypeVar("_Value")
_S_PER_MINUTE = 60
_WITH_CHATS_OR_MODELS = ("chat", "chats", "models")


def obey(arguments: argparse.Namespace) -> None:
    """Say what is wrong with the policy, and let its threads and its graphics card hold. Raises
    CommandError where others were asked for.
    """
    if arguments.command in _WITH_CHATS_OR_MODELS:
        problem = user_settings(touches=False).policy.problem
        if problem is not None:
            note(problem)
    if "threads" in arguments:
        _obey_threads(arguments)
    if "gpu" in arguments:
        _obey_card(arguments)


def _obey_card(arguments: argparse.Namespace) -> None:
    is_wanted, file = _locked(GRAPHICS_CARD)
    if file is None:
        return
    if arguments.gpu and not is_wanted:
        raise CommandError(
            f"Graphics cards are not used, as set by your organisation in {file}. Leave out --gpu. "
            "Nothing was run."
        )
    arguments.gpu = is_wanted


def _obey_threads(arguments: argparse.Namespace) -> None:
    threads, file = _locked(THREADS)
    if file is None:
        return
    wanted = threads or None  # 0 is as many as fit
    if arguments.threads not in (None, wanted):
        decided = str(threads) if threads else "as many as fit"
        raise CommandError(
            f"How many threads compute is set by your organisation in {file}: {decided}. Leave out "
            "--threads. Nothing was run."
        )
    arguments.threads = wanted


def refuse_exports() -> None:
    """Raises CommandError where no chat may be written to a file."""
    refusal = user_settings(touches=False).policy.refusal_of_exports()
    if refusal is not None:
        raise CommandError(refusal)


def banner() -> Banner | None:
    """The classification of what is written and shown here."""
    return user_settings(touches=False).policy.restrictions.banner


def delete_old(history: History) -> None:
    """Delete the chats that are older than a policy lets them get. Raises ChatsError."""
    days, file = _locked(DELETE_AFTER_DAYS)
    if file is None or not days:
        return
    wiped = history.apply_retention(days)
    if wiped.chats:
        note(
            f"Older than {count(days, 'day')} and deleted, as set by your organisation in {file}: "
            f"{count(wiped.chats, 'chat')}."
        )
    for folder in wiped.removed_backups:
        note(f"The backup {folder.name} was damaged and went whole.")
    for folder in wiped.not_reached:
        note(f"{folder} could not be opened and may still hold deleted chats. Delete it by hand.")


def idle_limit() -> IdleLimit | None:
    """How long a kept chat may wait for its next line. Raises CommandError where that can't be
    kept to on this system.
    """
    minutes, file = _locked(AUTO_LOCK_MINUTES)
    if file is None or not minutes:
        return None
    if not hasattr(signal, "setitimer"):
        raise CommandError(
            f"The history is locked after {count(minutes, 'minute')}, as set by your organisation "
            f"in {file}, and a terminal can't do that on this system. Use the window, or "
            "--temporary: then nothing is stored."
        )
    why = (
        f"Nobody typed for {count(minutes, 'minute')}: the history is locked, as set by your "
        f"organisation in {file}. What was said is kept."
    )
    return IdleLimit(minutes * _S_PER_MINUTE, why)


def _locked(setting: Setting[_Value]) -> tuple[_Value, Path | None]:
    """A setting's value, and the policy's file where that decided it."""
    found = user_settings(touches=False).effective(setting)
    return found.value, found.locked_by
