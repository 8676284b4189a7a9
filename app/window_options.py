"""What the window's start may be told: which model, and the passphrase on a descriptor."""

from __future__ import annotations

import argparse

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
    return parser.parse_args(argv)


def given_passphrase(number: int | None) -> str | None:
    """The one line of the descriptor, if one is named. Raises VaultError."""
    if number is None:
        return None
    try:
        return descriptor.read_line(number)
    finally:
        descriptor.close(number)
