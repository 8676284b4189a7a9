"""A chat's first title, before its owner gives it another.

For: whoever begins a chat, in the window and in the terminal.
"""

from __future__ import annotations

_TITLE_CHARS = 60


def title_of(question: str) -> str:
    """The beginning of what was asked, on one line, cut between words where that can be."""
    line = " ".join(question.split())
    if len(line) <= _TITLE_CHARS:
        return line
    return line[:_TITLE_CHARS].rsplit(" ", 1)[0] + "…"
