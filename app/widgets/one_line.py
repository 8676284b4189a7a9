"""Words that others wrote, of a length that can be shown, with all that can't be seen spelled out.

For: lists, the header and the window's title, and every label. Titles may come from a model or an
import, names of models from a file.
"""

from __future__ import annotations

import re
from itertools import islice

from app.markup.visible import visible

_MOST_CHARS = 300  # more never fits a line
_MOST_READ_CHARS = 10_000  # of a million tabs not all are passed over, for row after row


def one_line(text: str) -> str:
    """As it is shown, where there is one line for it."""
    beginning = text.lstrip()[:_MOST_READ_CHARS]
    words = islice(re.finditer(r"\S+", beginning), _MOST_CHARS)
    return visible(" ".join(word.group() for word in words)[:_MOST_CHARS])


def in_short(text: str, most_chars: int, beyond: int = 0) -> str:
    """The text, or its beginning and how many characters more it has: "… (+1,000)".

    `beyond` characters more were left out before.
    """
    kept = text[:most_chars]
    shown = visible(kept)
    if len(shown) > 2 * most_chars:  # what can't be seen is spelled at nine times its length
        kept = kept[: max(1, most_chars * len(kept) // len(shown))]
        shown = visible(kept)
    left = len(text) - len(kept) + beyond
    return f"{shown}… (+{left:,})" if left else shown


def spaced_in_short(text: str, most_chars: int) -> str:
    """`in_short` of it with single spaces between words."""
    beginning = " ".join(text[:_MOST_READ_CHARS].split())
    return in_short(beginning, most_chars, max(0, len(text) - _MOST_READ_CHARS))
