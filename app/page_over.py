"""A page that is opened over whatever is seen, and left for that again.

For: the desks of the settings and of the help. Another page may come meanwhile by itself, as the
lock screen does; then there is nothing to go back to.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.main_window import MainWindow
from app.pages.base import Page


class PageOver(QObject):
    """`shown_changed` tells whether the page is what is seen, however that came."""

    shown_changed = Signal(bool)

    def __init__(self, window: MainWindow, page: Page) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._before: Page | None = None
        window.add_page(page)
        window.pages.currentChanged.connect(self._on_page_shown)

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._window.page_now() is self._page

    def below(self) -> Page:
        """What is seen, or would be, were the page left."""
        if self.is_open and self._before is not None:
            return self._before
        return self._window.page_now()

    def open(self) -> None:
        """Show the page; a sidebar that lies over all pages goes."""
        if not self.is_open:
            self._before = self._window.page_now()
            self._window.show_page(self._page)
        self._window.shell.close_over()

    def leave(self) -> None:
        """Back to what was seen before."""
        if self.is_open and self._before is not None:
            self._window.show_page(self._before)

    def _on_page_shown(self, _number: int) -> None:
        self.shown_changed.emit(self.is_open)
