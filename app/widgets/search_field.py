"""Where words to search for are typed; keys that move about in what was found leave by signals.

For: the sidebar's search and the palette. It searches for nothing itself.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of
from app.widgets.cut_words import cut_placeholder, tells_cut
from app.widgets.escape import claims_escape

_MOST_CHARS = 200
ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PAGE_ROWS = 8
_PAGES = {Qt.Key.Key_PageDown: _PAGE_ROWS, Qt.Key.Key_PageUp: -_PAGE_ROWS}


class KeyedField(QLineEdit):
    """A line of text whose arrows, Enter and Esc belong to the list below it."""

    stepped = Signal(int)  # rows down, or up where below 0
    entered = Signal()
    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(_MOST_CHARS)

    def forget(self) -> None:
        """Empty it, and what Ctrl+Z could bring back."""
        self.setText("")  # unlike clear(), it can't be undone

    def event(self, event: QEvent) -> bool:
        """Esc is this field's, before the window's shortcut; a placeholder that is cut is said
        whole under the mouse.
        """
        if claims_escape(event) or tells_cut(event, self, partial(cut_placeholder, self)):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Hand on what is the list's."""
        step = _STEPS.get(Qt.Key(event.key())) or _PAGES.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.stepped.emit(step)
        elif event.key() in ENTER_KEYS:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class SearchField(KeyedField):
    """The sidebar's, as high as a row, with room at the right for a button."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFont(font_of(Type.SMALL))
        self.setFixedHeight(SIZE.row)
        self.setAccessibleName(self.tr("Search all chats"))
        self.setPlaceholderText(self.tr("Search all chats"))
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        lead = SIZE.icon_sm + SPACE.sm - SPACE.tick
        self.setTextMargins(lead, 0, SIZE.toast_button - SPACE.sm, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The field, and a glass at its left."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = float(SIZE.icon_sm)
        place = QRectF(SPACE.row, (self.height() - size) / 2.0, size, size)
        self._theme.icons.paint(painter, Icon.SEARCH, place, self._theme.tokens.text3)
