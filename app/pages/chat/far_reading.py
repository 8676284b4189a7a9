"""Answers that are read by the markup process: what came of each, or its source in its place.

For `AnswerReader`, in its thread; `drop`, `forget` and `close` are of the window’s. Free of Qt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.airlock.markup_process import Growth, MarkupProcess, UnreadableError
from app.airlock.sealed_process import WorkerError
from app.markup.blocks import Block
from app.markup.reading import as_source


@dataclass(frozen=True)
class FarRead:
    """The blocks of a text; `is_source`: it could not be read, and stands as it was written."""

    blocks: tuple[Block, ...]
    is_source: bool = False
    is_behind: bool = False  # it grows, and some of it is not read yet


class FarReader:
    """One process, one text at a time. `epoch` counts how often all that was asked was dropped."""

    def __init__(self, process: MarkupProcess | None = None) -> None:
        self._process = process or MarkupProcess()
        self._turn = threading.Lock()
        self._is_asking = False
        self.epoch = 0

    def read(self, text: str, epoch: int) -> FarRead | None:
        """A whole text; None where it was dropped."""
        return self._asked(lambda: FarRead(self._process.read(text)), text, epoch)

    def grow(self, growth: Growth, text: str, steps: int, epoch: int) -> FarRead | None:
        """A text that grows, some steps further; None where it was dropped."""

        def work() -> FarRead:
            self._process.grow(growth, text, steps)
            return FarRead(tuple(growth.blocks), is_behind=growth.is_behind)

        return self._asked(work, text, epoch)

    def drop(self) -> None:
        """Nobody wants any more what was asked."""
        with self._turn:
            self.epoch += 1
            if self._is_asking:
                self._process.interrupt()

    def forget(self) -> None:
        """Drop all, and let nothing of any text be left in the process."""
        with self._turn:
            self.epoch += 1
            self._process.interrupt()

    def close(self) -> None:
        """End the process, for good."""
        self._process.close()

    def _asked(self, work: Callable[[], FarRead], text: str, epoch: int) -> FarRead | None:
        with self._turn:
            if epoch != self.epoch:
                return None
            self._is_asking = True
        try:
            found = work()
        except (WorkerError, UnreadableError):
            found = None
        finally:
            with self._turn:
                self._is_asking = False
        if epoch != self.epoch:
            return None
        return found or FarRead(as_source(text), is_source=True)
