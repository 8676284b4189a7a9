"""A passphrase that comes by an open descriptor, where nobody is there to type it.

For: the window and the command line. Never as an argument or in the environment, where other
programs can read it.
"""

from __future__ import annotations

import os
from contextlib import suppress

from app.chats.errors import VaultError
from inference.sentence import said, system_words

_LIMIT_BYTES = 8192
_STANDARD_ERROR = 2


def read_line(descriptor: int) -> str:
    """The next line that a descriptor gives, and no byte more: another may follow.

    Raises VaultError.
    """
    line = bytearray()
    try:
        while len(line) <= _LIMIT_BYTES and not line.endswith(b"\n"):
            piece = os.read(descriptor, 1)
            if not piece:
                break
            line += piece
    except OSError as error:
        raise VaultError(
            said(
                "The passphrase could not be read from descriptor {descriptor}: {why}.",
                descriptor=descriptor,
                why=system_words(error),
            )
        ) from error
    if len(line) > _LIMIT_BYTES:
        raise VaultError(
            said(
                "What descriptor {descriptor} gives is too long for a passphrase.",
                descriptor=descriptor,
            )
        )
    try:
        return line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise VaultError(
            said("What descriptor {descriptor} gives is not UTF-8 text.", descriptor=descriptor)
        ) from None


def close(descriptor: int) -> None:
    """Nothing more is read; standard input stays open."""
    if descriptor > _STANDARD_ERROR:
        with suppress(OSError):  # it was not open in the first place, and that was said
            os.close(descriptor)
