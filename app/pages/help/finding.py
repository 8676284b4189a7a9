"""Where in the help the words stand that someone looks for. Free of Qt.

A paragraph answers that has all the words, unfinished ones too, in any order; case and accents do
not count. Where none does, sections answer that have them all, with each paragraph that has one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from app.widgets.markup.block_text import units
from app.widgets.search_match import folded

_MOST_WORDS = 8


@dataclass(frozen=True)
class Passage:
    """A paragraph: in which row it is, where in the row's text it begins, and of which section."""

    row: int
    start: int
    text: str
    section: Hashable
    is_heading: bool = False


@dataclass(frozen=True)
class Hit:
    """A paragraph that answers, and the places of the words in its row's text."""

    passage: Passage
    places: tuple[tuple[int, int], ...]


class Finder:
    """Searches passages, which are folded once."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._folded = tuple((passage, folded(passage.text)) for passage in passages)
        self._sections: dict[Hashable, str] = {}
        for passage, text in self._folded:
            before = self._sections.get(passage.section, "")
            self._sections[passage.section] = f"{before}\n{text}"

    def find(self, asked: str) -> tuple[Hit, ...]:
        """All that answers, from the top; nothing where nothing is asked."""
        words = folded(asked).split()[:_MOST_WORDS]
        if not words:
            return ()
        hits = [
            _hit(passage, text, words)
            for passage, text in self._folded
            if all(word in text for word in words)
        ]
        return tuple(hits or self._by_section(words))

    def _by_section(self, words: Sequence[str]) -> Iterator[Hit]:
        answering = {
            section
            for section, text in self._sections.items()
            if all(word in text for word in words)
        }
        for passage, text in self._folded:
            if passage.section in answering and any(word in text for word in words):
                yield _hit(passage, text, words)


def best_of(hits: Sequence[Hit]) -> int:
    """The one to begin with: the first that is a heading, else the first."""
    return next((number for number, hit in enumerate(hits) if hit.passage.is_heading), 0)


def _hit(passage: Passage, text: str, words: Sequence[str]) -> Hit:
    places: list[tuple[int, int]] = []
    for start, end in sorted(place for word in words for place in _places(word, text)):
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    in_row = ((_at(passage, start), _at(passage, end)) for start, end in places)
    return Hit(passage, tuple(in_row))


def _places(word: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + len(word))


def _at(passage: Passage, position: int) -> int:
    return passage.start + units(passage.text[:position])
