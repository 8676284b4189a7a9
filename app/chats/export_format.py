"""The forms in which chats leave the history.

For: the command line's grammar, which must not wait for what writes them, and `exporting`.
"""

from __future__ import annotations

from enum import StrEnum


class ExportFormat(StrEnum):
    """How chats are written. JSON has everything; the other two are for reading."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"

    @property
    def suffix(self) -> str:
        """What names of such files end in."""
        return ".md" if self is ExportFormat.MARKDOWN else f".{self.value}"
