"""Standard streams for a program that has none: Windows gives a window's program no console.

For: `app/roles.py`, before anything is written. What Pitcher itself says there before its window is
open (“pitcher: …”) is shown in a box instead; what libraries write is dropped. Where there are
streams nothing is changed.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

_OURS = "pitcher: "
_ERROR_ICON = 0x10  # MB_ICONERROR


class SentenceStream(io.TextIOBase):
    """Takes text, and hands on each whole line that is Pitcher's own sentence."""

    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self._show = show
        self._line = ""

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, text: str) -> int:
        """As every text stream's."""
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            if line.startswith(_OURS):
                self._show(line.removeprefix(_OURS))
        return len(text)


def fill(show: Callable[[str], None] | None = None) -> None:
    """Put something in the place of each standard stream that is missing."""
    # Open for the process's whole life.
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = SentenceStream(show or show_box)


def show_box(sentence: str) -> None:
    """In a box of the system's, until it is closed; nowhere but on Windows there is one."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, sentence, "Pitcher", _ERROR_ICON)
