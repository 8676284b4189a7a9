"""Random texts of the kinds that people and models write.

For: the worker. Reproducible by the generator that is given.
"""

from __future__ import annotations

from random import Random

_WORDS = [
    "rain",
    "roof",
    "sea",
    "lantern",
    "because",
    "forty",
    "under",
    "Überraschung",
    "café",
    "naïve",
    "世界",
    "天気",
    "смысл",
    "привет",
    "مرحبا",
    "שלום",
    "🎉",
    "👩\u200d👩\u200d👧",
    "x₁",
    "∑",
    "`code`",
    "**bold**",
    "-",
    "|",
    "#",
    "<b>",
    "&",
    "\\n",
    "\t",
    "'",
    '"',
    ";",
    "DROP",
]
_LONG_CHARS = (20_000, 90_000)


def text(draw: Random, words: int | None = None) -> str:
    """A few words or lines; now and then as much as a pasted file."""
    if words is None and draw.random() < 0.03:
        line = f"{draw.getrandbits(64):x} {draw.choice(_WORDS)}\n"
        return line * (draw.randint(*_LONG_CHARS) // len(line))
    count = draw.choice((1, 5, 20, 100)) if words is None else words
    return "".join(
        f"{draw.choice(_WORDS)}{draw.choice((' ', ' ', ' ', chr(10)))}" for _ in range(count)
    )


def title(draw: Random) -> str:
    """A chat's title."""
    return f"{text(draw, 3).strip()} {draw.getrandbits(40):x}"


def pieces(draw: Random, chars: int) -> list[int]:
    """How far an answer of `chars` has come after each of its tokens."""
    ends, end = [], 0
    while end < chars:
        end = min(chars, end + draw.randint(1, 7))
        ends.append(end)
    return ends
