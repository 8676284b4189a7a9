"""What fills the context, share by share: what the meter and its popover show. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ShareKind(StrEnum):
    """What a share is of, which gives it its colour."""

    SYSTEM = "system"
    CONVERSATION = "conversation"
    FILE = "file"
    MESSAGE = "message"  # what is being written
    ANSWER = "answer"
    TEMPLATE = "template"


@dataclass(frozen=True)
class Share:
    """One row: its name, in words to show, and its tokens; `is_about` where they are guessed."""

    kind: ShareKind
    name: str
    tokens: int
    is_about: bool = False


@dataclass(frozen=True)
class ContextFill:
    """All of it. Without a model the capacity is not known: 0.

    `kept_tokens` are free now and wanted by the answer.
    """

    shares: tuple[Share, ...] = ()
    capacity_tokens: int = 0
    kept_tokens: int = 0

    @property
    def used_tokens(self) -> int:
        """All shares together."""
        return sum(share.tokens for share in self.shares)

    @property
    def is_about(self) -> bool:
        """Whether any of it is guessed."""
        return any(share.is_about for share in self.shares)

    @property
    def free_tokens(self) -> int:
        """What is neither used nor kept for the answer."""
        return max(0, self.capacity_tokens - self.used_tokens - self.kept_tokens)


# Measured on English prose and source code: 3 to 4 characters a token.
_CHARACTERS_PER_TOKEN = 3.5


def about_tokens(text: str) -> int:
    """A guess at what a text costs, where nobody can count it."""
    return round(len(text) / _CHARACTERS_PER_TOKEN) + 1 if text else 0
