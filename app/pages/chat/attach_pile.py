"""The files that lie beside what is typed in one chat, until they are sent. Free of Qt.

For: `Drafts`, which has a pile for each chat in memory, and the composer, which shows one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.pages.chat.turns import Attached

_GAP = "\n\n"


@dataclass(frozen=True)
class Held:
    """One file. `is_pasted`: it was on the clipboard and is in no file; `key` is its own."""

    key: int
    attached: Attached
    is_pasted: bool = False


@dataclass(eq=False)
class Pile:
    """The files of one chat; it may grow while another chat is shown."""

    files: tuple[Held, ...] = field(default=())

    def take(self, key: int) -> Held | None:
        """Remove a file."""
        found = next((held for held in self.files if held.key == key), None)
        self.files = tuple(held for held in self.files if held.key != key)
        return found

    def put(self, files: Iterable[Held]) -> None:
        """Add files at the end."""
        self.files = (*self.files, *files)

    def with_typed(self, typed: str) -> str:
        """What is kept of a draft: pasted texts are nowhere else, so they stand before it."""
        pasted = [held.attached.text for held in self.files if held.is_pasted]
        return _GAP.join((*pasted, typed)) if pasted else typed

    def typed_of(self, kept: str) -> str:
        """The reverse: of what is kept, what is not in this pile."""
        before = self.with_typed("")
        return kept[len(before) :] if kept.startswith(before) else kept


def parted(kept: str) -> tuple[str, str]:
    """What is too long for a field, as a text to attach and the last paragraph to type on in."""
    text, gap, typed = kept.rpartition(_GAP)
    return (text, typed) if gap and fits_field(typed, was_typed=True) else (kept, "")


# Measured: typing in a paragraph of 8,000 characters takes 12 ms a key, in one of 16,000 up to 60;
# showing 24,000 characters takes 50 ms.
_MOST_CHARACTERS = 24_000
_MOST_LINES = 4_000
_LONGEST_PARAGRAPH = 8_000
_TYPED = 2  # what someone typed to such a length stays text


def fits_field(text: str, *, was_typed: bool = False) -> bool:
    """Whether a text can be typed in without delay; what does not fit goes as a file."""
    times = _TYPED if was_typed else 1
    if len(text) > times * _MOST_CHARACTERS:
        return False
    lines = text.split("\n")
    longest = max(len(line) for line in lines)
    return len(lines) <= times * _MOST_LINES and longest <= times * _LONGEST_PARAGRAPH
