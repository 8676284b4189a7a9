"""What the first page says: of the chats, of the model that is here, of what is recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.bridge.engine_port import ModelCard
from app.chats.kept import Kept
from app.numbers import decimal, whole
from app.widgets.one_line import one_line

if TYPE_CHECKING:  # it imports torch
    from app.library.preflight import Preflight

_GB, _MB = 1e9, 1e6
_LARGE_GB = 100
translate = QCoreApplication.translate


def chats_words(kept: Kept | None) -> tuple[str, str]:
    """Whether chats are kept, where, and by which key; None: nothing of them is."""
    if kept is None:
        return (
            translate("FirstRun", "Nothing is stored"),
            translate("FirstRun", "Chats are temporary for now. They are gone when you close."),
        )
    where = translate("FirstRun", "In {folder}.").format(folder=kept.folder)
    return translate("FirstRun", "Your chats are encrypted"), f"{where} {_key_words(kept)}".strip()


def _key_words(kept: Kept) -> str:
    if kept.keyring is not None:
        return translate("FirstRun", "The key is in your keyring.")
    if kept.has_passphrase:
        return translate("FirstRun", "Your passphrase opens them, and nothing else.")
    return ""


def unasked_words(*, is_air_gapped: bool) -> tuple[str, str]:
    """What it does not do by itself."""
    if is_air_gapped:
        sentence = translate(
            "FirstRun", "No update check, no telemetry, no downloads: your organisation decided so."
        )
    else:
        sentence = translate(
            "FirstRun", "No update check, no telemetry. A download starts when you ask for it."
        )
    return translate("FirstRun", "Nothing happens unasked"), sentence


def model_words(model: ModelCard) -> str:
    """The model that answers now; of the starter, what it is worth."""
    if not model.is_starter:
        return translate("FirstRun", "With {name}").format(name=one_line(model.name))
    form = translate(
        "FirstRun",
        "With the small starter model that came along, {megabytes} MB. It answers at once, and "
        "is often wrong.",
    )
    return form.format(megabytes=whole(round(model.file_bytes / _MB)))


def memory_words(found: Preflight) -> str:
    """What it takes of the memory that is free."""
    return _of(found.memory_needed_bytes, found.memory_free_bytes)


def disk_words(found: Preflight, free_bytes: int) -> str:
    """What the download and the copy that runs take of the disk that is free."""
    return _of(found.disk_needed_bytes, free_bytes)


def speed_words(found: Preflight) -> str:
    """How fast it writes; "" where that is not known."""
    rate = found.decode_tokens_per_s
    if rate is None:
        return ""
    return translate("FirstRun", "about {rate} tokens/s").format(rate=whole(max(1, round(rate))))


def download_words(found: Preflight) -> str:
    """The button."""
    form = translate("FirstRun", "Download about {size} GB…")
    return form.format(size=_gigabytes(found.needs.download_bytes))


def _of(needed_bytes: int, free_bytes: int) -> str:
    form = translate("FirstRun", "fits, about {needed} of {free} GB")
    return form.format(needed=_gigabytes(needed_bytes), free=_gigabytes(free_bytes))


def _gigabytes(count_bytes: float) -> str:
    """Such as 5.1, 212."""
    size = count_bytes / _GB
    return whole(round(size)) if size >= _LARGE_GB else decimal(size, 1)
