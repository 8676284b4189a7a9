"""The files that lie beside what is typed in one chat, until they are sent. Free of Qt.

For: `Drafts`, which has the pile of the chat that is shown, and the composer, which shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.bridge.history_worker import Place
from app.chats.chat_record import ChatRecord
from app.pages.chat.turns import Attached
from app.widgets.field_room import fits_field

_GAP = "\n\n"


@dataclass(frozen=True)
class Held:
    """One file; `key` is its own."""

    key: int
    attached: Attached


@dataclass(eq=False)
class Pile:
    """The files of one chat. It may grow when its chat was left: `home` is where that is kept
    then, and `heir` the pile that took its place when the chat was shown again.
    """

    files: tuple[Held, ...] = field(default=())
    home: tuple[ChatRecord, Place] | None = None
    heir: Pile | None = None

    @property
    def attached(self) -> tuple[Attached, ...]:
        """The files themselves."""
        return tuple(held.attached for held in self.files)

    def newest(self) -> Pile:
        """The pile that is this one now."""
        return self if self.heir is None else self.heir.newest()

    def take(self, key: int) -> Held | None:
        """Remove a file."""
        found = next((held for held in self.files if held.key == key), None)
        self.files = tuple(held for held in self.files if held.key != key)
        return found

    def drop(self, held: Held) -> None:
        """Remove a file, if it is here."""
        self.take(held.key)

    def put(self, files: Iterable[Held]) -> None:
        """Add files at the end."""
        self.files = (*self.files, *files)


def parted(kept: str) -> tuple[str, str]:
    """What is too long for a field, as a text to attach and the last paragraph to type on in."""
    text, gap, typed = kept.rpartition(_GAP)
    return (text, typed) if gap and fits_field(typed, was_typed=True) else (kept, "")
