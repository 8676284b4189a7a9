"""How much text a field takes so that one can type on in it. Free of Qt."""

from __future__ import annotations

# Measured: typing in a paragraph of 8,000 characters takes 12 ms a key, in one of 16,000 up to 60;
# showing 24,000 characters takes 50 ms.
_MOST_CHARACTERS = 24_000
_MOST_LINES = 4_000
_LONGEST_PARAGRAPH = 8_000
_TYPED = 2  # what someone typed to such a length stays text


def fits_field(text: str, *, was_typed: bool = False) -> bool:
    """Whether a text can be typed in without delay."""
    times = _TYPED if was_typed else 1
    if len(text) > times * _MOST_CHARACTERS:
        return False
    lines = text.split("\n")
    longest = max(len(line) for line in lines)
    return len(lines) <= times * _MOST_LINES and longest <= times * _LONGEST_PARAGRAPH
