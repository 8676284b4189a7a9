"""Says how many chats are marked, and what can be done with them together.

For: the sidebar's list. It asks by signals.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.numbers import whole
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.announcing import announce
from app.widgets.button import IconButton
from app.widgets.cut_words import is_cut
from app.widgets.label import Label, set_plain_tooltip


class ChatListBar(QWidget):
    """A line below the list, for as long as chats are marked."""

    pin_requested = Signal(bool)
    export_requested = Signal()
    delete_requested = Signal()
    ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._must_pin = True
        self._count = 0
        self._sentence = ""
        self.words = Label(theme, "", Type.SMALL_MEDIUM, Ink.TEXT2, grow=True)
        self.pin = self._button(theme, Icon.PIN, self.tr("Pin"))
        self.export = self._button(theme, Icon.EXPORT, self.tr("Export…"))
        self.delete = self._button(theme, Icon.DELETE, self.tr("Delete"))
        self.delete.rename(self.tr("Delete"), "Del")
        self.end = self._button(theme, Icon.CLOSE, self.tr("Unmark all"))
        self.end.rename(self.tr("Unmark all"), "Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.row, SPACE.xs, 0, SPACE.xs)
        row.setSpacing(SPACE.tick)
        row.addWidget(self.words, 1)
        for button in (self.pin, self.export, self.delete, self.end):
            row.addWidget(button)
        self.pin.clicked.connect(lambda _checked: self.pin_requested.emit(self._must_pin))
        self.export.clicked.connect(self.export_requested)
        self.delete.clicked.connect(self.delete_requested)
        self.end.clicked.connect(self.ended)
        self.hide()

    def lock_export(self, who: str) -> None:
        """Show that it is off, and who decided that."""
        self.export.set_icon(Icon.LOCKED, Ink.TEXT3)
        self.export.rename(self.tr("Export (off)"))
        set_plain_tooltip(self.export, f"{self.tr('Export (off)')}\n{who}")

    def show_marks(self, count: int, *, are_pinned: bool) -> None:
        """So many are marked; none: the line goes."""
        self._must_pin = not are_pinned
        self.pin.set_icon(Icon.UNPIN if are_pinned else Icon.PIN, Ink.TEXT2)
        self.pin.rename(self.tr("Unpin") if are_pinned else self.tr("Pin"))
        words = self.tr("Marked: {count}").format(count=whole(count))
        is_news = count > 0 if self.isHidden() else words != self._sentence
        self._count, self._sentence = count, words
        self._say()
        if is_news:
            announce(self, words if count else self.tr("No chat is marked any more."))
        self.setVisible(count > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """There may be room for other words."""
        super().resizeEvent(event)
        self._say()

    def _say(self) -> None:
        """The number alone, rather than words without it."""
        buttons = (self.pin, self.export, self.delete, self.end)
        room = self.width() - SPACE.row - sum(one.width() + SPACE.tick for one in buttons)
        is_short = is_cut(self.words, self._sentence, room)
        self.words.setText(whole(self._count) if is_short else self._sentence)
        set_plain_tooltip(self.words, self._sentence if is_short else "")

    def _button(self, theme: Theme, icon: Icon, name: str) -> IconButton:
        return IconButton(theme, icon, name, size=SIZE.toast_button, icon_size=SIZE.icon_sm)
