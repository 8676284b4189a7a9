"""Opens the page of the licences over whatever is seen, and leaves it again.

For: `Application`. The list is read beside the window, when the page is opened first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from app.licences.reading import licences
from app.main_window import MainWindow
from app.page_over import PageOver
from app.pages.help.licences import LicencesPage, licence_topics
from app.pages.help.topics import Topic
from app.theme.icons import Icon
from app.widgets.palette_commands import Command
from app.window_history import Services


class LicencesDesk(QObject):
    """Whose works the program consists of."""

    def __init__(self, services: Services, window: MainWindow) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._is_read = False
        self._is_reading = False
        self._made: tuple[LicencesPage, PageOver] | None = None

    @property
    def page(self) -> LicencesPage:
        """The page, made when it is first asked for."""
        return self._make()[0]

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._made is not None and self._made[1].is_open

    def open(self) -> None:
        """Show the page, where it was left."""
        page, over = self._make()
        over.open()
        if self._is_read or self._is_reading:
            return
        self._is_reading = True
        page.show_reading()
        self._services.tasks.run(
            lambda: licence_topics(licences()),
            self._on_read,
            what_failed="",
            on_failure=self._on_failed,
        )

    def leave(self) -> None:
        """Back to what was seen before."""
        if self._made is not None:
            self._made[1].leave()

    def close(self) -> bool:
        """The window goes: end the page's threads; False if one would not end."""
        return self._made is None or self._made[0].text.end_workers()

    def command(self, open_page: Callable[[], object]) -> Command:
        """For the palette; `open_page` opens the page in the place of another."""
        words = self.tr("Open source, Copyright, Qt, About")
        return Command(self.tr("Licences"), Icon.FILE, open_page, "", words)

    def _on_read(self, topics: tuple[Topic, ...]) -> None:
        self._is_reading, self._is_read = False, True
        self.page.show_read()
        self.page.show_topics(topics)

    def _on_failed(self, error: Exception) -> None:
        """The next opening tries again."""
        self._is_reading = False
        self.page.show_read()
        self._services.notices.error(error)

    def _on_notice(self, notice: Any) -> None:
        if self.is_open:
            self.page.toasts.show_notice(notice)

    def _make(self) -> tuple[LicencesPage, PageOver]:
        if self._made is None:
            page = LicencesPage(self._services.theme, self._services.notices)
            self._made = page, PageOver(self._window, page)
            page.left.connect(self.leave)
            self._services.notices.posted.connect(self._on_notice)
        return self._made
