"""The sidebar's chats as rows: a label before each group, then its chats.

For: `ChatList`. It shows what it is given and asks by signals; which chats there are is the
history's matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from enum import IntEnum
from itertools import groupby

from PySide6.QtCore import (
    QAbstractListModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.chats.model import Conversation
from app.widgets.chat_groups import Group, Month, Span, grouper, in_order
from app.widgets.one_line import one_line

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ChatRole(IntEnum):
    """What a row has beside its text."""

    CHAT = Qt.ItemDataRole.UserRole + 1  # the Conversation; None for a label
    IS_ANSWERING = Qt.ItemDataRole.UserRole + 2
    IS_MARKED = Qt.ItemDataRole.UserRole + 3  # one of several that something is to be done with


class ChatListModel(QAbstractListModel):
    """All chats, in groups; of 5,000 only those on the screen cost anything."""

    renamed = Signal(int, str)
    marks_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chats: dict[int, Conversation] = {}
        self._rows: list[Conversation | Group] = []
        self._answering_id: int | None = None
        self._marked: frozenset[int] = frozenset()

    @property
    def answering_id(self) -> int | None:
        """Which chat is being answered."""
        return self._answering_id

    @property
    def has_marks(self) -> bool:
        """Whether any chat is marked."""
        return bool(self._marked)

    @property
    def marked(self) -> tuple[Conversation, ...]:
        """The chats that are marked, in the order of the list."""
        if not self._marked:
            return ()
        rows = (row for row in self._rows if isinstance(row, Conversation))
        return tuple(row for row in rows if row.id in self._marked)

    @property
    def chats(self) -> tuple[Conversation, ...]:
        """All of them, in the order of the list."""
        return tuple(row for row in self._rows if isinstance(row, Conversation))

    def show_chats(self, chats: Iterable[Conversation]) -> None:
        """These, and no other."""
        self._chats = {chat.id: chat for chat in chats}
        self.regroup()
        self.mark(self._marked)

    def put(self, chat: Conversation) -> None:
        """A chat is new, or another than before."""
        before = self._chats.get(chat.id)
        self._chats[chat.id] = chat
        if before is not None and replace(before, title=chat.title) == chat:
            self._tell(chat.id)
        else:
            self.regroup()

    def take(self, chat_ids: Collection[int]) -> None:
        """Chats are gone."""
        gone = [self._chats.pop(chat_id, None) for chat_id in chat_ids]
        if any(chat is not None for chat in gone):
            self.regroup()
            self.mark(self._marked)

    def mark(self, chat_ids: Iterable[int]) -> None:
        """Mark these, and no other; those that are not here are passed over."""
        before, self._marked = self._marked, frozenset(chat_ids) & self._chats.keys()
        if self._marked == before:
            return
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self.marks_changed.emit()

    def turn_mark(self, chat_id: int) -> None:
        """Mark a chat, or no longer."""
        self.mark(self._marked ^ {chat_id})

    def mark_between(self, first_id: int, last_id: int) -> None:
        """Mark two chats and all between them, and no other."""
        rows = sorted((self.index_of(first_id).row(), self.index_of(last_id).row()))
        if rows[0] >= 0:
            between = self._rows[rows[0] : rows[1] + 1]
            self.mark(row.id for row in between if isinstance(row, Conversation))

    def regroup(self, now: datetime | None = None) -> None:
        """Order the rows anew: a day may have begun."""
        group_of = grouper(now or datetime.now().astimezone())
        self.beginResetModel()
        self._rows = []
        for group, chats in groupby(in_order(self._chats.values()), group_of):
            self._rows += [group, *chats]
        self.endResetModel()

    def mark_answering(self, chat_id: int | None) -> None:
        """Which chat is being answered."""
        before, self._answering_id = self._answering_id, chat_id
        for changed in (before, chat_id):
            if changed is not None and before != chat_id:
                self._tell(changed)

    def chat_at(self, index: _Index) -> Conversation | None:
        """The chat of a row, unless it is a label."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        return row if isinstance(row, Conversation) else None

    def index_of(self, chat_id: int | None) -> QModelIndex:
        """The row of a chat; an invalid index where there is none."""
        for number, row in enumerate(self._rows):
            if isinstance(row, Conversation) and row.id == chat_id:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Chats and labels."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A row's words, its chat, and whether it is being answered."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if not isinstance(row, Conversation):
            return self._label(row) if role in _TEXT_ROLES else None
        if role in _TEXT_ROLES:
            return one_line(row.title) or self.tr("Untitled chat")
        if role == Qt.ItemDataRole.EditRole:
            return row.title
        if role == ChatRole.CHAT:
            return row
        if role == ChatRole.IS_ANSWERING:
            return row.id == self._answering_id
        is_marked = row.id in self._marked
        if role == Qt.ItemDataRole.CheckStateRole:  # what a screen reader hears
            return Qt.CheckState.Checked if is_marked else None
        return is_marked if role == ChatRole.IS_MARKED else None

    def setData(  # noqa: N802
        self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Ask for another title; what is shown changes when it is stored."""
        chat = self.chat_at(index)
        title = " ".join(str(value).split())
        if chat is None or role != Qt.ItemDataRole.EditRole:
            return False
        if title and title != chat.title:
            self.renamed.emit(chat.id, title)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Labels can't be chosen."""
        if self.chat_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable

    def _tell(self, chat_id: int) -> None:
        index = self.index_of(chat_id)
        if index.isValid():
            self._rows[index.row()] = self._chats[chat_id]
            self.dataChanged.emit(index, index)

    def _label(self, group: Group) -> str:
        if isinstance(group, Month):
            name = QLocale().standaloneMonthName(group.month)
            is_now = group.year == datetime.now().year
            return name if is_now else f"{name} {group.year}"
        return {
            Span.PINNED: self.tr("Pinned"),
            Span.TODAY: self.tr("Today"),
            Span.YESTERDAY: self.tr("Yesterday"),
            Span.WEEK: self.tr("Previous 7 days"),
            Span.MONTH: self.tr("Previous 30 days"),
        }[group]


_TEXT_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
