"""Reads a file that is to go with a question, once: a text, or a reason why it is none.

For: `Attaching`, in a background task. Nothing waits here on what is no regular file (a FIFO, a
device), and a link is followed to the file it names. Free of Qt: the sentences are
`attach_words`'.
"""

from __future__ import annotations

import codecs
import os
import stat
import unicodedata
from enum import StrEnum
from pathlib import Path

from app.pages.chat.turns import Attached

LIMIT_BYTES = 4 << 20
_MOST_CONTROLS = 0.02  # of a text; what terminals and printers read is none of them
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_MARKS = (  # a mark of four bytes begins with one of two
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY_BEGINNINGS = (b"%PDF-", b"PK\x03\x04", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


class Refusal(StrEnum):
    """Why a file does not go with a question."""

    MISSING = "missing"
    FOLDER = "folder"
    NO_FILE = "no file"  # a device, a FIFO, a socket
    TOO_LARGE = "too large"
    EMPTY = "empty"
    NO_TEXT = "no text"
    UNREADABLE = "unreadable"


class AttachError(Exception):
    """A file that was not attached; nothing was changed."""

    def __init__(self, name: str, refusal: Refusal, reason: str = "") -> None:
        super().__init__(f"{name}: {reason or refusal.value}")
        self.name = name
        self.refusal = refusal
        self.reason = reason  # the system's own words, where it gave some


def read_attached(path: Path) -> Attached:
    """The text of a file, decoded. Raises AttachError."""
    name = shown_name(path.name or str(path))
    try:
        _check_kind(name, os.stat(path))  # before opening: some devices act when they are opened
        data = _read(name, path)
    except FileNotFoundError as error:
        raise AttachError(name, Refusal.MISSING) from error
    except OSError as error:
        raise AttachError(name, Refusal.UNREADABLE, error.strerror or "") from error
    if not data:
        raise AttachError(name, Refusal.EMPTY)
    text = decoded(data)
    if text is None:
        raise AttachError(name, Refusal.NO_TEXT)
    return Attached(name, text.replace("\r\n", "\n").replace("\r", "\n"), len(data))


def decoded(data: bytes) -> str | None:
    """The characters of bytes that are a text in some usual encoding, or None."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    if b"\0" in data or data.startswith(_BINARY_BEGINNINGS):
        return None
    text = _strictly(data, "utf-8")
    if text is None:
        text = _strictly(data, "cp1252")
    if text is None:  # bytes that cp1252 leaves open
        text = data.decode("latin-1")
    return text if _is_mostly_text(text) else None


def shown_name(name: str) -> str:
    """A file's name on one line, of characters that exist: a name may be any bytes."""
    known = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_control(c) else c for c in known)


def _check_kind(name: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise AttachError(name, Refusal.FOLDER)
    if not stat.S_ISREG(status.st_mode):
        raise AttachError(name, Refusal.NO_FILE)
    if status.st_size > LIMIT_BYTES:
        raise AttachError(name, Refusal.TOO_LARGE)


def _read(name: str, path: Path) -> bytes:
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        _check_kind(name, os.fstat(file.fileno()))  # it may be another one by now
        data = file.read(LIMIT_BYTES + 1)
    if len(data) > LIMIT_BYTES:
        raise AttachError(name, Refusal.TOO_LARGE)
    return data


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_mostly_text(text: str) -> bool:
    controls = sum(text.count(char) for char in _CONTROLS)
    return controls <= _MOST_CONTROLS * len(text)


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Zl", "Zp"}


_CONTROLS = tuple(
    char
    for char in map(chr, (*range(0x20), *range(0x7F, 0xA0)))
    if char not in "\t\n\r\f\b\x1b\x85"
)
