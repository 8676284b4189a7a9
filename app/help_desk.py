"""Opens the help page over whatever is seen.

For: `Application`. Page and texts are made when the help is opened first.
"""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.main_window import MainWindow
from app.pages.help.page import HelpPage
from app.pages.help.topics import read_topics
from app.reading_desk import ReadingDesk
from app.settings import Language
from app.theme.assets import MissingAssetError
from app.window_history import Services


class HelpDesk(ReadingDesk[HelpPage]):
    """The help in the language that the window speaks."""

    shortcuts_requested = Signal()
    licences_requested = Signal()

    def __init__(self, services: Services, window: MainWindow, language: Language) -> None:
        super().__init__(services, window)
        self._language = language
        self._is_read = False

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

    def _new_page(self) -> HelpPage:
        page = HelpPage(self._services.theme, self._services.notices)
        page.shortcuts_requested.connect(self.shortcuts_requested)
        page.licences_requested.connect(self.licences_requested)
        return page
