r"""Which regular expressions of a `tokenizer.json` may run. For `steps`.

The library matches by backtracking (Oniguruma), so an expression such as `(a+)+$` takes
longer than a life on a few dozen letters, and even `a*b` takes a minute on a megabyte. A file
brings its own expressions, and its template can bring the text. A limit on time is of no use
in a library call that can't be stopped; so every expression must have a shape that is linear
whatever the text:

- alternatives that each are a few characters, then at most one run (`\p{L}+`), then nothing
  that could fail: a failure costs a constant, a success consumes what it looked at;
- at the end, optionally, what GPT-2's successors share: `\s*[\r\n]+|\s+(?!\S)|\s+`. The
  first two may look at a run of white space in vain, and the last then consumes it.

That holds for DeepSeek V2, V3 and R1, Qwen 2 and 3, GLM-4, Llama 3 and SmolLM, and for what is
derived from them, however it is written. A few known expressions that have another shape and
are safe stand below by name. Anything else is refused, and named in the refusal: a list of
whole known expressions would refuse the next model of the same kind, and no limit at all would
let a file stop the program.
"""

from __future__ import annotations

from dataclasses import dataclass

from inference.errors import UnsupportedModelError
from inference.sentence import said

PATTERN_LIMIT_CHARACTERS = 8192
_BRANCHES_LIMIT = 32
_ITEMS_LIMIT = 16
_CHOICES_LIMIT = 2  # parts of a branch that may have several lengths, before its run
_COUNT_LIMIT = 16
_CLASS_DEPTH = 3
_ESCAPED = {"r": "\r", "n": "\n", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_KINDS = "sSdDwW"
_SIGNS = frozenset("?+*{")


class _OtherShapeError(Exception):
    """The expression is not of the shape that this module knows."""


@dataclass(frozen=True)
class _Item:
    """One part of a branch: what it matches, in one spelling, and how often. None: no limit."""

    text: str
    low: int = 1
    high: int | None = 1


_Branch = tuple[_Item, ...]
# Where an expression is slow as files have it: one of the same meaning that is not.
_KNOWN = {
    # A run of spaces starts where no space precedes it (DeepSeek-LLM, DeepSeek-V2).
    r"\s+$": r"(?<!\s)\s+$",
}
_LETTERS = r"[^\r\n\p{L}\p{N}]?"
_UPPER, _LOWER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}", r"\p{Ll}\p{Lm}\p{Lo}\p{M}"


def linear_pattern(source: str) -> str:
    """What to run for an expression; raises UnsupportedModelError."""
    if len(source) <= PATTERN_LIMIT_CHARACTERS:
        if source in _KNOWN:
            return _KNOWN[source]
        try:
            branches = _Reader(source).branches()
        except _OtherShapeError:
            branches = []
        if branches and _are_linear(branches):
            return source
    raise UnsupportedModelError(
        said(
            "The tokenizer cuts text by “{source}”, which Pitcher does not know to be "
            "fast on every text.",
            source=source[:120],
        )
    )


def _are_linear(branches: list[_Branch]) -> bool:
    """Whether all alternatives together take linear time."""
    if len(branches) > _BRANCHES_LIMIT:
        return False
    for ending in _ENDINGS:
        if branches[-len(ending) :] == ending:
            branches = branches[: -len(ending)]
            break
    for pair in _CASED_PAIRS:
        if pair[0] in branches[:-1] and branches[branches.index(pair[0]) + 1] == pair[1]:
            branches = [branch for branch in branches if branch not in pair]
    return all(_is_linear(branch) for branch in branches)


def _is_linear(branch: _Branch) -> bool:
    run = next((n for n, item in enumerate(branch) if item.high is None), len(branch))
    head, rest = branch[:run], branch[run + 1 :]
    choices = sum(item.low != item.high or item.text.startswith("(?") for item in head)
    return (
        0 < len(branch) <= _ITEMS_LIMIT
        and choices <= _CHOICES_LIMIT
        and all(item.low == 0 for item in rest)
        and not any(item.text.startswith("(?!") for item in branch)
    )


