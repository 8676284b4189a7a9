"""The palette's list: groups with their rows, hits marked, shortcuts and excerpts at the right.

For: `Palette`, whose field keeps the keyboard.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.access_parts import Act, press
from app.widgets.cut_rows import CutRowsDelegate, Index
from app.widgets.palette_rows import PaletteItem, PaletteLabel, PaletteRow
from app.widgets.rows_view import RowsView
from app.widgets.search_text import MarkedStyle, paint_marked, plain, width_of
from app.widgets.sidebar_row import cap_width, key_words, paint_key_cap

_ROOT = QModelIndex()
_NAME = MarkedStyle(Type.INTERFACE, Ink.TEXT)
_ASIDE = MarkedStyle(Type.CAPTION, Ink.TEXT2)
_LEAST_NAME = 0.4  # of the width, where an excerpt stands beside it


class PaletteRole(IntEnum):
    """What a row has beside its text."""

    ITEM = Qt.ItemDataRole.UserRole + 1


class PaletteModel(QAbstractListModel):
    """The rows as they were given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[PaletteItem, ...] = ()

    def show_items(self, items: Sequence[PaletteItem]) -> None:
        """These, and no other."""
        self.beginResetModel()
        self._items = tuple(items)
        self.endResetModel()

    def row_at(self, number: int) -> PaletteRow | None:
        """What can be chosen there; None for a label, and beyond the end."""
        item = self._items[number] if 0 <= number < len(self._items) else None
        return item if isinstance(item, PaletteRow) else None

    def count_of_choices(self) -> int:
        """How many rows can be chosen."""
        return sum(isinstance(item, PaletteRow) for item in self._items)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Labels and rows."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A row's words, and all of it for drawing."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == PaletteRole.ITEM:
            return item
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if isinstance(item, PaletteLabel):
            return item.words
        aside = plain(item.aside) or item.keys
        return f"{plain(item.name)}. {aside}" if aside else plain(item.name)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Labels can't be chosen."""
        if self.row_at(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class PaletteDelegate(CutRowsDelegate):
    """Labels are a little lower than rows."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """A row and the gap under it."""
        is_label = isinstance(index.data(PaletteRole.ITEM), PaletteLabel)
        return QSize(0, SIZE.row if is_label else SIZE.palette_row + SPACE.tick)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A label, or a row with what stands at its right."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        item = index.data(PaletteRole.ITEM)
        area: QRect = option.rect
        if isinstance(item, PaletteRow):
            state: QStyle.StateFlag = option.state
            is_meant = bool(state & QStyle.StateFlag.State_Selected)
            self._paint_row(painter, area.adjusted(0, 0, 0, -SPACE.tick), item, is_meant=is_meant)
        elif isinstance(item, PaletteLabel):
            painter.setFont(font_of(Type.CAPTION_MEDIUM))
            painter.setPen(QColor(self._theme.tokens.text3))
            words = area.adjusted(SPACE.row, SPACE.xs, -SPACE.row, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, item.words)
        painter.restore()

    def cut_words(self, width_px: int, index: Index) -> str:
        """A name that is cut is said whole under the mouse."""
        row = index.data(PaletteRole.ITEM)
        if isinstance(row, PaletteRow):
            room = width_px - 3 * SPACE.md - SIZE.icon_sm
            if width_of(row.name, _NAME.type) > room - self._right_px(row, room):
                return plain(row.name)
        return ""

    def _right_px(self, row: PaletteRow, room_px: int) -> int:
        """How much of a row's room goes to what stands at its right."""
        if row.keys:
            return cap_width(key_words(QKeySequence(row.keys))) + SPACE.md
        if not row.aside:
            return 0
        name = min(width_of(row.name, _NAME.type), room_px * _LEAST_NAME)
        aside = math.ceil(width_of(row.aside, _ASIDE.type)) + 1
        return min(aside, room_px - int(name) - SPACE.xl) + SPACE.md

    def _paint_row(
        self, painter: QPainter, area: QRect, row: PaletteRow, *, is_meant: bool
    ) -> None:
        tokens = self._theme.tokens
        if is_meant:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(QRectF(area), RADIUS.control, RADIUS.control)
        inside = area.adjusted(SPACE.md, 0, -SPACE.md, 0)
        size = float(SIZE.icon_sm)
        top = inside.top() + (inside.height() - size) / 2.0
        ink = tokens.accent if is_meant else tokens.text2
        place = QRectF(inside.left(), top, size, size)
        self._theme.icons.paint(painter, row.icon, place, ink)
        inside.setLeft(inside.left() + SIZE.icon_sm + SPACE.md)
        right = self._paint_right(painter, inside, row)
        inside.setRight(inside.right() - right)
        paint_marked(painter, _in_middle(inside, _NAME.type.line_px), row.name, _NAME, tokens)

    def _paint_right(self, painter: QPainter, inside: QRect, row: PaletteRow) -> int:
        """The cap, or what was found elsewhere; how much room it takes."""
        tokens, taken = self._theme.tokens, self._right_px(row, inside.width())
        if row.keys:
            paint_key_cap(painter, inside, key_words(QKeySequence(row.keys)), tokens)
        elif row.aside:
            place = _in_middle(inside, _ASIDE.type.line_px)
            place.setLeft(place.left() + place.width() - (taken - SPACE.md))
            paint_marked(painter, place, row.aside, _ASIDE, tokens)
        return taken


class PaletteView(RowsView):
    """The mouse chooses by a click; the keyboard stays in the field."""

    chosen = Signal(object)  # a PaletteRow

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Commands and chats"))
        self.rows = PaletteModel(self)
        self.show_rows(theme, self.rows, PaletteDelegate(theme, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(lambda index: self._choose(index.row()))

    def step(self, by: int) -> bool:
        """Mean another row, passing over labels; False where there is none that way."""
        count, now = self.rows.rowCount(), self.currentIndex().row()
        direction = 1 if by > 0 else -1
        goal = now
        for number in range(now + direction, count if by > 0 else -1, direction):
            if self.rows.row_at(number) is not None:
                goal = number
                if (number - now) * direction >= abs(by):
                    break
        self.setCurrentIndex(self.rows.index(goal))
        if goal <= 1:  # with the name of the first group
            self.scrollToTop()
        return goal != now

    def choose_now(self) -> None:
        """Choose the row that is meant."""
        self._choose(self.currentIndex().row())

    def height_up_to(self, most: int) -> int:
        """How high the list is with all its rows, as far as `most`: it is asked for each move."""
        height = 0
        for number in range(self.rows.rowCount()):
            height += self.sizeHintForRow(number)
            if height >= most:
                return most
        return height

    def acts_of(self, index: QModelIndex) -> tuple[Act, ...]:
        """Each can be chosen."""
        number = index.row()
        return (press(self.tr("Choose"), lambda: self._choose(number)),)

    def _choose(self, number: int) -> None:
        row = self.rows.row_at(number)
        if row is not None:
            self.chosen.emit(row)


def _in_middle(area: QRect, height: int) -> QRect:
    return QRect(area.left(), area.top() + (area.height() - height) // 2, area.width(), height)
