"""From a role to the code that plays it, each imported only in the process that plays it.

For: `main.py`. Here lies the chat process's order of steps, which must not move: signals
and lifeline, then hardening, then the lock's test, and only then Qt, torch and user data.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from app.airlock import streams
from app.airlock.command import Role, forget_named_code, is_command, names_file, split_role
from app.airlock.report import LockReport

_FAILED = 1
_USAGE = 2
_WITHOUT_WINDOW = (
    "Files are taken in by the window. In the terminal, “models add FILE” takes a model, and "
    "“models import FOLDER” a bundle."
)
_LEFT_BY_CTRL_C = 130


def main(arguments: Sequence[str]) -> int:
    """Play the role that the arguments name, and return the process's exit code."""
    streams.fill()
    try:
        role, rest = split_role(arguments)
    except ValueError:
        names = ", ".join(Role)
        sys.stderr.write(f"pitcher: --role is one of {names}; leave it out.\n")
        return _USAGE
    return _play(role, rest)


def _play(role: Role, arguments: list[str]) -> int:
    if role is Role.LAUNCHER:
        # Before hashlib, at whose import OpenSSL reads its settings.
        forget_named_code()
        from app.airlock import launcher

        return launcher.main(arguments)
    if role is Role.TEMPLATE:
        from app.airlock import template_worker

        return template_worker.main()
    if role is Role.FORMULA:
        from app.airlock import formula_worker

        return formula_worker.main()
    if role is Role.MARKUP:
        from app.airlock import markup_worker

        return markup_worker.main()
    if role is Role.COURIER:
        from app.airlock.courier import role as courier

        return courier.main(arguments)
    if role is Role.PROBE:
        from app.airlock import probe

        return probe.main(arguments)
    return _chat(arguments)


def _chat(arguments: list[str]) -> int:
    from app import lean_torch, log
    from app.airlock import hardening, leaving, lock
    from app.installation import installation
    from app.updates import starting

    leaving.install()
    hardening.harden()
    log.configure(Role.CHAT)
    # One text at a time needs no threads of its own; set before any thread reads it.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    found = lock.verify()
    lean_torch.defer()
    _in_use = starting.running(installation())  # until this process ends
    try:
        if is_command(arguments):
            from app import cli

            return cli.main(arguments, found)
        return _window_or_terminal(arguments, found)
    except KeyboardInterrupt:
        return _LEFT_BY_CTRL_C


def _window_or_terminal(arguments: list[str], found: LockReport) -> int:
    from app.airlock import leaving, raise_pipe
    from app.airlock.display import display_problem

    problem = display_problem(os.environ)
    if problem is None:
        try:
            from app.bridge import quick_imports
            from app.collector import uncollected

            with uncollected():
                quick_imports.import_qt()
                from app import application
        except ImportError as error:  # Qt is there, a library of the system that it needs is not
            problem = f"The window's libraries cannot be loaded: {error}."
        else:
            leaving.leave_at_once()
            return application.main(arguments, found)
    raise_pipe.decline()
    if arguments and names_file(arguments[0]):
        sys.stderr.write(f"pitcher: {problem} {_WITHOUT_WINDOW}\n")
        return _FAILED
    sys.stderr.write(f"pitcher: {problem} Going on in the terminal.\n")
    from app import cli

    return cli.main(["chat", *arguments], found)
