"""Reads the Markdown of long answers off the window's thread, and brings the parser in.

For `Transcript`, which decides what is read when. What takes long is read in a process of its own
(`far_reading`): a thread that parses has the interpreter while the window waits for it, 30 to 50 ms
of a frame.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.airlock.markup_process import Growth
from app.bridge.tasks import Tasks
from app.collector import uncollected
from app.markup.growing import STEP_CHARACTERS
from app.markup.reading import is_quick, read
from app.notices import Notices
from app.pages.chat.answer_rows import blocks_alike
from app.pages.chat.far_reading import FarRead, FarReader
from app.pages.chat.transcript_turn import ReadAnswer, TurnRows


@dataclass(frozen=True)
class _Read:
    """A long answer's rows, and whether it stands as it was written."""

    answer: ReadAnswer
    is_source: bool


class AnswerReader(QObject):
    """One thread for all answers: whoever scrolls on has what is in sight last, and soon."""

    def __init__(self, notices: Notices, parent: QObject, far: FarReader | None = None) -> None:
        super().__init__(parent)
        self._notices = notices
        self._tasks = Tasks(notices, self, workers=1, name="markup")
        self._far = far or FarReader()
        self._reading: set[int] = set()  # turns, whose whole answer is read
        self._growing: set[int] = set()  # turns, of whose answer more is read
        self._growths: dict[int, Growth] = {}  # by turns, that grow in the process
        self._numbers = itertools.count(1)
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
        self._growths.pop(turn.turn_id, None)
        epoch = self._far.epoch

        def take(found: _Read | None) -> None:
            if found is None or epoch != self._far.epoch:
                return
            self._reading.discard(turn.turn_id)
            if made.turn.answer == turn.answer:
                made.take(found.answer.blocks, found.answer.rows)
                self._tell(is_source=found.is_source)
                on_read(made)
            elif not made.is_live:
                self.read(made, column_px, on_read)

        rows_of = made.rows_of(column_px)

        def work() -> _Read | None:
            found = self._found(turn.answer, epoch)
            if found is None:
                return None
            return _Read(rows_of(found.blocks), found.is_source)

        self._tasks.run(work, take, what_failed=self.tr("An answer can’t be shown."))

    def grow(self, made: TurnRows, on_grown: Callable[[TurnRows], None]) -> None:
        """Read on in a turn's answer that is too much for the window; tell at each step, until all
        of it is read.
        """
        turn = made.turn
        if turn.turn_id in self._growing:
            return  # it goes on by itself
        self._growing.add(turn.turn_id)
        growth = self._growths.setdefault(turn.turn_id, Growth(next(self._numbers)))
        before, epoch = made.blocks, self._far.epoch
        # What is shown does not become less at the first step.
        steps = 0 if growth.text else made.read_characters // STEP_CHARACTERS + 1

        def work() -> FarRead | None:
            found = self._far.grow(growth, turn.answer, steps, epoch)
            if found is None:
                return None
            blocks = blocks_alike(before, found.blocks)
            return FarRead(blocks, found.is_source, found.is_behind)

        def take(found: FarRead | None) -> None:
            if found is None or epoch != self._far.epoch:
                return
            self._growing.discard(turn.turn_id)
            if not made.grows_elsewhere:
                return  # it has ended, and is read as a whole
            is_whole = not found.is_behind and made.turn.answer == turn.answer
            made.take_grown(found.blocks, is_whole=is_whole)
            on_grown(made)
            if not is_whole:
                self.grow(made, on_grown)

        self._tasks.run(work, take, what_failed=self.tr("An answer can’t be shown."))

    def drop(self) -> None:
        """Another chat is shown: what is being read is nobody's."""
        self._far.drop()
        self._reading.clear()
        self._growing.clear()
        self._growths.clear()

    def forget(self) -> None:
        """As `drop`, and no text is left where they are read."""
        self.drop()
        self._far.forget()

    def close(self) -> bool:
        """End the thread and the process; False if the thread would not end."""
        self.drop()
        if not self._tasks.close():
            return False
        self._far.close()
        return True

    def _found(self, text: str, epoch: int) -> FarRead | None:
        if not is_quick(text):
            return self._far.read(text, epoch)
        # What it makes would have the collector walk over all that is there several times, which
        # holds the window up for as long.
        with uncollected():
            return FarRead(read(text))

    def _tell(self, *, is_source: bool) -> None:
        if is_source:
            self._notices.warning(
                self.tr("An answer could not be laid out: it is shown as it was written.")
            )


def _bring_parser() -> None:
    read("")
