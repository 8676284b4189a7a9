"""The rows of the sidebar's chats: opened by click or Enter, renamed in place, several marked.

For: `ChatList`. The open chat is the selected row, the keyboard's row has a ring, and those that
something is to be done with together have a check: Ctrl+click, Shift+click, Shift with the
arrows, Ctrl+A.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QWidget,
)

from app.chats.model import Conversation
from app.numbers import whole
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.access_parts import Act, press
from app.widgets.chat_list_delegate import SHOWS_FOCUS, ChatRowDelegate
from app.widgets.chat_list_model import ChatListModel
from app.widgets.chat_list_pebbles import RowPebbles
from app.widgets.escape import claims_escape
from app.widgets.rows_view import RowsView

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)
_BY_MOUSE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)
_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class ChatListView(RowsView):
    """Asks by signals; chats are named by their ids, in a tuple."""

    opened = Signal(int)
    pin_requested = Signal(object, bool)
    export_requested = Signal(object)
    delete_requested = Signal(object)

    def __init__(self, theme: Theme, model: ChatListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Chats"))
        self._chats = model
        self._modifiers = _NONE  # of the click that is under way
        self._anchor_id: int | None = None
        self._is_selecting = False
        self._are_exports_off = False
        delegate = ChatRowDelegate(theme, self)
        self.show_rows(theme, model, delegate)
        self.pebbles = RowPebbles(theme, self, model, delegate)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.clicked.connect(self._on_clicked)
        self.selectionModel().selectionChanged.connect(self._on_selected)

    def lock_exports(self) -> None:
        """Show exporting as off, set by others."""
        self._are_exports_off = True

    def is_renaming(self) -> bool:
        """Whether a title is being written."""
        return self.state() == QAbstractItemView.State.EditingState

    def select_chat(self, chat_id: int | None) -> None:
        """Mark the chat that is open."""
        index = self._chats.index_of(chat_id)
        flags = QItemSelectionModel.SelectionFlag
        self._is_selecting = True
        self.selectionModel().select(
            index, flags.ClearAndSelect if index.isValid() else flags.Clear
        )
        self._is_selecting = False

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
        """What can be done with a chat, or with all that are marked if it is one of them."""
        marked = self._chats.marked
        several = chat in marked and len(marked) > 1
        menu = QMenu(self)
        rows = self._rows_of_several(marked) if several else self._rows_of(chat)
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

    def event(self, event: QEvent) -> bool:
        """Esc takes the marks away before it stops an answer."""
        if self._chats.has_marks and claims_escape(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter opens, F2 renames, Del deletes; Space opens too, and with Ctrl marks."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        # What a title's field leaves over comes here too.
        if self.is_renaming():
            event.ignore()
        elif event.key() == Qt.Key.Key_Escape and self._chats.has_marks:
            self._chats.mark(())
        elif (chat := self.chat_now()) is None:
            super().keyPressEvent(event)
        elif modifiers:
            self._press_with(modifiers, chat, event)
        else:
            self._press(chat, event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Know which keys were held."""
        self._modifiers = event.modifiers()
        super().mouseReleaseEvent(event)
        self._modifiers = _NONE

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

    def acts_of(self, index: QModelIndex) -> tuple[Act, ...]:
        """A chat can be opened, and all that its menu has."""
        chat = self._chats.chat_at(index)
        if chat is None:
            return ()
        rows = ((text.partition("\t")[0], act) for text, act in self._rows_of(chat))
        others = (Act(words, words, act) for words, act in rows)
        return (press(self.tr("Open"), lambda: self._open(chat)), *others)

    def _rows_of(self, chat: Conversation) -> _MenuRows:
        pin = self.tr("Unpin") if chat.is_pinned else self.tr("Pin")
        return (
            (self.tr("Rename\tF2"), lambda: self.rename_now(self._chats.index_of(chat.id))),
            (pin, lambda: self.pin_requested.emit((chat.id,), not chat.is_pinned)),
            (
                self._export_words(self.tr("Export…")),
                lambda: self.export_requested.emit((chat.id,)),
            ),
            (self.tr("Delete\tDel"), lambda: self.delete_requested.emit((chat.id,))),
        )

    def _rows_of_several(self, marked: tuple[Conversation, ...]) -> _MenuRows:
        ids = tuple(chat.id for chat in marked)
        must_pin = not all(chat.is_pinned for chat in marked)
        pin = self.tr("Pin {count} chats") if must_pin else self.tr("Unpin {count} chats")
        words = (
            pin,
            self._export_words(self.tr("Export {count} chats…")),
            self.tr("Delete {count} chats\tDel"),
        )
        acts: tuple[Callable[[], object], ...] = (
            lambda: self.pin_requested.emit(ids, must_pin),
            lambda: self.export_requested.emit(ids),
            lambda: self.delete_requested.emit(ids),
        )
        count = whole(len(ids))
        return tuple((text.format(count=count), act) for text, act in zip(words, acts, strict=True))

    def _export_words(self, words: str) -> str:
        off = self.tr("Export (off, set by your organisation)")
        return off if self._are_exports_off else words

    def _press(self, chat: Conversation, event: QKeyEvent) -> None:
        if event.key() in (*_ENTER_KEYS, Qt.Key.Key_Space):
            self._open(chat)
        elif event.key() == Qt.Key.Key_F2:
            self.rename_now()
        elif event.key() == Qt.Key.Key_Delete:
            marked = tuple(each.id for each in self._chats.marked)
            self.delete_requested.emit(marked or (chat.id,))
        else:
            if event.key() in _MOVES:
                self._anchor_id = None
            super().keyPressEvent(event)

    def _press_with(
        self, modifiers: Qt.KeyboardModifier, chat: Conversation, event: QKeyEvent
    ) -> None:
        if modifiers == _SHIFT and event.key() in _MOVES:
            anchor_id = chat.id if self._anchor_id is None else self._anchor_id
            super().keyPressEvent(QKeyEvent(event.type(), event.key(), _NONE))
            self._mark_to(anchor_id, self.chat_now() or chat)
        elif modifiers == _CTRL and event.key() == Qt.Key.Key_A:
            self._chats.mark(each.id for each in self._chats.chats)
        elif modifiers == _CTRL and event.key() == Qt.Key.Key_Space:
            self._chats.turn_mark(chat.id)
            self._anchor_id = chat.id
        else:
            super().keyPressEvent(event)

    def _mark_to(self, anchor_id: int, chat: Conversation) -> None:
        self._chats.mark_between(anchor_id, chat.id)
        self._anchor_id = anchor_id

    def _open(self, chat: Conversation) -> None:
        self._chats.mark(())
        self._anchor_id = chat.id
        self.opened.emit(chat.id)

    def _show_focus(self, is_shown: bool) -> None:
        self.setProperty(SHOWS_FOCUS, is_shown)
        self.viewport().update()

    def _on_selected(self, selected: QItemSelection, _before: QItemSelection) -> None:
        """To a screen reader, selecting a row is how it is opened."""
        indexes = [] if self._is_selecting else selected.indexes()
        chat = self._chats.chat_at(indexes[0]) if indexes else None
        if chat is not None:
            self._open(chat)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._show_focus(False)
        chat = self._chats.chat_at(index)
        if chat is None:
            return
        if self._modifiers & _SHIFT:
            self._mark_to(chat.id if self._anchor_id is None else self._anchor_id, chat)
        elif self._modifiers & _CTRL:
            self._chats.turn_mark(chat.id)
            self._anchor_id = chat.id
        else:
            self._open(chat)


_MenuRows = tuple[tuple[str, Callable[[], object]], ...]