class _Reader:
    """Reads an expression; raises _OtherShapeError at what it does not know."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0

    def branches(self) -> list[_Branch]:
        """Every alternative."""
        found: list[_Branch] = []
        items: list[_Item] = []
        while self._position < len(self._source):
            if self._take("|"):
                found.append(tuple(items))
                items = []
            else:
                items.append(self._item())
        return [*found, tuple(items)]

    def _item(self) -> _Item:
        if self._take("("):
            text = self._group()
        elif self._take("["):
            text = self._class(_CLASS_DEPTH)
        else:
            text = self._character(".^$*+?{})]")
        low, high = self._count()
        if self._peek() in _SIGNS and (low, high) != (1, 1):
            raise _OtherShapeError  # lazy or possessive, or a count of counts
        if text.startswith("(") and high != 1:
            raise _OtherShapeError  # parts of several lengths, again and again
        return _Item(text, low, high)

    def _count(self) -> tuple[int, int | None]:
        for sign, count in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self._take(sign):
                return count
        if not self._take("{"):
            return 1, 1
        inside = self._until("}")
        low, comma, high = inside.partition(",")
        numbers = [low] if not comma else [low, high]
        if not all(n.isascii() and n.isdigit() and int(n[:4]) <= _COUNT_LIMIT for n in numbers):
            raise _OtherShapeError
        return int(numbers[0]), int(numbers[-1])

    def _group(self) -> str:
        """`(?i:'s|'t)` of fixed ASCII texts, or `(?!\\S)`."""
        for opening in ("?i:", "?:"):
            if self._take(opening):
                inside = self._until(")")
                texts = inside.split("|")
                plain = inside.isascii() and all(c.isalnum() or c in "'|" for c in inside)
                if not plain or not all(0 < len(text) <= _COUNT_LIMIT for text in texts):
                    raise _OtherShapeError
                return f"({opening}{inside})"
        if self._take(r"?!\S)"):
            return r"(?!\S)"
        raise _OtherShapeError

    def _class(self, depth: int) -> str:
        """`[…]`, with its members in one order and one spelling."""
        if depth == 0:
            raise _OtherShapeError
        negation = "^" if self._take("^") else ""
        members: list[str] = []
        while not self._take("]"):
            if self._take("&&"):
                members.append("&&")
            elif self._take("["):
                members.append(self._class(depth - 1))
            else:
                member = self._character("")
                if self._peek() == "-" and self._source[self._position + 1 :][:1] != "]":
                    self._position += 1
                    member += "-" + self._character("")
                members.append(member)
        return f"[{negation}{sorted(set(members))}]"

    def _character(self, refused: str) -> str:
        """One character, or a kind of characters."""
        character = self._next()
        if character in refused:
            raise _OtherShapeError
        if character != "\\":
            return character
        escaped = self._next()
        if escaped in _KINDS:
            return f"\\{escaped}"
        if escaped in "pP" and self._take("{"):
            return f"\\{escaped}{{{self._until('}')}}}"
        if escaped == "x" and self._take("{"):
            return self._numbered(self._until("}"))
        if escaped == "u":
            return self._numbered("".join(self._next() for _ in range(4)))
        if escaped in _ESCAPED:
            return _ESCAPED[escaped]
        if escaped.isascii() and not escaped.isalnum():
            return escaped
        raise _OtherShapeError

    @staticmethod
    def _numbered(digits: str) -> str:
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            raise _OtherShapeError from None

    def _peek(self) -> str:
        return self._source[self._position : self._position + 1]

    def _next(self) -> str:
        character = self._peek()
        if not character:
            raise _OtherShapeError
        self._position += 1
        return character

    def _take(self, text: str) -> bool:
        if self._source.startswith(text, self._position):
            self._position += len(text)
            return True
        return False

    def _until(self, end: str) -> str:
        stop = self._source.find(end, self._position)
        if stop < 0:
            raise _OtherShapeError
        inside = self._source[self._position : stop]
        self._position = stop + len(end)
        return inside


def _read(source: str) -> list[_Branch]:
    return _Reader(source).branches()


_ENDINGS = (
    _read(r"\s*[\r\n]+|\s+(?!\S)|\s+"),
    _read(r"\s*[\r\n]|\s+(?!\S)|\s+"),
    _read(r"\s+(?!\S)|\s+"),
)
# Words cut where capitals begin (Kimi, GPT-4o): the first looks at a run of capitals in vain,
# and the second, right behind it, then consumes that run.
_CASED_PAIRS = tuple(
    _read(
        f"{_LETTERS}[{_UPPER}{but}]*[{_LOWER}{but}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        f"|{_LETTERS}[{_UPPER}{but}]+[{_LOWER}{but}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    )
    for but in ("", r"&&[^\p{Han}]")
)
