"""A page of texts that few open: made when it is opened first, over whatever is seen.

For: `HelpDesk` and `LicencesDesk`. The start does not wait for such a page.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject

from app.main_window import MainWindow
from app.page_over import PageOver
from app.pages.help.page import HelpPage
from app.window_history import Services

_Page = TypeVar("_Page", bound=HelpPage)


class ReadingDesk(QObject, Generic[_Page]):
    """Makes the page, opens it and leaves it again."""

    def __init__(self, services: Services, window: MainWindow) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._made: tuple[_Page, PageOver] | None = None

    @property
    def page(self) -> _Page:
        """The page, made when it is first asked for."""
        return self._make()[0]

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._made is not None and self._made[1].is_open

    def leave(self) -> None:
        """Back to what was seen before."""
        if self._made is not None:
            self._made[1].leave()

    def close(self) -> bool:
        """The window goes: end the page's threads; False if one would not end."""
        return self._made is None or self._made[0].text.end_workers()

    def _new_page(self) -> _Page:
        raise NotImplementedError

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
