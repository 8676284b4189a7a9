"""What was found in the history: title, date, two lines with the hits marked.

For: the sidebar, in the place of the list of chats while something is searched for. The field
keeps the keyboard and moves the row that is meant; the list can be reached by Tab too.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.chats.model import Hit
from app.numbers import whole
from app.theme.metrics import RADIUS, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.access_parts import Act, press
from app.widgets.announcing import announce
from app.widgets.cut_rows import CutRowsDelegate, Index
from app.widgets.label import Label
from app.widgets.rows_view import RowsView
from app.widgets.search_model import HitRole, SearchModel
from app.widgets.search_text import MarkedStyle, paint_marked, plain, width_of

_TITLE = MarkedStyle(Type.SMALL_MEDIUM, Ink.TEXT)
_EXCERPT = MarkedStyle(Type.CAPTION, Ink.TEXT2, lines=2)
_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HitDelegate(CutRowsDelegate):
    """All rows are of one height, so that the list is laid out at once."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Title, two lines, and the space around them."""
        lines = _TITLE.type.line_px + _EXCERPT.lines * _EXCERPT.type.line_px
        return QSize(0, lines + 2 * SPACE.sm + SPACE.tick)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, title with its date, excerpt."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect.adjusted(0, 0, 0, -SPACE.tick)
        state: QStyle.StateFlag = option.state
        self._paint_ground(painter, area, state)
        inside = area.adjusted(SPACE.row, SPACE.sm, -SPACE.row, -SPACE.sm)
        head = QRect(inside.topLeft(), QSize(inside.width(), _TITLE.type.line_px))
        date_width = self._paint_date(painter, head, str(index.data(HitRole.DATE)))
        head.setRight(head.right() - date_width - SPACE.sm)
        tokens = self._theme.tokens
        paint_marked(painter, head, index.data(HitRole.TITLE), _TITLE, tokens)
        below = inside.adjusted(0, _TITLE.type.line_px, 0, 0)
        paint_marked(painter, below, index.data(HitRole.EXCERPT), _EXCERPT, tokens)
        painter.restore()

    def cut_words(self, width_px: int, index: Index) -> str:
        """A title that is cut is said whole under the mouse."""
        title = index.data(HitRole.TITLE)
        date = QFontMetrics(font_of(Type.CAPTION)).horizontalAdvance(str(index.data(HitRole.DATE)))
        room = width_px - 2 * SPACE.row - date - SPACE.sm
        return plain(title) if width_of(title, _TITLE.type) > room else ""

    def _paint_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        tokens = self._theme.tokens
        is_meant = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = tokens.selected if is_meant else tokens.hover if is_hovered else None
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(area), RADIUS.control, RADIUS.control)
        if is_meant and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(tokens.accent), float(STROKE.ring)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(area).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, RADIUS.control - 1, RADIUS.control - 1)

    def _paint_date(self, painter: QPainter, head: QRect, words: str) -> int:
        painter.setFont(font_of(Type.CAPTION))
        painter.setPen(QColor(self._theme.tokens.text3))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(head, int(flags), words)
        return painter.fontMetrics().horizontalAdvance(words)


class HitListView(RowsView):
    """The rows; the current one is the selected one."""

    opened = Signal(object)  # a Hit
    left = Signal()  # upwards, from the first row

    def __init__(self, theme: Theme, model: SearchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Found"))
        self._hits = model
        self.show_rows(theme, model, HitDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.clicked.connect(self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter opens; Up from the first row goes back to the field."""
        if event.key() in _ENTER_KEYS:
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """There is always a row that is meant."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._hits.index(0))

    def acts_of(self, index: QModelIndex) -> tuple[Act, ...]:
        """Each can be opened."""
        return (press(self.tr("Open"), lambda: self._open(index)),)

    def _open(self, index: QModelIndex) -> None:
        hit = self._hits.hit_at(index)
        if hit is not None:
            self.opened.emit(hit)


class SearchResults(QWidget):
    """The view, or what is said where nothing was found."""

    opened = Signal(object)  # a Hit
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SearchModel(self)
        self.view = HitListView(theme, self.model)
        self.words = Label(theme, "", Type.SMALL, Ink.TEXT3, wrap=True)
        words = QVBoxLayout()
        words.setContentsMargins(SPACE.row, SPACE.sm, SPACE.row, 0)
        words.addWidget(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE.sm, 0, 0)
        column.setSpacing(0)
        column.addLayout(words)
        column.addWidget(self.view, 1)
        column.addStretch(0)
        self.view.opened.connect(self.opened)
        self.view.left.connect(self.left)
        self.clear()

    def clear(self) -> None:
        """Nothing was asked for yet, or no longer."""
        self.model.show_hits(())
        self._say("")

    def show_hits(self, hits: Collection[Hit]) -> None:
        """What was found; the first one is the one that Enter opens."""
        self.model.show_hits(hits)
        self.view.setCurrentIndex(self.model.index(0))
        self._say("" if hits else self.tr("No message and no title has these words."))
        found = self.tr("Found: {count}. {row}").format(count=whole(len(hits)), row=self._row())
        announce(self, self.words.text() or found)

    def say(self, sentence: str) -> None:
        """It was not searched: why."""
        self.model.show_hits(())
        self._say(sentence)
        announce(self, sentence)

    def take(self, chat_ids: Collection[int]) -> None:
        """Chats are gone."""
        self.model.take(chat_ids)

    def step(self, by: int) -> None:
        """The keyboard, in the field, means another row."""
        count = self.model.rowCount()
        if count:
            row = max(0, min(count - 1, self.view.currentIndex().row() + by))
            index = self.model.index(row)
            self.view.setCurrentIndex(index)
            announce(self, self._row())

    def open_now(self) -> None:
        """Open the row that is meant."""
        hit = self.model.hit_at(self.view.currentIndex())
        if hit is not None:
            self.opened.emit(hit)

    def _row(self) -> str:
        """The words of the row that is meant."""
        return str(self.view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) or "")

    def _say(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))
        self.view.setVisible(not sentence)
