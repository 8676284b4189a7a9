"""To how many bits a model can be prepared, in words: as a choice, and what each one takes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.library.mixes import BITS, Mix
from app.library.offers import Preparation
from app.pages.models.words import size_words

translate = QCoreApplication.translate


def bits_words() -> dict[int, str]:
    """Each choice by its bits."""
    form = translate("Models", "{bits} bits")
    return {bits: form.format(bits=bits) for bits in BITS.values()}


def mix_of(bits: int) -> Mix:
    """The mix of a choice."""
    return next(mix for mix, each in BITS.items() if each == bits)


def preparation_words(found: Preparation) -> str:
    """What one way to prepare it takes, in a line."""
    if found.fits:
        form = translate("Models", "{bits} bits: about {disk} on the disk, {memory} of memory")
    else:
        form = translate(
            "Models", "{bits} bits: about {disk} on the disk, {memory} of memory; does not fit here"
        )
    return form.format(
        bits=BITS[found.mix],
        disk=size_words(found.disk_bytes),
        memory=size_words(found.memory_bytes),
    )
