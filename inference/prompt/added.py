"""Tokens that stand outside BPE, such as `<|im_end|>`, and where a text names them.

For `tokenizer`. Matching follows Hugging Face's tokenizers: tokens that are matched before
normalization first, then the others in what is left; leftmost and longest; a token may take
the white space beside it (`lstrip`, `rstrip`) or ask to stand alone (`single_word`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class AddedToken:
    """One token outside BPE."""

    token_id: int
    text: str
    special: bool = True
    normalized: bool = False
    lstrip: bool = False
    rstrip: bool = False
    single_word: bool = False


@dataclass(frozen=True)
class Occurrence:
    """A token in a text, [start, stop) with the white space that it takes."""

    start: int
    stop: int
    token_id: int


class AddedTokenFinder:
    """Finds added tokens in stretches of a text."""

    def __init__(self, tokens: Sequence[AddedToken]) -> None:
        present = [token for token in tokens if token.text]
        self._passes = [
            _Pass(wanted)
            for wanted in (
                [token for token in present if not token.normalized],
                [token for token in present if token.normalized],
            )
            if wanted
        ]

    def find(self, text: str, stretches: Sequence[tuple[int, int]]) -> list[Occurrence]:
        """Occurrences that lie wholly inside one of `stretches`, in order.

        White space beside a token may be taken from outside of a stretch.
        """
        found: list[Occurrence] = []
        for matcher in self._passes:
            free = list(_without(stretches, found))
            found = sorted([*found, *matcher.find(text, free, found)], key=lambda o: o.start)
        return found


class _Pass:
    """One set of tokens, matched at once."""

    def __init__(self, tokens: Sequence[AddedToken]) -> None:
        longest_first = sorted(tokens, key=lambda token: -len(token.text))
        self._by_text = {token.text: token for token in reversed(longest_first)}
        self._pattern = re.compile("|".join(re.escape(token.text) for token in longest_first))

    def find(
        self, text: str, stretches: Sequence[tuple[int, int]], taken: Sequence[Occurrence]
    ) -> Iterator[Occurrence]:
        """What of this set is in `stretches`, and free of what is `taken`."""
        walls = sorted((o.start, o.stop) for o in taken)
        wall = 0
        floor = 0  # what lies before belongs to an earlier occurrence
        for start, stop in stretches:
            while wall < len(walls) and walls[wall][1] <= start:
                floor = max(floor, walls[wall][1])
                wall += 1
            ceiling = walls[wall][0] if wall < len(walls) else len(text)
            for match in self._pattern.finditer(text, start, stop):
                token = self._by_text[match.group()]
                first, last = match.span()
                if first < floor or (token.single_word and not _stands_alone(text, first, last)):
                    continue
                while token.lstrip and first > floor and text[first - 1].isspace():
                    first -= 1
                while token.rstrip and last < ceiling and text[last].isspace():
                    last += 1
                floor = last
                yield Occurrence(first, last, token.token_id)


def _stands_alone(text: str, start: int, stop: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[stop] if stop < len(text) else " "
    return not (_is_word(before) or _is_word(after))


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def _without(
    stretches: Sequence[tuple[int, int]], taken: Sequence[Occurrence]
) -> Iterator[tuple[int, int]]:
    """The stretches, less what is taken. Both in order."""
    index = 0
    for start, stop in stretches:
        position = start
        while index < len(taken) and taken[index].stop <= position:
            index += 1
        ahead = index
        while ahead < len(taken) and taken[ahead].start < stop:
            if taken[ahead].start > position:
                yield position, taken[ahead].start
            position = max(position, taken[ahead].stop)
            ahead += 1
        if position < stop:
            yield position, stop
