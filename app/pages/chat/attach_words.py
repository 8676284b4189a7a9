"""What is said of attached files: their sizes, and why one was refused."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.error_words import words_of
from app.numbers import decimal
from app.pages.chat.attach_reading import LIMIT_BYTES, AttachError, Refusal
from app.widgets.one_line import one_line

MOST_FILES = 10
_KB = 1000
_MB = 1_000_000
_MOST_CHARS = 300


def name_line(name: str) -> str:
    """A file's name as it is shown: a very long one keeps its beginning and its suffix."""
    if len(name) <= _MOST_CHARS:
        return one_line(name)
    half = _MOST_CHARS // 2
    return f"{one_line(name[:half])}…{one_line(name[-half:])}"


def size_words(size_bytes: int) -> str:
    """Such as 512 B, 12 kB, 3.4 MB."""
    translate = QCoreApplication.translate
    if size_bytes < _KB:
        return translate("Attach", "{count} B").format(count=size_bytes)
    if size_bytes < _MB:
        return translate("Attach", "{count} kB").format(count=round(size_bytes / _KB))
    return translate("Attach", "{count} MB").format(count=decimal(size_bytes / _MB, 1))


def refusal_sentence(error: AttachError) -> str:
    """What is the matter with a file, and what can be done."""
    name = name_line(error.name)
    return _form(error.refusal).format(
        name=name, reason=words_of(error.reason), limit=size_words(LIMIT_BYTES)
    )


def too_many_sentence() -> str:
    """There is no room for more files beside one question."""
    form = QCoreApplication.translate(
        "Attach", "A message takes {count} files. The others were not attached."
    )
    return form.format(count=MOST_FILES)


def _form(refusal: Refusal) -> str:
    translate = QCoreApplication.translate
    match refusal:
        case Refusal.MISSING:
            return translate("Attach", "“{name}” is no longer there. Nothing was attached.")
        case Refusal.FOLDER:
            return translate("Attach", "“{name}” is a folder. Attach the files in it.")
        case Refusal.NO_FILE:
            return translate("Attach", "“{name}” is a device or a pipe, not a file.")
        case Refusal.TOO_LARGE:
            return translate("Attach", "“{name}” is too large. Files up to {limit} can be read.")
        case Refusal.EMPTY:
            return translate("Attach", "“{name}” is empty. There is nothing to attach.")
        case Refusal.NO_TEXT:
            return translate("Attach", "“{name}” is not a text file. Only text can be attached.")
        case Refusal.UNREADABLE:
            return translate("Attach", "“{name}” can’t be read: {reason}. Nothing was attached.")
