"""Before a command does what can't be undone: what comes is said, and asked about."""

from __future__ import annotations

import argparse

from app.cli.failure import CommandError
from app.cli.passphrases import is_terminal
from app.cli.terminal import note


def confirm(what: str, arguments: argparse.Namespace) -> None:
    """Say what comes, and go on only if told to; `--yes` answers. Raises CommandError."""
    note(what)
    if arguments.yes:
        return
    if not is_terminal():
        raise CommandError("Nothing was changed. --yes goes on without asking.")
    note("Go on? Type yes.")
    try:
        answer = input()
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise CommandError("Nothing was changed.")
