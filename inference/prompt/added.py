"""Tokens that stand outside BPE, such as `<|im_end|>`, and where a text names them.

For `tokenizer`. Matching follows Hugging Face's tokenizers: tokens that are matched before
normalization first, then the others in what is left; leftmost and longest; a token may take
the white space beside it (`lstrip`, `rstrip`) or ask to stand alone (`single_word`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.errors import TokenizerError
from inference.sentence import said

# Gemma, with the most of all known models, has 6,415 of at most 40 characters; DeepSeek-V3 has
# 818. Every beginning of every token is kept: these bounds hold that to about 100 MB.
ADDED_LIMIT = 20_000
_TEXT_LIMIT_CHARACTERS = 256
_TEXTS_LIMIT_CHARACTERS = 500_000


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

    @property
    def is_letter(self) -> bool:
        """Whether it only makes up for a character that the vocabulary lacks, such as `ö`.

        DeepSeek V2 has some. It names nothing, so it may be typed.
        """
        return not self.special and len(self.text) == 1


@dataclass(frozen=True)
class Occurrence:
    """A token in a text, [start, stop) with the white space that it takes."""

    start: int
    stop: int
    token_id: int


def check_added(file_name: str, tokens: Sequence[AddedToken]) -> None:
    """Refuse more, or longer ones, than can be found fast; raises TokenizerError."""
    if len(tokens) > ADDED_LIMIT:
        raise TokenizerError(
            said(
                "{file} has {count:,} tokens outside BPE; at most {added_limit:,} can be.",
                file=file_name,
                count=len(tokens),
                added_limit=ADDED_LIMIT,
            )
        )
    longest = max((len(token.text) for token in tokens), default=0)
    if longest > _TEXT_LIMIT_CHARACTERS:
        raise TokenizerError(
            said(
                "{file} has a token of {longest:,} characters outside BPE.",
                file=file_name,
                longest=longest,
            )
        )
    if sum(len(token.text) for token in tokens) > _TEXTS_LIMIT_CHARACTERS:
        raise TokenizerError(
            said("{file} has far too much text in tokens outside BPE.", file=file_name)
        )


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
    """One set of tokens, matched at once.

    Every beginning of every token leads to the longest token that it has in it, so that the
    longest one at a place is found in a few halvings, however many tokens there are: a
    regular expression of 20,000 alternatives takes minutes for a megabyte.
    """

    def __init__(self, tokens: Sequence[AddedToken]) -> None:
        by_text: dict[str, AddedToken] = {}
        for token in tokens:
            by_text.setdefault(token.text, token)
        self._longest_in: dict[str, AddedToken | None] = {}
        for text in by_text:
            for stop in range(1, len(text) + 1):
                beginning = text[:stop]
                if beginning not in self._longest_in:
                    shorter = self._longest_in.get(beginning[:-1])
                    self._longest_in[beginning] = by_text.get(beginning, shorter)
        self._most_characters = max(map(len, by_text))
        self._firsts = re.compile("[" + "".join(re.escape(t[0]) for t in by_text) + "]")

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
            for first, last, token in self._matches(text, start, stop):
                if first < floor or (token.single_word and not _stands_alone(text, first, last)):
                    continue
                begin, end = first, last
                while token.lstrip and begin > floor and text[begin - 1].isspace():
                    begin -= 1
                while token.rstrip and end < ceiling and text[end].isspace():
                    end += 1
                floor = end
                yield Occurrence(begin, end, token.token_id)

    def _matches(self, text: str, start: int, stop: int) -> Iterator[tuple[int, int, AddedToken]]:
        """The longest token at each place, from left to right, none over another."""
        while (candidate := self._firsts.search(text, start, stop)) is not None:
            start = candidate.start()
            token = self._longest_at(text, start, stop)
            if token is not None:
                yield start, start + len(token.text), token
            start += len(token.text) if token is not None else 1

    def _longest_at(self, text: str, start: int, stop: int) -> AddedToken | None:
        """Beginnings of tokens are closed under shortening: the longest one is searched for."""
        known, unknown = 1, min(self._most_characters, stop - start) + 1
        while unknown - known > 1:
            middle = (known + unknown) // 2
            if text[start : start + middle] in self._longest_in:
                known = middle
            else:
                unknown = middle
        return self._longest_in[text[start : start + known]]


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
