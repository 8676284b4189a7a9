"""What is said of attached files: names that cannot deceive, sizes, and why one was refused."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.pages.chat.attach_reading import LIMIT_BYTES, AttachError, Refusal

MOST_FILES = 10
_KB = 1000
_MB = 1_000_000
_REORDERING = {
    *range(0x200E, 0x2010),  # marks of direction
    *range(0x202A, 0x202F),  # embeddings and overrides
    *range(0x2066, 0x206A),  # isolates
    0x061C,
}
_INVISIBLE = {0x00AD, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF}
_SHOWN_AS_CODE = dict.fromkeys(_REORDERING | _INVISIBLE)


def tame(name: str) -> str:
    """A name in which nothing is hidden or reordered: such characters stand as U+202E."""
    return "".join(f"[U+{ord(c):04X}]" if ord(c) in _SHOWN_AS_CODE else c for c in name)


def size_words(size_bytes: int) -> str:
    """Such as 512 B, 12 kB, 3.4 MB."""
    translate = QCoreApplication.translate
    if size_bytes < _KB:
        return translate("Attach", "{count} B").format(count=size_bytes)
    if size_bytes < _MB:
        return translate("Attach", "{count} kB").format(count=round(size_bytes / _KB))
    return translate("Attach", "{count} MB").format(count=f"{size_bytes / _MB:.1f}")


def refusal_sentence(error: AttachError) -> str:
    """What is the matter with a file, and what can be done."""
    name = tame(error.name)
    return _form(error.refusal).format(
        name=name, reason=error.reason, limit=size_words(LIMIT_BYTES)
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
