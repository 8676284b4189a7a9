"""The palette over the window: a field, and below it what can be done and opened by name.

For: the window, which says what there is. It closes when something is chosen, by Esc, by a click
beside it, and when the keyboard goes elsewhere; then the keyboard is where it was before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QFocusEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.numbers import whole
from app.theme.depth import paint_card
from app.theme.icons import Icon
from app.theme.metrics import DEPTH, RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.announcing import announce
from app.widgets.label import Label
from app.widgets.palette_list import PaletteView
from app.widgets.palette_rows import PaletteItem, PaletteRow
from app.widgets.search_field import KeyedField
from app.widgets.sidebar_row import paint_key_cap

_MOST_ROWS = 11  # more are scrolled
_STAYING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class PaletteField(KeyedField):
    """Without a frame. Tab moves about in the list: there is nowhere else to go."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setFont(font_of(Type.READING))
        self.setAccessibleName(self.tr("Find a command or a chat"))
        self.setPlaceholderText(self.tr("Find a command or a chat"))

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802
        """Down or up."""
        self.stepped.emit(1 if is_next else -1)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Something else took the keyboard, and not for a moment only."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYING:
            self.left.emit()


class Palette(QWidget):
    """Covers its parent with a scrim, and shows the card on it."""

    ACCESS_ROLE: ClassVar = QAccessible.Role.Dialog

    asked = Signal(str)  # what is typed, at first nothing
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._before: QWidget | None = None
        self._said = ""
        self.setAccessibleName(self.tr("Command palette"))
        self.field = PaletteField(self)
        self.view = PaletteView(theme, self)
        self.words = Label(theme, "", Type.SMALL, Ink.TEXT3, parent=self)
        self.field.textChanged.connect(self._on_typed)
        self.field.stepped.connect(self._on_stepped)
        self.field.entered.connect(self.view.choose_now)
        self.field.escaped.connect(self.close_now)
        self.field.left.connect(self._on_left)
        self.view.chosen.connect(self._on_chosen)
        theme.changed.connect(self._place)
        parent.installEventFilter(self)
        self.hide()

    def open_now(self) -> None:
        """Be ready to be typed into."""
        self._before = QApplication.focusWidget()
        self.field.forget()
        self._said = ""
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.asked.emit("")

    def close_now(self) -> None:
        """Go away, and give the keyboard back."""
        if not self.isVisible():
            return
        before, self._before = self._before, None
        had_focus = self.field.hasFocus()
        self.hide()
        self.field.forget()
        self.view.rows.show_items(())
        self._said = ""
        if had_focus and before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def show_items(self, items: Sequence[PaletteItem], *, keeps_place: bool = False) -> None:
        """These are what there is now; the first is meant, or still the one that was."""
        number = self.view.currentIndex().row() if keeps_place else -1
        self.view.rows.show_items(items)
        self.view.setCurrentIndex(self.view.rows.index(number))
        if self.view.rows.row_at(number) is None:
            self.view.step(1)
        self._place()
        self._say_found()

    def say(self, sentence: str) -> None:
        """What is said where there is nothing."""
        self.words.setText(sentence)
        self._place()
        if not self.view.rows.rowCount():
            self._say(sentence)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of what is covered."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click beside the card closes."""
        if not self._card().contains(event.position().toPoint()):
            self.close_now()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Scrim, card, glass, cap and line."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor(tokens.shadow)
        shade.setAlphaF(tokens.shadow_percent / 100.0)
        painter.fillRect(self.rect(), shade)
        card = QRectF(self._card())
        paint_card(painter, card, RADIUS.composer, DEPTH.dialog, tokens)
        head = self._head()
        size = float(SIZE.icon)
        glass = QRectF(head.left() + SPACE.xl, head.center().y() - size / 2.0, size, size)
        self._theme.icons.paint(painter, Icon.SEARCH, glass, tokens.text2)
        paint_key_cap(painter, head.adjusted(0, 0, -SPACE.lg, 0), self.tr("Esc"), tokens)
        painter.setPen(QColor(tokens.line))
        painter.drawLine(head.bottomLeft(), head.bottomRight())

    def _card(self) -> QRect:
        width = min(SIZE.palette, self.width() - 2 * SPACE.xl)
        top = min(SIZE.palette_top, self.height() // 6)
        rows = self.view.height_up_to(_MOST_ROWS * SIZE.palette_row) or SIZE.palette_row
        most = self.height() - top - SPACE.xl
        height = min(SIZE.palette_field + rows + 2 * SPACE.sm, most)
        return QRect((self.width() - width) // 2, top, width, height)

    def _head(self) -> QRect:
        card = self._card()
        return QRect(card.left(), card.top(), card.width(), SIZE.palette_field)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        card, head = self._card(), self._head()
        left = SPACE.xl + SIZE.icon + SPACE.sm
        cap = SIZE.row + SPACE.xl
        self.field.setGeometry(head.adjusted(left, SPACE.sm, -cap, -SPACE.sm))
        below = card.adjusted(SPACE.sm, SIZE.palette_field + SPACE.sm, -SPACE.sm, -SPACE.sm)
        self.view.setGeometry(below)
        self.words.setGeometry(below.adjusted(SPACE.md, 0, -SPACE.md, 0))
        has_rows = self.view.rows.rowCount() > 0
        self.view.setVisible(has_rows)
        self.words.setVisible(not has_rows)
        self.update()

    def _on_typed(self, words: str) -> None:
        if self.isVisible():  # what is forgotten while it opens or closes is no question
            self.asked.emit(words)

    def _on_stepped(self, by: int) -> None:
        if self.view.step(by):
            self._say(self._row_words())

    def _say_found(self) -> None:
        """The row that is meant, and how many there are where something was asked for."""
        row = self._row_words()
        found = self.tr("Found: {count}. {row}")
        count = whole(self.view.rows.count_of_choices())
        self._say(found.format(count=count, row=row) if row and self.field.text() else row)

    def _say(self, sentence: str) -> None:
        """What is found late comes on its own: the same again is not said again."""
        if sentence != self._said:
            announce(self, sentence)
        self._said = sentence

    def _row_words(self) -> str:
        return str(self.view.currentIndex().data() or "")

    def _on_left(self) -> None:
        """Whoever took the keyboard keeps it."""
        if self.isVisible():
            self.close_now()

    def _on_chosen(self, row: PaletteRow) -> None:
        """Closed first: what is run may want the keyboard."""
        self.close_now()
        row.run()
