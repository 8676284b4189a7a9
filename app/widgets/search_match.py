"""Whether a short text answers to what is typed, how well, and which of its characters do.

For: the palette, over commands and titles. Free of Qt. Words may be unfinished and in any
order, case and accents do not count; what lies in messages is found by the history's search.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

# (text, whether it was found), in order: joined they are the whole text.
Pieces = tuple[tuple[str, bool], ...]

_MOST_CHARS = 300  # of a text that is looked at
_MOST_WORDS = 8


class Rank(IntEnum):
    """How well a text answers; the lowest comes first."""

    BEGINNING = 0  # the text begins with all that is typed
    WORDS = 1  # words of the text begin with the words that are typed
    INSIDE = 2  # they stand inside of it
    INITIALS = 3  # its words begin with the letters that are typed


@dataclass(frozen=True)
class Match:
    """How well it answers, and the text cut into what was found and what was not."""

    rank: Rank
    pieces: Pieces


def match(asked: str, text: str) -> Match | None:
    """None where it does not answer; nothing typed is answered by everything."""
    wanted, within = folded(" ".join(asked.split())), folded(text[:_MOST_CHARS])
    if not wanted:
        return Match(Rank.BEGINNING, _pieces(text, ()))
    if within.startswith(wanted):
        return Match(Rank.BEGINNING, _pieces(text, ((0, len(wanted)),)))
    words = wanted.split()[:_MOST_WORDS]
    begins = _begins(within)
    spans = [_span_at_word(word, within, begins) for word in words]
    if found := _all(spans):
        return Match(Rank.WORDS, _pieces(text, found))
    inside = [span or _span_inside(word, within) for word, span in zip(words, spans, strict=True)]
    if found := _all(inside):
        return Match(Rank.INSIDE, _pieces(text, found))
    if found := _initials("".join(words), within, begins):
        return Match(Rank.INITIALS, _pieces(text, found))
    return None


def rough_ranker(
    asked: str, fold: Callable[[str], str] | None = None
) -> Callable[[str], Rank | None]:
    """About what `match` says, in a hundredth of its time: for choosing among thousands.

    `fold` is `folded`, or one that remembers what it folded.
    """
    fold = fold or folded
    wanted = folded(" ".join(asked.split()))
    words = wanted.split()[:_MOST_WORDS]
    at_words = [f" {word}" for word in words]

    def rank(text: str) -> Rank | None:
        within = fold(text)
        for word in words:
            if word not in within:
                return None
        if within.startswith(wanted):
            return Rank.BEGINNING
        spaced = f" {within}"
        return Rank.WORDS if all(word in spaced for word in at_words) else Rank.INSIDE

    return rank


def folded(text: str) -> str:
    """`text` as it is compared: of the same length, without case and accents."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """Each character as it is compared, found out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        apart = unicodedata.normalize("NFD", character)
        is_accented = len(apart) > 1 and all(unicodedata.combining(mark) for mark in apart[1:])
        lower = (apart[0] if is_accented else character).lower()
        self[code] = lower if len(lower) == 1 else character
        return self[code]


_FOLDED = _Folded()


def _begins(within: str) -> list[int]:
    """Where words begin."""
    return [
        place
        for place, character in enumerate(within)
        if character.isalnum() and (place == 0 or not within[place - 1].isalnum())
    ]


_Span = tuple[int, int]


def _span_at_word(word: str, within: str, begins: Sequence[int]) -> _Span | None:
    for place in begins:
        if within.startswith(word, place):
            return place, place + len(word)
    return None


def _span_inside(word: str, within: str) -> _Span | None:
    place = within.find(word)
    return None if place < 0 else (place, place + len(word))


def _all(spans: Sequence[_Span | None]) -> tuple[_Span, ...]:
    """All of them in order, or nothing where one is missing."""
    found = [span for span in spans if span is not None]
    return tuple(sorted(found)) if len(found) == len(spans) else ()


def _initials(letters: str, within: str, begins: Sequence[int]) -> tuple[_Span, ...]:
    """One letter a word, words in their order; some may be passed over."""
    found: list[_Span] = []
    for place in begins:
        if len(found) < len(letters) and within[place] == letters[len(found)]:
            found.append((place, place + 1))
    return tuple(found) if len(found) == len(letters) > 1 else ()


def _pieces(text: str, spans: Sequence[_Span]) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end in spans:
        if start > done:
            pieces.append((text[done:start], False))
        if end > max(done, start):
            pieces.append((text[max(done, start) : end], True))
        done = max(done, end)
    if done < len(text):
        pieces.append((text[done:], False))
    return tuple(pieces)
