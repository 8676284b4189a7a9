"""The one door to the screen for errors, and for short news.

Services and controllers post here; the window shows what is posted as toasts. An error stays
until it is dismissed, news leaves by itself. No widget is named here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from app.error_words import words_of


class NoticeKind(StrEnum):
    """How serious it is; only news leaves by itself."""

    NEWS = "news"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class NoticeAction:
    """The one thing that can be done about it."""

    label: str
    run: Callable[[], None]


@dataclass(frozen=True)
class Notice:
    """One sentence for the user, ready to be shown."""

    kind: NoticeKind
    text: str
    action: NoticeAction | None = None


class Notices(QObject):
    """Takes notices from anywhere on the GUI thread; keeps those posted before a window is up."""

    posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Notice] = []
        self._is_shown = False

    def error(self, text: str | Exception, action: NoticeAction | None = None) -> None:
        """Something failed: an error, a sentence of Qt-free code, or words of the window's."""
        self._post(Notice(NoticeKind.ERROR, _shown(text), action))

    def warning(self, text: str, action: NoticeAction | None = None) -> None:
        """Something needs attention; it stays as an error does."""
        self._post(Notice(NoticeKind.WARNING, _shown(text), action))

    def news(self, text: str, action: NoticeAction | None = None) -> None:
        """Something worth a line happened."""
        self._post(Notice(NoticeKind.NEWS, _shown(text), action))

    def show_on(self, show: Callable[[Notice], None]) -> None:
        """Name who shows them, once; what was posted before is shown now."""
        self.posted.connect(show)
        self._is_shown = True
        waiting, self._waiting = self._waiting, []
        for notice in waiting:
            self.posted.emit(notice)

    def _post(self, notice: Notice) -> None:
        if self._is_shown:
            self.posted.emit(notice)
        else:
            self._waiting.append(notice)


def _shown(text: str | Exception) -> str:
    """What the window worded itself is in its language already."""
    return text if type(text) is str else words_of(text)
