"""All keys that do something, by what they are about.

For: the window. What is listed comes from the same list of commands as the palette's.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.dialog_foot import closing_foot
from app.widgets.focus_inside import FocusInside
from app.widgets.label import Label
from app.widgets.palette_commands import CommandGroup, KeyHint
from app.widgets.panel import Card, Ground
from app.widgets.scroll_column import ScrollColumn
from app.widgets.sidebar_row import cap_width, key_words, paint_key_cap

_ROW_PAD_PX = (SIZE.row - Type.SMALL.value.line_px) // 2


class KeyCaps(QWidget):
    """The caps of a shortcut, with all the keys by which it goes."""

    def __init__(self, theme: Theme, keys: str) -> None:
        super().__init__()
        self._theme = theme
        self._caps = [key_words(QKeySequence(each)) for each in keys.split(", ")]
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    @property
    def words(self) -> str:
        """As they are read aloud."""
        return ", ".join(self._caps)

    def sizeHint(self) -> QSize:  # noqa: N802
        """All caps in a row."""
        width = sum(cap_width(words) + SPACE.sm for words in self._caps)
        return QSize(width, Type.KEY_CAP.line_px + SPACE.xs)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """From the right to the left."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect()
        for words in reversed(self._caps):
            width = paint_key_cap(painter, area, words, self._theme.tokens)
            area.setRight(area.right() - width - SPACE.sm)


class ShortcutsDialog(QDialog):
    """Groups of rows, scrolled by the arrows."""

    def __init__(self, theme: Theme, hints: Sequence[KeyHint], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        width = min(SIZE.dialog, parent.width())
        self.setFixedWidth(width)
        column = QVBoxLayout()
        column.setContentsMargins(SPACE.xxl, SPACE.xxl, SPACE.xxl, SPACE.lg)
        column.setSpacing(SPACE.sm)
        column.addWidget(Label(theme, self.tr("Keyboard shortcuts"), Type.CARD_TITLE))
        for group, rows in groupby(hints, lambda hint: hint.group):
            column.addSpacing(SPACE.sm)
            column.addWidget(Label(theme, self._title(group), Type.SMALL_STRONG, Ink.TEXT2))
            column.addWidget(self._card(tuple(rows)))
        column.addStretch(1)
        content = QWidget()
        content.setLayout(column)
        self.area = ScrollColumn(self.tr("Keyboard shortcuts"), content)
        FocusInside(theme, self.area)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.area, 1)
        outer.addLayout(closing_foot(self._theme, self.tr("Close"), self))
        wanted = content.heightForWidth(width) + SIZE.button + 2 * SPACE.lg
        self.resize(width, min(wanted, parent.height() - 2 * SPACE.section))
        self.area.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.surface))

    def _card(self, hints: tuple[KeyHint, ...]) -> QWidget:
        card = Card(self._theme, Ground.RAISED, outlined=True)
        rows = QVBoxLayout(card)
        rows.setContentsMargins(SPACE.lg, SPACE.xs, SPACE.lg, SPACE.xs)
        rows.setSpacing(0)
        for hint in hints:
            rows.addWidget(self._row(hint))
        return card

    def _row(self, hint: KeyHint) -> QWidget:
        holder = QWidget()
        caps = KeyCaps(self._theme, hint.keys)
        holder.setAccessibleName(f"{hint.name}: {caps.words}")
        name = Label(self._theme, hint.name, Type.SMALL, wrap=True)
        row = BesideLayout(name, (caps,), lambda: SIZE.slider, SPACE.md)
        row.setContentsMargins(0, _ROW_PAD_PX, 0, _ROW_PAD_PX)
        holder.setLayout(row)
        return holder

    def _title(self, group: CommandGroup) -> str:
        return {
            CommandGroup.CHATS: self.tr("Chats"),
            CommandGroup.WRITING: self.tr("While writing"),
            CommandGroup.READING: self.tr("While reading"),
            CommandGroup.LIST: self.tr("In the list of chats"),
            CommandGroup.WINDOW: self.tr("The window"),
        }[group]
