"""Counts the tokens of texts in a thread of its own, also while an answer streams.

For: `EngineWorker`, and through it the composer and the meter. The tokenizer lets go of the
interpreter while it counts, so that a megabyte stalls nothing. What was asked before a model
is there, or while it rests, is counted when it is; of one key only the newest text counts.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.bridge.priority import yield_to_the_window
from inference.errors import InferenceError

_log = logging.getLogger(__name__)
_JOIN_TIMEOUT_S = 5.0


class Counts(Protocol):
    """Whoever knows how a text becomes tokens."""

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        """How many tokens each typed text is; from any thread."""
        ...


class TokenCounter(QObject):
    """Belongs to the GUI thread; `use` may be called from any."""

    counted = Signal(object, object)  # the key, and the counts in a tuple

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._has_work = threading.Condition()
        self._pending: dict[object, tuple[str, ...]] = {}
        self._by: Counts | None = None
        self._told_from = 0  # rises when what was asked before is of no interest any more
        self._is_closing = False
        self._thread: threading.Thread | None = None

    def use(self, by: Counts | None) -> None:
        """Count by this model from now on; None: there is none, or it rests."""
        with self._has_work:
            self._by = by
            self._has_work.notify()

    def count(self, key: object, texts: tuple[str, ...]) -> None:
        """`counted` follows under this key, unless another question of it comes before."""
        with self._has_work:
            self._pending.pop(key, None)
            self._pending[key] = texts
            self._has_work.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="counter", daemon=True)
            self._thread.start()

    def forget(self) -> None:
        """What waits is not counted, and what is being counted is not told: nothing of it stays."""
        with self._has_work:
            self._pending.clear()
            self._told_from += 1

    def close(self) -> None:
        """Count nothing more; a text that is being counted is let go."""
        with self._has_work:
            self._is_closing = True
            self._pending.clear()
            self._has_work.notify()
        if self._thread is not None:
            self._thread.join(_JOIN_TIMEOUT_S)

    def _run(self) -> None:
        yield_to_the_window()
        while self._wait_for_work():
            self._count_one()

    def _wait_for_work(self) -> bool:
        """False at the end. While it waits, this thread holds on to no model."""
        with self._has_work:
            while not self._is_closing and (not self._pending or self._by is None):
                self._has_work.wait()
            return not self._is_closing

    def _count_one(self) -> None:
        with self._has_work:
            by = self._by
            if by is None or not self._pending:
                return
            key = next(iter(self._pending))
            texts = self._pending.pop(key)
            asked_at = self._told_from
        try:
            counts = by.count_tokens(texts)
        except (InferenceError, MemoryError):  # a count is a courtesy: the meter estimates
            _log.debug("A text was not counted", exc_info=True)
            return
        with self._has_work:
            is_old = self._is_closing or key in self._pending or asked_at != self._told_from
        if not is_old:
            self.counted.emit(key, counts)
