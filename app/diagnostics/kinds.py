"""The closed types that a value in the diagnostics can have. There is none for free text.

Each reads a raw value, from wherever it came, and gives the value to write or `WITHHELD`. None
stays None: not known. What is given is made here, or a word that the code itself declares:
never the raw text.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from app.diagnostics.own_code import is_class_word, is_place

WITHHELD = "withheld"
Plain = None | bool | int | float | str

_VERSION = re.compile(
    r"\d{1,4}(\.\d{1,6}){0,3}((a|b|rc)\d{1,2})?(\.post\d{1,2})?(\.dev\d{1,3})?"
    r"(\+(cpu|cu\d{2,3}))?"
)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[ -~]{1,80}")
# From 2020 to 2100: what else a clock says is no moment of this program.
_EARLIEST_MS, _LATEST_MS = 1_577_836_800_000, 4_102_444_800_000


class Whole:
    """A whole number from `low` to `high`."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def read(self, raw: object) -> Plain:
        """The number."""
        if type(raw) is int and self._low <= raw <= self._high:
            return raw
        return WITHHELD


class Decimal:
    """A number from `low` to `high`, rounded to two places."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high

    def read(self, raw: object) -> Plain:
        """The number."""
        if type(raw) not in (int, float) or not isinstance(raw, int | float):
            return WITHHELD
        if not math.isfinite(raw) or not self._low <= raw <= self._high:
            return WITHHELD
        return round(float(raw), 2)


class Flag:
    """Yes or no."""

    def read(self, raw: object) -> Plain:
        """True or False."""
        return raw if type(raw) is bool else WITHHELD


class Moment:
    """A moment, from milliseconds since 1970, to the second in UTC."""

    def read(self, raw: object) -> Plain:
        """As ISO 8601 writes it."""
        if type(raw) is not int or not _EARLIEST_MS <= raw < _LATEST_MS:
            return WITHHELD
        return datetime.fromtimestamp(raw // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Version:
    """Numbers with dots between them, and the few suffixes that releases have."""

    def read(self, raw: object) -> Plain:
        """The same digits."""
        if type(raw) is str and raw.isascii() and _VERSION.fullmatch(raw):
            return raw
        return WITHHELD


class Digest:
    """A hash that a file names, hashed once more: what any file says stays out, yet who knows
    the first hash can tell whether it is the same.
    """

    def read(self, raw: object) -> Plain:
        """SHA-256 of the 64 hexadecimal digits."""
        if type(raw) is str and _DIGEST.fullmatch(raw):
            return hashlib.sha256(raw.encode("ascii")).hexdigest()
        return WITHHELD


class Word:
    """One of a few words that the code declares."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = {str(word): str(word) for word in words}
        for word in self.words:
            if not _WORD.fullmatch(word) or word == WITHHELD or '"' in word or "\\" in word:
                raise TypeError("a vocabulary has short words of plain ASCII")

    def read(self, raw: object) -> Plain:
        """The declared word itself."""
        return self.words.get(str(raw), WITHHELD) if isinstance(raw, str) else WITHHELD


class OwnClass:
    """An exception class, as `own_code` names it."""

    def read(self, raw: object) -> Plain:
        """Its name, from a name or a class that has one."""
        return raw if type(raw) is str and is_class_word(raw) else WITHHELD


class OwnPlace:
    """A line of a function of our own code."""

    def read(self, raw: object) -> Plain:
        """As "module:line function"."""
        return raw if type(raw) is str and is_place(raw) else WITHHELD


Kind = Whole | Decimal | Flag | Moment | Version | Digest | Word | OwnClass | OwnPlace
KINDS = (Whole, Decimal, Flag, Moment, Version, Digest, Word, OwnClass, OwnPlace)
