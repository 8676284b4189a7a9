"""What a search found, as rows of the sidebar.

For: `SearchResults`. It shows what it is given; searching is the history's matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QDate,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTime,
)

from app.chats.model import Hit
from app.dates import day_words
from app.markup.visible import visible
from app.widgets.one_line import one_line
from app.widgets.search_match import Pieces
from app.widgets.search_text import MOST_CHARS, led_in, plain

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MS_PER_S = 1000


class HitRole(IntEnum):
    """What a row has beside its text."""

    HIT = Qt.ItemDataRole.UserRole + 1
    TITLE = Qt.ItemDataRole.UserRole + 2  # its pieces
    DATE = Qt.ItemDataRole.UserRole + 3
    EXCERPT = Qt.ItemDataRole.UserRole + 4  # its pieces; none where the title was found


class SearchModel(QAbstractListModel):
    """The hits, the best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []
        self._shown: dict[int, tuple[Pieces, Pieces]] = {}  # titles and excerpts, by row

    def show_hits(self, hits: Iterable[Hit]) -> None:
        """These, and no other."""
        self.beginResetModel()
        self._hits = list(hits)
        self._shown = {}
        self.endResetModel()

    def take(self, chat_ids: Collection[int]) -> None:
        """Chats are gone, and what was found in them."""
        if any(hit.conversation_id in chat_ids for hit in self._hits):
            self.show_hits([hit for hit in self._hits if hit.conversation_id not in chat_ids])

    def hit_at(self, index: _Index) -> Hit | None:
        """The hit of a row."""
        return self._hits[index.row()] if index.isValid() else None

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """As many as were found."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A row's words, and its parts for drawing."""
        hit = self.hit_at(index)
        if hit is None:
            return None
        if index.row() not in self._shown:
            self._shown[index.row()] = self._title(hit), excerpt_of(hit)
        title, excerpt = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return plain(title)
            case Qt.ItemDataRole.AccessibleTextRole:
                parts = (plain(title), date_words(hit.created_at_ms), plain(excerpt))
                return ". ".join(part for part in parts if part)
            case HitRole.HIT:
                return hit
            case HitRole.TITLE:
                return title
            case HitRole.DATE:
                return date_words(hit.created_at_ms)
            case HitRole.EXCERPT:
                return excerpt
        return None

    def _title(self, hit: Hit) -> Pieces:
        if hit.message_id is None and hit.excerpt:
            return _shown(hit.excerpt)
        return ((one_line(hit.title) or self.tr("Untitled chat"), False),)


def excerpt_of(hit: Hit) -> Pieces:
    """What was found in a message; nothing where the title was found."""
    return () if hit.message_id is None else _shown(led_in(hit.excerpt))


def date_words(at_ms: int, now: datetime | None = None) -> str:
    """A day, short: today as a time, this year without the year."""
    try:
        then = datetime.fromtimestamp(at_ms / _MS_PER_S).astimezone()
    except (OverflowError, ValueError, OSError):  # no calendar has it
        return ""
    now = now or datetime.now().astimezone()
    locale = QLocale()
    if then.date() == now.date():
        return locale.toString(QTime(then.hour, then.minute), QLocale.FormatType.ShortFormat)
    day = QDate(then.year, then.month, then.day)
    return day_words(day, is_short=True, has_year=then.year != now.year)


def _shown(pieces: Pieces) -> Pieces:
    """With what can't be seen spelled out, and no more than fits."""
    shown: list[tuple[str, bool]] = []
    room = MOST_CHARS
    for text, is_found in pieces:
        if room <= 0:
            break
        shown.append((visible(text[:room]), is_found))
        room -= len(shown[-1][0])
    return tuple(shown)
