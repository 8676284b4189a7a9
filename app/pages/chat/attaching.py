"""Brings files and long texts beside what is typed: chosen, dropped or pasted.

For: the chat page. Files are read once, in background tasks; what can't be attached is told and
changes nothing. What is attached is the drafts'.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.bridge.tasks import Tasks
from app.error_words import words_of
from app.notices import NoticeAction, Notices
from app.pages.chat.attach_pile import Held, Pile
from app.pages.chat.attach_reading import LIMIT_BYTES, AttachError, read_attached
from app.pages.chat.attach_words import (
    MOST_FILES,
    refusal_sentence,
    size_words,
    too_many_sentence,
)
from app.pages.chat.drafts import Drafts
from app.pages.chat.turns import Attached


class Attaching(QObject):
    """The only one that puts files beside a draft."""

    text_wanted = Signal(str)  # a pasted text that shall stand in the field after all

    def __init__(self, drafts: Drafts, tasks: Tasks, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._tasks = tasks
        self._notices = notices
        self._reading = 0

    def attach_files(self, paths: Sequence[Path]) -> None:
        """Read files and put them beside what is typed now, in their order."""
        room = MOST_FILES - len(self._drafts.pile.files) - self._reading
        if len(paths) > room:
            self._notices.warning(too_many_sentence())
        taken = tuple(paths[: max(0, room)])
        if not taken:
            return
        self._reading += len(taken)
        self._tasks.run(
            partial(_read_all, taken),
            partial(self._on_read, self._drafts.pile, len(taken)),
            what_failed="",
            on_failure=partial(self._on_failed, len(taken)),
        )

    def attach_text(self, text: str, *, offers_insertion: bool) -> None:
        """A text that is long for the field goes as a file; it can be put into the field yet."""
        size_bytes = len(text.encode("utf-8", "replace"))
        if size_bytes > LIMIT_BYTES:
            form = self.tr("The text is too large: {size}. Up to {limit} can be attached.")
            self._notices.error(
                form.format(size=size_words(size_bytes), limit=size_words(LIMIT_BYTES))
            )
            return
        if len(self._drafts.pile.files) + self._reading >= MOST_FILES:
            self._notices.warning(too_many_sentence())
            return
        key = self._attach_text(text).key
        action = NoticeAction(self.tr("Insert as text"), partial(self._insert, key))
        self._notices.news(
            self.tr("Pasted as a file: it is long."), action if offers_insertion else None
        )

    def keep_text(self, text: str) -> None:
        """A text that was asked and came back goes as a file, however long it is and however many
        there are: nobody else has it.
        """
        self._attach_text(text)
        self._notices.news(self.tr("Pasted as a file: it is long."))

    def detach(self, key: int) -> None:
        """Take a file away again."""
        self._drafts.detach(key)

    def _attach_text(self, text: str) -> Held:
        size_bytes = len(text.encode("utf-8", "replace"))
        return self._drafts.attach(Attached(self.tr("Pasted text.txt"), text, size_bytes))

    def _insert(self, key: int) -> None:
        """Unless it was sent, taken away, or belongs to a chat that was left."""
        held = self._drafts.detach(key)
        if held is not None:
            self.text_wanted.emit(held.attached.text)

    def _on_read(self, pile: Pile, count: int, files: Sequence[Attached | AttachError]) -> None:
        self._reading -= count
        for file in files:
            if isinstance(file, Attached):
                self._drafts.arrive(file, pile)
            else:
                self._notices.error(refusal_sentence(file))

    def _on_failed(self, count: int, error: Exception) -> None:
        self._reading -= count
        self._notices.error(self.tr("Nothing was attached. {error}").format(error=words_of(error)))


def _read_all(paths: Sequence[Path]) -> list[Attached | AttachError]:
    """In their order; one that can't be read keeps no other back."""
    read: list[Attached | AttachError] = []
    for path in paths:
        try:
            read.append(read_attached(path))
        except AttachError as error:
            read.append(error)
    return read
