"""Which characters of a text can be shown, for all who show what a user or a model wrote.

Free of Qt: it says what Qt's text documents keep for themselves.
"""

from __future__ import annotations

import re

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_KEPT_BY_QT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffc"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)


def displayable(text: str) -> str:
    """The text without characters that Qt's documents use for themselves or can't show."""
    return _KEPT_BY_QT.sub(_REPLACEMENT, text)
