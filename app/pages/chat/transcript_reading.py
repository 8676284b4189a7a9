"""Reads the Markdown of long answers off the window's thread, and brings the parser in.

For `Transcript`, which decides what is read when.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.bridge.tasks import Tasks
from app.collector import uncollected
from app.markup.reading import read
from app.notices import Notices
from app.pages.chat.transcript_turn import ReadAnswer, TurnRows


class AnswerReader(QObject):
    """One thread for all answers: whoever scrolls on has what is in sight last, and soon."""

    def __init__(self, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = Tasks(notices, self, workers=1, name="markup")
        self._reading: set[int] = set()
        self._is_warming = False

    def is_ready(self, on_ready: Callable[[], None]) -> bool:
        """Whether Markdown can be read at once; else its parser is brought in, elsewhere."""
        if "app.markup.parsing" in sys.modules:
            return True
        if not self._is_warming:
            self._is_warming = True
            what_failed = self.tr("Answers cannot be shown.")
            self._tasks.run(_bring_parser, lambda _done: on_ready(), what_failed=what_failed)
        return False

    def read(self, made: TurnRows, column_px: int, on_read: Callable[[TurnRows], None]) -> None:
        """Read a turn's answer, and again if it is another by then; then tell."""
        turn = made.turn
        if turn.turn_id in self._reading:
            return
        self._reading.add(turn.turn_id)

        def take(answer: ReadAnswer) -> None:
            self._reading.discard(turn.turn_id)
            if made.turn.answer == turn.answer:
                made.take(answer.blocks, answer.rows)
                on_read(made)
            elif not made.is_live:
                self.read(made, column_px, on_read)

        what_failed = self.tr("An answer can’t be shown.")
        work = made.reading(column_px)
        self._tasks.run(lambda: _uncollected(work), take, what_failed=what_failed)

    def forget(self) -> None:
        """Another chat is shown: what is being read is nobody's."""
        self._reading.clear()

    def close(self) -> bool:
        """End the thread; False if it would not end."""
        return self._tasks.close()


def _uncollected(work: Callable[[], ReadAnswer]) -> ReadAnswer:
    """The result of some work; what it makes for a moment would have the collector walk over all
    that is there several times, which holds the window up for as long.
    """
    with uncollected():
        return work()


def _bring_parser() -> None:
    read("")
