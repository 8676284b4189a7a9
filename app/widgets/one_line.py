"""A title or a name on one line, with all that can't be seen in it spelled out.

For: lists, the header and the window's title. Titles may come from a model or an import.
"""

from __future__ import annotations

from app.markup.visible import visible

_MOST_CHARS = 300  # more never fits a line


def one_line(text: str) -> str:
    """As it is shown, where there is one line for it."""
    return visible(" ".join(text[:_MOST_CHARS].split()))
