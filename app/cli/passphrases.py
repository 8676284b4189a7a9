"""Passphrases on the command line: from a descriptor, or typed without echo.

For: every command that opens the history. A passphrase never comes as an argument or in the
environment, where other programs can read it.
"""

from __future__ import annotations

import getpass
import os
import sys

from app.chats.errors import VaultError
from app.chats.vault import descriptor
from app.cli.failure import CommandError
from app.cli.terminal import note

_NO_TERMINAL = (
    "The history needs a passphrase, and there is no terminal to ask on. Give it with "
    "--passphrase-fd."
)


def is_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Passphrases:
    """Where passphrases come from: the descriptor of this number, once, or the person there."""

    def __init__(self, number: int | None) -> None:
        self._descriptor = number
        self._is_used = self._has_chosen = False

    @property
    def has_descriptor(self) -> bool:
        """Whether no person is asked."""
        return self._descriptor is not None

    @property
    def can_ask(self) -> bool:
        """Whether another one can be had."""
        if self._descriptor is not None:
            return not self._is_used
        return is_terminal()

    def ask(self, prompt: str = "Passphrase: ") -> str:
        """One that exists. Raises CommandError where none can be had."""
        if self._descriptor is not None:
            return self._read_once(self._descriptor)
        return _typed(prompt)

    def choose(self) -> str:
        """A new one, typed twice, or the descriptor's next line. Raises CommandError."""
        if self._descriptor is not None:
            return self._read_new(self._descriptor)
        while True:
            chosen = _typed("New passphrase (8 characters or more): ")
            if _typed("Once more: ") == chosen:
                return chosen
            note("These are not the same. Nothing was changed.")

    def close(self) -> None:
        """Nothing more is read: the descriptor is closed, but for standard input."""
        if self._descriptor is not None:
            descriptor.close(self._descriptor)

    def _read_once(self, number: int) -> str:
        if self._is_used:
            raise CommandError("The passphrase does not open this history. Nothing was changed.")
        self._is_used = True
        return _read_line(number)

    def _read_new(self, number: int) -> str:
        if self._is_used and self._has_chosen:
            raise CommandError("Only one new passphrase came. Nothing was changed.")
        self._is_used = self._has_chosen = True
        chosen = _read_line(number)
        if not chosen:
            raise CommandError("No new passphrase came. Nothing was changed.")
        return chosen


def _read_line(number: int) -> str:
    try:
        return descriptor.read_line(number)
    except VaultError as error:
        raise CommandError(str(error)) from error


def _typed(prompt: str) -> str:
    if not is_terminal():
        raise CommandError(_NO_TERMINAL)
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise CommandError("No passphrase was given. Nothing was changed.") from None


def one_key(offer: str, keys: str) -> str:
    """Show an offer, wait for one of `keys` and return it; Ctrl-D is the last of them."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        note(offer)
        return _one_line(keys)
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        # Before the offer is seen, and keeping what is typed: a quick key counts.
        tty.setcbreak(terminal, termios.TCSADRAIN)
        note(offer)
        while True:
            key = os.read(terminal, 1).decode("ascii", "replace").lower()
            if key in ("", "\x04"):
                return keys[-1]
            if key in keys:
                return key
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _one_line(keys: str) -> str:
    while True:
        try:
            key = input().strip().lower()[:1]
        except EOFError:
            return keys[-1]
        if key and key in keys:
            return key
