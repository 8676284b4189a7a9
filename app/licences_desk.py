"""Opens the page of the licences over whatever is seen, and leaves it again.

For: `Application`. The list is read beside the window, when the page is opened first.
"""

from __future__ import annotations

from collections.abc import Callable

from app.licences.reading import licences
from app.main_window import MainWindow
from app.pages.help.licences import LicencesPage, licence_topics
from app.pages.help.topics import Topic
from app.reading_desk import ReadingDesk
from app.theme.icons import Icon
from app.widgets.palette_commands import Command
from app.window_history import Services


class LicencesDesk(ReadingDesk[LicencesPage]):
    """Whose works the program consists of."""

    def __init__(self, services: Services, window: MainWindow) -> None:
        super().__init__(services, window)
        self._is_read = False
        self._is_reading = False

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

    def _new_page(self) -> LicencesPage:
        return LicencesPage(self._services.theme, self._services.notices)
