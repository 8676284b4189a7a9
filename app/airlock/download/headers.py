"""The head of an answer, which anybody may have written.

For: whoever reads one. What is there twice with two meanings is refused, not chosen from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.airlock.download.errors import HubAnswerError
from inference.sentence import said

_NUMBER = re.compile(r"[0-9]{1,18}")
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})")
_ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]{1,200})"')


@dataclass(frozen=True)
class ByteRange:
    """Which bytes an answer holds, of how many."""

    first: int
    last: int
    total: int


@dataclass(frozen=True)
class Headers:
    """Names are in lower case, in the order in which they came."""

    items: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, raw: Iterable[tuple[bytes, bytes]]) -> Headers:
        """As the line brought them."""
        return cls(
            tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)
        )

    def one(self, name: str) -> str:
        """Its value, empty where it is missing; raises HubAnswerError for two different ones."""
        values = {value.strip() for key, value in self.items if key == name}
        if len(values) > 1:
            raise HubAnswerError(
                said("The answer contradicts itself: it has two of “{name}”.", name=name)
            )
        return values.pop() if values else ""

    def first(self, name: str) -> str:
        """The first one's value, for what may be there more than once."""
        return next((value.strip() for key, value in self.items if key == name), "")

    def count(self, name: str) -> int | None:
        """A number; None where there is none."""
        value = self.one(name)
        return int(value) if _NUMBER.fullmatch(value) else None

    def content_range(self) -> ByteRange | None:
        """Of an answer that is a part; None where it does not say."""
        match = _CONTENT_RANGE.fullmatch(self.one("content-range"))
        return ByteRange(int(match[1]), int(match[2]), int(match[3])) if match else None

    def etag(self, name: str = "etag") -> str:
        """The mark of a version without its quotes; empty where there is none."""
        value = self.first(name)
        match = _ETAG.fullmatch(value)
        return match[1] if match else ""

    def strong_etag(self) -> str:
        """The mark as If-Range wants it; empty for none, or one that promises nothing of bytes."""
        value = self.first("etag")
        return value if _ETAG.fullmatch(value) and not value.startswith("W/") else ""
