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
_WITH_VALUE = ("--model", PASSPHRASE_FLAG)  # the window's flags
_SIGNS_OF_PATHS = ("/", "\\", ".")
_MAIN_FILE = Path(__file__).resolve().parents[2] / "main.py"

# They make Python do more than it was asked for: an interactive prompt after the end (with
# a private chat in memory), a debugger, a file that is run first, a trace on the terminal.
# PYTHONPATH and LD_PRELOAD stay: what they load into the chat process runs under the lock.
_NOT_PASSED_ON = ("PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONBREAKPOINT", "PYTHONPROFILEIMPORTTIME")
# They name code, or a file that names code, which Qt, glibc, OpenSSL, GLib or OpenGL would load:
# plug-ins, character sets, engines, modules, drivers. What of that is needed lies with the program
# or where the system has it.
_NAMING_CODE = (
    *("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML_IMPORT_PATH", "QML2_IMPORT_PATH"),
    *("GCONV_PATH", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"),
    *("GIO_EXTRA_MODULES", "GIO_MODULE_DIR", "GTK_EXE_PREFIX", "GTK_MODULES", "GTK_PATH"),
    *("GTK3_MODULES", "GBM_BACKENDS_PATH", "LIBGL_DRIVERS_PATH", "__EGL_VENDOR_LIBRARY_DIRS"),
    *("__EGL_VENDOR_LIBRARY_FILENAMES", "__GLX_VENDOR_LIBRARY_NAME"),
)
# From Python 3.14 on, other processes may ask a Python to run a script.
_ALWAYS_SET = {"PYTHON_DISABLE_REMOTE_DEBUG": "1"}


class Role(StrEnum):
    """What a process of the program does."""

    LAUNCHER = "launcher"  # starts the chat process under the lock; reads no user data
    CHAT = "chat"  # the window or the terminal, the engine, the history
    TEMPLATE = "template"  # renders chat templates within limits
    FORMULA = "formula"  # draws formulas within limits
    MARKUP = "markup"  # reads the Markdown of long answers within limits
    COURIER = "courier"  # fetches one model: the only one that may open an IP socket
    PROBE = "probe"  # a child of `audit`, which tries the lock once more and ends


_ISOLATED = (Role.TEMPLATE, Role.FORMULA, Role.MARKUP, Role.COURIER)


def command_for(role: Role, arguments: Sequence[str] = ()) -> list[str]:
    """The command line that starts `role`.

    The template worker, which runs other people's templates, the formula and the markup worker
    and the courier get an isolated Python: no PYTHON… variable, no user's packages.
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
    dropped = (*_NOT_PASSED_ON, *_NAMING_CODE)
    kept = {name: value for name, value in source.items() if name not in dropped}
    return kept | _ALWAYS_SET


def forget_named_code() -> None:
    """Take out of this process's own environment what names code: for the launcher, before it
    imports what loads a library that reads it.
    """
    for name in _NAMING_CODE:
        os.environ.pop(name, None)
    # Python takes it for its own place, and roles are started by that. A frozen program has its
    # own place told at its start (packaging/hooks/own_path.py).
    if os.environ.pop("PYTHONEXECUTABLE", None) is not None and not getattr(sys, "frozen", False):
        sys.executable = os.path.abspath(_found(sys.orig_argv[0]))


def _found(program: str) -> str:
    """Where a program that was started by this name lies."""
    if os.sep in program:
        return program
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    files = (os.path.join(place, program) for place in places)
    return next((file for file in files if os.access(file, os.X_OK)), program)


def is_command(arguments: Sequence[str]) -> bool:
    """Whether these arguments are for the command line; flags and files are for the window."""
    if not arguments or arguments[0] in _TELLING:
        return bool(arguments)
    return not (arguments[0].startswith("-") or names_file(arguments[0]))


def names_file(argument: str) -> bool:
    """Whether a first argument names a file: no command has a slash or a dot."""
    return any(sign in argument for sign in _SIGNS_OF_PATHS)


def files_in(arguments: Sequence[str]) -> list[str]:
    """The files among a window's arguments, with absolute paths; as `app/window_options` has them.

    Raises OSError where one is relative to a folder that is gone.
    """
    left = iter(arguments)
    files: list[str] = []
    for argument in left:
        if argument == "--":
            files += left
        elif argument in _WITH_VALUE:
            next(left, None)
        elif not argument.startswith("-"):
            files.append(argument)
    return [os.path.abspath(file) for file in files]


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
