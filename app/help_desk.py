"""Opens the help page over whatever is seen. For: `Application`."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.main_window import MainWindow
from app.pages.help.page import HelpPage
from app.pages.help.topics import Topic, read_topics
from app.reading_desk import ReadingDesk
from app.settings import Language
from app.window_history import Services


class HelpDesk(ReadingDesk[HelpPage]):
    """The help in the language that the window speaks."""

    shortcuts_requested = Signal()
    licences_requested = Signal()

    def __init__(self, services: Services, window: MainWindow, language: Language) -> None:
        super().__init__(services, window)
        self._language = language

    def _read(self) -> tuple[Topic, ...]:
        return read_topics(self._language.value)

    def _new_page(self) -> HelpPage:
        page = HelpPage(self._services.theme, self._services.notices)
        page.shortcuts_requested.connect(self.shortcuts_requested)
        page.licences_requested.connect(self.licences_requested)
        return page
