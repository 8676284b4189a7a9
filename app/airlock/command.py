"""The roles of the one program, and how one role starts another.

For: `main.py` and every module here that starts a process. The only place that knows the
command line of a role, run from source or frozen into an executable.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

ROLE_FLAG = "--role"
PASSPHRASE_FLAG = "--passphrase-fd"
_TELLING = ("-h", "--help", "--version")  # printed, and that is all
_MAIN_FILE = Path(__file__).resolve().parents[2] / "main.py"

# They make Python do more than it was asked for: an interactive prompt after the end (with
# a private chat in memory), a debugger, a file that is run first, a trace on the terminal.
# PYTHONPATH and LD_PRELOAD stay: what they load into the chat process runs under the lock.
_NOT_PASSED_ON = ("PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONBREAKPOINT", "PYTHONPROFILEIMPORTTIME")
# From Python 3.14 on, other processes may ask a Python to run a script.
_ALWAYS_SET = {"PYTHON_DISABLE_REMOTE_DEBUG": "1"}


class Role(StrEnum):
    """What a process of the program does."""

    LAUNCHER = "launcher"  # starts the chat process under the lock; reads no user data
    CHAT = "chat"  # the window or the terminal, the engine, the history
    TEMPLATE = "template"  # renders chat templates within limits
    COURIER = "courier"  # fetches one model: the only one that may open an IP socket
    PROBE = "probe"  # a child of `audit`, which tries the lock once more and ends


_ISOLATED = (Role.TEMPLATE, Role.COURIER)


def command_for(role: Role, arguments: Sequence[str] = ()) -> list[str]:
    """The command line that starts `role`.

    The template worker, which runs other people's templates, and the courier get an isolated
    Python: no PYTHON… variable, no user's packages.
    """
    if getattr(sys, "frozen", False):
        program = [sys.executable]
    else:
        isolation = ["-I"] if role in _ISOLATED else []
        program = [sys.executable, *isolation, str(_MAIN_FILE)]
    return [*program, ROLE_FLAG, role.value, *arguments]


def child_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment that a started role gets."""
    source = os.environ if environment is None else environment
    kept = {name: value for name, value in source.items() if name not in _NOT_PASSED_ON}
    return kept | _ALWAYS_SET


def is_command(arguments: Sequence[str]) -> bool:
    """Whether these arguments are for the command line; flags alone are for the window."""
    return bool(arguments) and (arguments[0] in _TELLING or not arguments[0].startswith("-"))


def split_role(arguments: Sequence[str]) -> tuple[Role, list[str]]:
    """The role, which is only looked for in the first place, and the arguments after it.

    Raises ValueError for a role that does not exist.
    """
    if not arguments or arguments[0] != ROLE_FLAG:
        return Role.LAUNCHER, list(arguments)
    return Role("".join(arguments[1:2])), list(arguments[2:])


def passphrase_descriptor(arguments: Sequence[str]) -> int | None:
    """The descriptor that a command shall read its passphrase from; None where none is named.

    The last one counts, as it does for the chat process's own reading; what is no number is
    left to that.
    """
    number: str | None = None
    for place, argument in enumerate(arguments):
        if argument == PASSPHRASE_FLAG:
            number = "".join(arguments[place + 1 : place + 2])
        elif argument.startswith(f"{PASSPHRASE_FLAG}="):
            number = argument.removeprefix(f"{PASSPHRASE_FLAG}=")
    if number is None or not (number.isascii() and number.isdecimal()):
        return None
    return int(number)
