"""A token of the Hub, for models whose makers want to know who asks.

For: the courier's window, which takes it, and `transport`, which sends it to the Hub's own host
alone. It is kept nowhere, and no text made of it shows more than its end.
"""

from __future__ import annotations

import re

from app.airlock.download.errors import TokenError
from inference.sentence import said

_TOKEN = re.compile(r"hf_[A-Za-z0-9]{20,60}")
_SHOWN_CHARACTERS = 4


class Token:
    """One that looks like one; made by `hub_token`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @property
    def shown(self) -> str:
        """What may be shown of it: `hf_…` and its last four characters."""
        return f"hf_…{self._text[-_SHOWN_CHARACTERS:]}"

    def authorization(self) -> str:
        """The value of the header that carries it."""
        return f"Bearer {self._text}"

    def __repr__(self) -> str:
        return f"Token({self.shown})"


def hub_token(text: str) -> Token:
    """The token that a user typed, spaces around it left out; raises TokenError."""
    bare = text.strip()
    if _TOKEN.fullmatch(bare) is None:
        raise TokenError(
            said(
                "This is no token of the Hub: one begins with hf_, and 20 to 60 letters and "
                "digits follow. Nothing was sent."
            )
        )
    return Token(bare)
