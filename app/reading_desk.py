"""A page of texts that few open: made when it is opened first, over whatever is seen.

For: `HelpDesk` and `LicencesDesk`. The start does not wait for such a page, and the page does not
wait for its texts: they are read beside the window.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject

from app.main_window import MainWindow
from app.page_over import PageOver
from app.pages.help.page import HelpPage
from app.pages.help.topics import Topic
from app.window_history import Services

_Page = TypeVar("_Page", bound=HelpPage)


class ReadingDesk(QObject, Generic[_Page]):
    """Makes the page, opens it and leaves it again."""

    def __init__(self, services: Services, window: MainWindow) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._made: tuple[_Page, PageOver] | None = None
        self._is_read = False
        self._is_reading = False

    @property
    def page(self) -> _Page:
        """The page, made when it is first asked for."""
        return self._make()[0]

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._made is not None and self._made[1].is_open

    def open(self) -> None:
        """Show the page, where it was left; texts that can't be read are told, and read again at
        the next opening.
        """
        page, over = self._make()
        over.open()
        if self._is_read or self._is_reading:
            return
        self._is_reading = True
        page.show_reading()
        self._services.tasks.run(
            self._read, self._on_read, what_failed="", on_failure=self._on_failed
        )

    def leave(self) -> None:
        """Back to what was seen before."""
        if self._made is not None:
            self._made[1].leave()

    def close(self) -> bool:
        """The window goes: end the page's threads; False if one would not end."""
        return self._made is None or self._made[0].text.end_workers()

    def _new_page(self) -> _Page:
        raise NotImplementedError

    def _read(self) -> tuple[Topic, ...]:
        """The texts; not on the window's thread."""
        raise NotImplementedError

    def _on_read(self, topics: tuple[Topic, ...]) -> None:
        self._is_reading, self._is_read = False, True
        self.page.show_read()
        self.page.show_topics(topics)

    def _on_failed(self, error: Exception) -> None:
        self._is_reading = False
        self.page.show_read()
        self._services.notices.error(error)

    def _on_notice(self, notice: Any) -> None:
        if self.is_open:
            self.page.toasts.show_notice(notice)

    def _make(self) -> tuple[_Page, PageOver]:
        if self._made is None:
            page = self._new_page()
            self._made = page, PageOver(self._window, page)
            page.left.connect(self.leave)
            self._services.notices.posted.connect(self._on_notice)
        return self._made
