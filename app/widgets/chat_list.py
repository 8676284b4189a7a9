"""The chats in the sidebar, with what can be done with several, or words where there are none.

For: the sidebar. It shows what it is given and asks by signals; it stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from PySide6.QtCore import QItemSelectionModel, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemDelegate, QApplication, QVBoxLayout, QWidget

from app.chats.model import Conversation
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.chat_groups import next_midnight_s
from app.widgets.chat_list_bar import ChatListBar
from app.widgets.chat_list_model import ChatListModel
from app.widgets.chat_list_view import ChatListView
from app.widgets.label import Label

_MS_PER_S = 1000
_LONGEST_WAIT_MS = 3_600_000  # a timer does not count the time that a computer sleeps


class ChatList(QWidget):
    """The view, or what is said where there are no chats. What is asked for names chats by ids."""

    opened = Signal(int)
    rename_requested = Signal(int, str)
    pin_requested = Signal(object, bool)
    export_requested = Signal(object)
    delete_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_id: int | None = None
        self._waiting: list[Callable[[], None]] = []  # until a title is written
        self.model = ChatListModel(self)
        self.view = ChatListView(theme, self.model)
        self.bar = ChatListBar(theme)
        self.words = Label(theme, "", Type.SMALL, Ink.TEXT3, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE.sm, 0, 0)
        column.setSpacing(0)
        words = QVBoxLayout()
        words.setContentsMargins(SPACE.row, SPACE.sm, SPACE.row, 0)
        words.addWidget(self.words)
        self.view.setMinimumHeight(1)  # where room is short it gives way first: it scrolls
        column.addLayout(words)
        column.addWidget(self.view, 1)
        column.addWidget(self.bar)
        column.addStretch(0)
        self.view.hide()
        self._midnight = QTimer(self)
        self._midnight.setSingleShot(True)
        self._midnight.timeout.connect(self._on_midnight)
        self._connect()

    def show_chats(self, chats: Iterable[Conversation]) -> None:
        """These, and no other."""
        found = tuple(chats)
        self._change(lambda: self.model.show_chats(found))
        self._wait_for_midnight()

    def say(self, words: str) -> None:
        """What is said where there are no chats."""
        self.words.setText(words)
        self._show_what_there_is()

    def put(self, chat: Conversation) -> None:
        """A chat is new, or another than before."""
        self._change(lambda: self.model.put(chat))

    def take(self, chat_id: int) -> None:
        """A chat is gone."""
        self.take_all((chat_id,))

    def take_all(self, chat_ids: Collection[int]) -> None:
        """Chats are gone."""
        self._change(lambda: self.model.take(chat_ids))

    def rename_now(self, chat_id: int) -> None:
        """Write another title of a chat in its place."""
        self.view.setFocus()
        self.view.rename_now(self.model.index_of(chat_id))

    def lock_exports(self, who: str) -> None:
        """Show exporting as off, and who decided that; who asks for it nevertheless is told."""
        self.view.lock_exports()
        self.bar.lock_export(who)

    def mark_open(self, chat_id: int | None) -> None:
        """Which chat is shown."""
        self._open_id = chat_id
        self.view.select_chat(chat_id)

    def mark_answering(self, chat_id: int | None) -> None:
        """Which chat is being answered."""
        self.model.mark_answering(chat_id)

    def chat(self, chat_id: int) -> Conversation | None:
        """A chat of the list."""
        return self.model.chat_at(self.model.index_of(chat_id))

    def _change(self, change: Callable[[], None]) -> None:
        """Change the rows; the place in the list, the open chat and the keyboard's row stay."""
        if self.view.is_renaming():
            self._waiting.append(change)
            return
        now, bar = self.view.chat_now(), self.view.verticalScrollBar()
        place = bar.value()
        change()
        self.view.select_chat(self._open_id)
        if now is not None:
            index = self.model.index_of(now.id)
            flags = QItemSelectionModel.SelectionFlag
            self.view.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        self._show_what_there_is()
        self.view.doItemsLayout()
        bar.setValue(place)
        self._show_marks()

    def _show_what_there_is(self) -> None:
        has_chats = self.model.rowCount() > 0
        self.view.setVisible(has_chats)
        self.words.setVisible(not has_chats and bool(self.words.text()))

    def _on_title_written(self, _editor: QWidget, _hint: QAbstractItemDelegate.EndEditHint) -> None:
        waiting, self._waiting = self._waiting, []
        for change in waiting:
            # Not in the middle of the view's own closing.
            QTimer.singleShot(0, self, lambda act=change: self._change(act))

    def _wait_for_midnight(self) -> None:
        wait_ms = int(next_midnight_s(datetime.now().astimezone()) * _MS_PER_S) + 1
        self._midnight.start(max(1, min(wait_ms, _LONGEST_WAIT_MS)))

    def _on_midnight(self) -> None:
        self._change(self.model.regroup)
        self._wait_for_midnight()

    def _marked_ids(self) -> tuple[int, ...]:
        return tuple(chat.id for chat in self.model.marked)

    def _show_marks(self) -> None:
        marked = self.model.marked
        has_focus = self.bar.isAncestorOf(QApplication.focusWidget() or self)
        are_pinned = bool(marked) and all(chat.is_pinned for chat in marked)
        self.bar.show_marks(len(marked), are_pinned=are_pinned)
        if not marked and has_focus:
            self.view.setFocus()

    def _connect(self) -> None:
        bar = self.bar
        bar.pin_requested.connect(lambda must: self.pin_requested.emit(self._marked_ids(), must))
        bar.export_requested.connect(lambda: self.export_requested.emit(self._marked_ids()))
        bar.delete_requested.connect(lambda: self.delete_requested.emit(self._marked_ids()))
        bar.ended.connect(lambda: self.model.mark(()))
        self.model.marks_changed.connect(self._show_marks)
        self.view.opened.connect(self.opened)
        self.view.pin_requested.connect(self.pin_requested)
        self.view.export_requested.connect(self.export_requested)
        self.view.delete_requested.connect(self.delete_requested)
        self.view.itemDelegate().closeEditor.connect(self._on_title_written)
        self.model.renamed.connect(self.rename_requested)
