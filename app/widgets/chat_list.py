"""The chats in the sidebar: opened by click or Enter, renamed in place, pinned, exported, deleted.

For: the sidebar. It shows what it is given and asks by signals; it stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from app.chats.model import Conversation
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.chat_groups import next_midnight_s
from app.widgets.chat_list_delegate import SHOWS_FOCUS, ChatRowDelegate
from app.widgets.chat_list_model import ChatListModel
from app.widgets.label import Label

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BY_MOUSE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)
_MS_PER_S = 1000
_LONGEST_WAIT_MS = 3_600_000  # a timer does not count the time that a computer sleeps


class ChatListView(QListView):
    """The rows. The open chat is the selected one; the keyboard's row has a ring."""

    opened = Signal(int)
    pin_requested = Signal(int, bool)
    export_requested = Signal(int)
    delete_requested = Signal(int)

    def __init__(self, theme: Theme, model: ChatListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chats = model
        self.setModel(model)
        self.setItemDelegate(ChatRowDelegate(theme, self))
        self.setAccessibleName(self.tr("Chats"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.viewport().setBackgroundRole(QPalette.ColorRole.NoRole)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self.viewport().update)

    def is_renaming(self) -> bool:
        """Whether a title is being written."""
        return self.state() == QAbstractItemView.State.EditingState

    def select_chat(self, chat_id: int | None) -> None:
        """Mark the chat that is open."""
        index = self._chats.index_of(chat_id)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(
            index, flags.ClearAndSelect if index.isValid() else flags.Clear
        )

    def chat_now(self) -> Conversation | None:
        """The chat that the keyboard means."""
        return self._chats.chat_at(self.currentIndex())

    def rename_now(self, index: QModelIndex | None = None) -> None:
        """Write another title in place."""
        index = self.currentIndex() if index is None else index
        if self._chats.chat_at(index) is not None:
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.edit(index)

    def menu_of(self, chat: Conversation) -> QMenu:
        """What can be done with a chat."""
        menu = QMenu(self)
        pin = self.tr("Unpin") if chat.is_pinned else self.tr("Pin")
        rows: tuple[tuple[str, Callable[[], object]], ...] = (
            (self.tr("Rename\tF2"), lambda: self.rename_now(self._chats.index_of(chat.id))),
            (pin, lambda: self.pin_requested.emit(chat.id, not chat.is_pinned)),
            (self.tr("Export…"), lambda: self.export_requested.emit(chat.id)),
            (self.tr("Delete\tDel"), lambda: self.delete_requested.emit(chat.id)),
        )
        for text, act in rows:
            menu.addAction(text).triggered.connect(lambda _checked, run=act: run())
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def selectionCommand(  # noqa: N802
        self,
        _index: QModelIndex | QPersistentModelIndex,
        _event: QEvent | None = None,
    ) -> QItemSelectionModel.SelectionFlag:
        """Moving about selects nothing: only an open chat is selected."""
        return QItemSelectionModel.SelectionFlag.NoUpdate

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter opens, F2 renames, Del deletes; Space opens too."""
        chat = self.chat_now()
        # What a title's field leaves over comes here too.
        if self.is_renaming():
            event.ignore()
        elif chat is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.key() in (*_ENTER_KEYS, Qt.Key.Key_Space):
            self.opened.emit(chat.id)
        elif event.key() == Qt.Key.Key_F2:
            self.rename_now()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit(chat.id)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """The menu of the chat under the mouse, or of the keyboard's row."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        chat = self._chats.chat_at(index)
        if chat is not None:
            below = self.visualRect(index).bottomLeft() + QPoint(SPACE.row, 0)
            at = event.globalPos() if by_mouse else self.viewport().mapToGlobal(below)
            self.menu_of(chat).popup(at)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """By the keyboard, the row that it means is shown: the open one at first."""
        super().focusInEvent(event)
        if self.chat_now() is None:
            selected = self.selectionModel().selectedIndexes()
            first = selected[0] if selected else self.model().index(1, 0)
            self.setCurrentIndex(first)
        self._show_focus(event.reason() not in _BY_MOUSE)

    def _show_focus(self, is_shown: bool) -> None:
        self.setProperty(SHOWS_FOCUS, is_shown)
        self.viewport().update()

    def _on_clicked(self, index: QModelIndex) -> None:
        self._show_focus(False)
        chat = self._chats.chat_at(index)
        if chat is not None:
            self.opened.emit(chat.id)


class ChatList(QWidget):
    """The view, or what is said where there are no chats."""

    opened = Signal(int)
    rename_requested = Signal(int, str)
    pin_requested = Signal(int, bool)
    export_requested = Signal(int)
    delete_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_id: int | None = None
        self._waiting: list[Callable[[], None]] = []  # until a title is written
        self.model = ChatListModel(self)
        self.view = ChatListView(theme, self.model)
        self.words = Label(theme, "", Type.SMALL, Ink.TEXT3, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE.sm, 0, 0)
        column.setSpacing(0)
        words = QVBoxLayout()
        words.setContentsMargins(SPACE.row, SPACE.sm, SPACE.row, 0)
        words.addWidget(self.words)
        column.addLayout(words)
        column.addWidget(self.view, 1)
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
        self._change(lambda: self.model.take(chat_id))

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

    def _connect(self) -> None:
        self.view.opened.connect(self.opened)
        self.view.pin_requested.connect(self.pin_requested)
        self.view.export_requested.connect(self.export_requested)
        self.view.delete_requested.connect(self.delete_requested)
        self.view.itemDelegate().closeEditor.connect(self._on_title_written)
        self.model.renamed.connect(self.rename_requested)
