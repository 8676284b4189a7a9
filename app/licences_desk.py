"""Opens the page of the licences over whatever is seen, and leaves it again. For: `Application`."""

from __future__ import annotations

from collections.abc import Callable

from app.licences.reading import licences
from app.pages.help.licences import LicencesPage, licence_topics
from app.pages.help.topics import Topic
from app.reading_desk import ReadingDesk
from app.theme.icons import Icon
from app.widgets.palette_commands import Command


class LicencesDesk(ReadingDesk[LicencesPage]):
    """Whose works the program consists of."""

    def command(self, open_page: Callable[[], object]) -> Command:
        """For the palette; `open_page` opens the page in the place of another."""
        words = self.tr("Open source, Copyright, Qt, About")
        return Command(self.tr("Licences"), Icon.FILE, open_page, "", words)

    def _read(self) -> tuple[Topic, ...]:
        return licence_topics(licences())

    def _new_page(self) -> LicencesPage:
        return LicencesPage(self._services.theme, self._services.notices)
