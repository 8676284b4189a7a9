"""The queue of downloads on the models page: a row for each that waits, and what its buttons ask.

For: `WindowDownloads`, which has the next one begin.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.download_queue import DownloadQueue, Wanted
from app.library.mixes import BITS
from app.pages.models.downloads import DownloadsSection
from app.pages.models.waiting_row import WaitingRow
from app.theme.theme import Theme


class WaitingDownloads(QObject):
    """In the order of the queue."""

    given_up = Signal()  # one of them, by the user

    def __init__(self, theme: Theme, section: DownloadsSection) -> None:
        super().__init__(section)
        self._theme = theme
        self._section = section
        self._queue = DownloadQueue()
        self._rows: dict[str, WaitingRow] = {}
        self._ahead = ""
        self._is_paused = False

    @property
    def keys(self) -> frozenset[str]:
        """Of the models that wait."""
        return self._queue.keys()

    def add(self, wanted: Wanted) -> None:
        """It waits behind all others."""
        if self._queue.add(wanted):
            bits = BITS.get(wanted.mix) if isinstance(wanted.model, int) else None
            row = self._rows[wanted.key] = WaitingRow(self._theme, wanted.title, bits)
            row.sooner.connect(partial(self._on_sooner, wanted.key))
            row.ended.connect(partial(self._on_ended, wanted.key))
            self._show()

    def take(self) -> Wanted | None:
        """The next one, which waits no more; None where none does."""
        wanted = self._queue.take()
        self._show()
        return wanted

    def clear(self) -> None:
        """None waits."""
        self._queue.clear()
        self._show()

    def wait_for(self, ahead: str, *, is_paused: bool) -> None:
        """What is on its way before them, or rests."""
        if (ahead, is_paused) != (self._ahead, self._is_paused):
            self._ahead, self._is_paused = ahead, is_paused
            self._show()

    def _on_sooner(self, key: str) -> None:
        self._queue.move_to_front(key)
        self._show()

    def _on_ended(self, key: str) -> None:
        self._queue.remove(key)
        self._show()
        self.given_up.emit()

    def _show(self) -> None:
        self._rows = {each.key: self._rows[each.key] for each in self._queue}
        for place, row in enumerate(self._rows.values(), start=1):
            row.show_place(place, self._ahead, is_paused=self._is_paused)
        self._section.show_waiting(tuple(self._rows.values()))
