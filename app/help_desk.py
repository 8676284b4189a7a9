"""Opens the help page over whatever is seen, and leaves it again.

For: `Application`. Page and texts are made when the help is opened first: the start does not wait
for what few open.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.main_window import MainWindow
from app.page_over import PageOver
from app.pages.help.page import HelpPage
from app.pages.help.topics import read_topics
from app.settings import Language
from app.theme.assets import MissingAssetError
from app.window_history import Services


class HelpDesk(QObject):
    """The help in the language that the window speaks."""

    shortcuts_requested = Signal()
    licences_requested = Signal()

    def __init__(self, services: Services, window: MainWindow, language: Language) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._language = language
        self._is_read = False
        self._made: tuple[HelpPage, PageOver] | None = None

    @property
    def page(self) -> HelpPage:
        """The page, made when it is first asked for."""
        return self._make()[0]

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._made is not None and self._made[1].is_open

    def open(self) -> None:
        """Show the page, where it was left; an installation without its texts is told."""
        page, over = self._make()
        if not self._is_read:
            try:
                page.show_topics(read_topics(self._language.value))
            except MissingAssetError as error:
                self._services.notices.error(error)
                return
            self._is_read = True
        over.open()

    def leave(self) -> None:
        """Back to what was seen before."""
        if self._made is not None:
            self._made[1].leave()

    def close(self) -> bool:
        """The window goes: end the page's threads; False if one would not end."""
        return self._made is None or self._made[0].text.end_workers()

    def _on_notice(self, notice: Any) -> None:
        if self.is_open:
            self.page.toasts.show_notice(notice)

    def _make(self) -> tuple[HelpPage, PageOver]:
        if self._made is None:
            page = HelpPage(self._services.theme, self._services.notices)
            self._made = page, PageOver(self._window, page)
            page.left.connect(self.leave)
            page.shortcuts_requested.connect(self.shortcuts_requested)
            page.licences_requested.connect(self.licences_requested)
            self._services.notices.posted.connect(self._on_notice)
        return self._made
