"""What the window's start may be told: which model, files to take in, and the passphrase on a
descriptor.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app.airlock.command import files_in
from app.chats.vault import descriptor
from app.cli.chats_grammar import add_passphrase


def parse(argv: list[str]) -> argparse.Namespace:
    """Wrong usage leaves with 2 by SystemExit, as argparse does."""
    # Flags in full: the launcher, which passes the descriptor on, knows no other way.
    parser = argparse.ArgumentParser(
        prog="pitcher", description="Chat in a window.", allow_abbrev=False
    )
    parser.add_argument("--model", help="a model's name or path; the default is the last chosen")
    add_passphrase(parser, otherwise="ask in the window")
    parser.add_argument(
        "files",
        nargs="*",
        type=_absolute,
        metavar="FILE",
        help="a model’s files, or a bundle’s folder, to take in; write ./NAME for a bare name",
    )
    # By hand: with flags and files mixed, argparse does not know what stands after “--”.
    end = argv.index("--") if "--" in argv else len(argv)
    options = parser.parse_intermixed_args(argv[:end])
    options.files += map(Path, files_in(argv[end:]))
    return options


def _absolute(name: str) -> Path:
    try:
        return Path(os.path.abspath(name))
    except OSError as error:
        raise argparse.ArgumentTypeError("the current folder is gone") from error


def given_passphrase(number: int | None) -> str | None:
    """The one line of the descriptor, if one is named. Raises VaultError."""
    if number is None:
        return None
    try:
        return descriptor.read_line(number)
    finally:
        descriptor.close(number)
