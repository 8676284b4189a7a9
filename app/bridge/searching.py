"""Searches the history while someone types: not at each key, and the latest words alone count.

For: the sidebar's search and the palette, which have one each. It is done in the history's
thread; one search is under way at a time, and one for older words ends and is not told.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.history_worker import HistoryWorker
from app.chats.model import Hit
from app.error_words import words_of

_PAUSE_MS = 120  # between keys; slower typing is answered at each key


class Searching(QObject):
    """Tells what was found for the words that were asked for last."""

    found = Signal(str, object)  # the words, and their hits in a tuple
    failed = Signal(str)

    def __init__(self, history: HistoryWorker, limit: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._limit = limit
        self._wanted = ""
        self._turn = 0  # another whenever the words change, also back to what they were
        self._is_under_way = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._search)

    def ask(self, words: str) -> None:
        """Search for these, soon; no words end it."""
        self._want(words)
        if self._wanted:
            self._pause.start()
        else:
            self._pause.stop()

    def ask_at_once(self, words: str) -> None:
        """The same, without a pause: chats have changed."""
        self._want(words)
        self._pause.stop()
        self._search()

    def _want(self, words: str) -> None:
        if words.strip() != self._wanted:
            self._wanted = words.strip()
            self._turn += 1

    def _search(self) -> None:
        words, turn = self._wanted, self._turn
        if not words or self._is_under_way:
            return
        self._is_under_way = True
        self._history.do(
            lambda history: history.store.search(words, self._limit, lambda: self._turn == turn),
            lambda hits: self._on_found(turn, hits),
            what_failed="",
            on_failure=lambda error: self._on_failed(turn, error),
        )

    def _on_found(self, turn: int, hits: tuple[Hit, ...]) -> None:
        self._is_under_way = False
        if turn == self._turn:
            self.found.emit(self._wanted, hits)
        else:
            self._go_on()

    def _on_failed(self, turn: int, error: Exception) -> None:
        self._is_under_way = False
        if turn == self._turn:
            self.failed.emit(words_of(error))
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Other words came meanwhile, and their pause is over."""
        if not self._pause.isActive():
            self._search()
