"""Opens the help page over whatever is seen, and leaves it again.

For: `Application`. The texts are read when the help is opened first.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.main_window import MainWindow
from app.page_over import PageOver
from app.pages.help.page import HelpPage
from app.pages.help.topics import read_topics
from app.settings import Language
from app.theme.assets import MissingAssetError
from app.window_history import Services


class HelpDesk(QObject):
    """The help in the language that the window speaks."""

    def __init__(self, services: Services, window: MainWindow, language: Language) -> None:
        super().__init__(window)
        self._notices = services.notices
        self._language = language
        self._is_read = False
        self.page = HelpPage(services.theme, services.notices)
        self._over = PageOver(window, self.page)
        self.page.left.connect(self.leave)
        services.notices.posted.connect(self._on_notice)

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._over.is_open

    def open(self) -> None:
        """Show the page, where it was left; an installation without its texts is told."""
        if not self._is_read:
            try:
                self.page.show_topics(read_topics(self._language.value))
            except MissingAssetError as error:
                self._notices.error(error)
                return
            self._is_read = True
        self._over.open()

    def leave(self) -> None:
        """Back to what was seen before."""
        self._over.leave()

    def escape(self) -> bool:
        """What Esc means to the page, if that is what is seen; whether it is."""
        if not self.is_open:
            return False
        self.page.escape()
        return True

    def _on_notice(self, notice: Any) -> None:
        if self.is_open:
            self.page.toasts.show_notice(notice)
