"""JSON read piece by piece from a file that nobody vouches for.

For: `json_import`. A window of the text is in memory, never the whole; one value may hold
only so many parts and so long texts, so a small file can't ask for a large memory. What is
not JSON, and an object that names a member twice, raises `BadJsonError`. It knows no chats.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TextIO

from inference.sentence import ours, said

WINDOW_CHARS = 1 << 17
MAX_TEXT_CHARS = 1 << 27
MAX_DEPTH = 32
MAX_NODES = 100_000
# Some ten seconds.
MAX_SKIPPED = 3_000_000

_SPACE = re.compile(r"[ \t\n\r]*")
# Up to the closing quote, the end of the window, or an escape that the window cuts.
_IN_STRING = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)


class BadJsonError(ValueError):
    """What was read is not JSON, or more of it than is allowed; says where."""


def _unique(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) != len(members):
        raise BadJsonError("a member is named twice")
    return found


def _no_constant(name: str) -> object:
    raise BadJsonError(said("{name} is not JSON", name=name))


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


class JsonStream:
    """A document, read from its beginning to its end in one go.

    `members` and `items` walk through an object or an array: before the next turn the caller
    reads what belongs to this one, by `value`, `members`, `items` or `skip`.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._window = ""
        self._at = 0
        self._passed_chars = 0
        self._nodes_left = MAX_NODES
        self._skips_left = MAX_SKIPPED

    def members(self) -> Iterator[str]:
        """The names of an object's members, one by one."""
        self._nodes_left = MAX_NODES
        yield from self._members(set())

    def items(self) -> Iterator[None]:
        """One turn for each item of an array."""
        self._expect("[")
        if not self._take("]"):
            yield None
            while self._take(","):
                yield None
            self._expect("]")

    def value(self) -> object:
        """The next value whole: within the window by the fast decoder, else step by step."""
        for _ in range(2):
            self._peek()
            try:
                value, end = _DECODER.raw_decode(self._window, self._at)
            except (ValueError, RecursionError):
                end = len(self._window)
            if end < len(self._window):
                self._at = end
                return value
            if not self._refill():
                break
        self._nodes_left = MAX_NODES
        return self._built(MAX_DEPTH)

    def skip(self, depth: int = MAX_DEPTH) -> None:
        """Pass over the next value without keeping it."""
        self._skips_left -= 1
        if self._skips_left < 0:
            raise self._bad("too much of it is unknown")
        start = self._open(depth)
        if start == "{":
            for _ in self._members(None):
                self.skip(depth - 1)
        elif start == "[":
            for _ in self.items():
                self.skip(depth - 1)
        else:
            self._scalar(start)

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self._peek():
            raise self._bad("something follows the end")

    def _members(self, seen: set[str] | None) -> Iterator[str]:
        self._expect("{")
        if self._take("}"):
            return
        while True:
            if self._peek() != '"':
                raise self._bad("a member has no name")
            name = self._string()
            if seen is not None:
                self._spend()
                if name in seen:
                    raise self._bad("a member is named twice")
                seen.add(name)
            self._expect(":")
            yield name
            if not self._take(","):
                break
        self._expect("}")

    def _built(self, depth: int) -> object:
        self._spend()
        start = self._open(depth)
        if start == "{":
            return {name: self._built(depth - 1) for name in self._members(set())}
        if start == "[":
            return [self._built(depth - 1) for _ in self.items()]
        return self._scalar(start)

    def _open(self, depth: int) -> str:
        start = self._peek()
        if depth == 0:
            raise self._bad("it is nested too deep")
        return start

    def _spend(self) -> None:
        self._nodes_left -= 1
        if self._nodes_left < 0:
            raise self._bad("one value has too many parts")

    def _scalar(self, start: str) -> object:
        """A text, a number or a word; both of the latter are short."""
        if start == '"':
            return self._string()
        if len(self._window) - self._at < WINDOW_CHARS // 2:
            self._refill()
        try:
            value, self._at = _DECODER.raw_decode(self._window, self._at)
        except ValueError as error:
            raise self._bad("a value is missing or misspelt") from error
        return value

    def _string(self) -> str:
        """A text of any length that is allowed, its escapes read."""
        self._at += 1
        pieces: list[str] = []
        length = 0
        while True:
            match = _IN_STRING.match(self._window, self._at)
            assert match is not None, "the pattern matches nothing too"
            pieces.append(match.group())
            length += len(match.group())
            self._at = match.end()
            if length > MAX_TEXT_CHARS:
                raise self._bad("a text is too long")
            if self._window[self._at : self._at + 1] == '"':
                break
            if not self._refill():
                raise self._bad("a text has no end")
        self._at += 1
        return self._unescaped("".join(pieces))

    def _unescaped(self, raw: str) -> str:
        try:
            text = _DECODER.decode(f'"{raw}"')
        except ValueError as error:
            raise self._bad("a text holds a control character or an unknown escape") from error
        assert isinstance(text, str)
        return text

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise self._bad(said("“{mark}” is missing", mark=mark))

    def _take(self, mark: str) -> bool:
        if self._peek() != mark:
            return False
        self._at += 1
        return True

    def _peek(self) -> str:
        """The next character that is no space; empty at the end of the file."""
        while True:
            match = _SPACE.match(self._window, self._at)
            assert match is not None, "the pattern matches nothing too"
            self._at = match.end()
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._refill():
                return ""

    def _refill(self) -> bool:
        """Move the window on; whether it holds more than before."""
        rest = self._window[self._at :]
        more = self._file.read(WINDOW_CHARS - len(rest)) if len(rest) < WINDOW_CHARS else ""
        self._passed_chars += self._at
        self._window = rest + more
        self._at = 0
        return bool(more)

    def _bad(self, what: str) -> BadJsonError:
        return BadJsonError(
            said(
                "{what} (character {number:,})",
                what=ours(what),
                number=self._passed_chars + self._at + 1,
            )
        )
