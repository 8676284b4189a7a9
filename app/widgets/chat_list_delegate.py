"""How a row of the sidebar's chats is drawn, and how its title is edited in place."""

from __future__ import annotations

from PySide6.QtCore import (
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from app.chats.model import Conversation
from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of
from app.widgets.chat_list_model import ChatRole
from app.widgets.cut_rows import CutRowsDelegate, Index
from app.widgets.pebbles import AT_REST, paint_pebbles

_TITLE_LIMIT = 200
_LABEL_DROP = SPACE.xs  # a label stands nearer to what follows it


class ChatRowDelegate(CutRowsDelegate):
    """All rows are of one height, so that a long list is laid out at once."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.phase = AT_REST  # of the pebbles' wave

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """A row and the gap under it."""
        return QSize(0, SIZE.row + SPACE.tick)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A label, or a chat with what is to be said of it at its right."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect.adjusted(0, 0, 0, -SPACE.tick)
        chat = index.data(ChatRole.CHAT)
        words = str(index.data() or "")
        if isinstance(chat, Conversation):
            state: QStyle.StateFlag = option.state
            self._paint_chat(painter, area, chat, words, state, index)
        else:
            self._paint_label(painter, area, words)
        painter.restore()

    def cut_words(self, width_px: int, index: Index) -> str:
        """A title that is cut is said whole under the mouse."""
        title = str(index.data() or "")
        metrics = QFontMetrics(font_of(Type.SMALL_MEDIUM))
        room = width_px - 2 * SPACE.row - SIZE.pebbles - SPACE.sm
        return title if metrics.horizontalAdvance(title) > room else ""

    def createEditor(  # noqa: N802
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        """A field over the row."""
        field = QLineEdit(parent)
        field.setFont(font_of(Type.SMALL))
        field.setMaxLength(_TITLE_LIMIT)
        field.setAccessibleName(self.tr("Title"))
        field.setTextMargins(SPACE.xs, 0, SPACE.xs, 0)
        return field

    def updateEditorGeometry(  # noqa: N802
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """As large as the row."""
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -SPACE.tick))

    def _paint_label(self, painter: QPainter, area: QRect, words: str) -> None:
        painter.setFont(font_of(Type.CAPTION_MEDIUM))
        painter.setPen(QColor(self._theme.tokens.text3))
        words_area = area.adjusted(SPACE.row, _LABEL_DROP, -SPACE.row, _LABEL_DROP)
        shown = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, words_area.width()
        )
        painter.drawText(words_area, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_chat(
        self,
        painter: QPainter,
        area: QRect,
        chat: Conversation,
        words: str,
        state: QStyle.StateFlag,
        index: Index,
    ) -> None:
        tokens = self._theme.tokens
        is_open = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        is_marked = bool(index.data(ChatRole.IS_MARKED))
        ground = tokens.selected if is_open else tokens.hover if is_hovered else None
        if is_marked:
            ground = tokens.accent_soft
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(area), RADIUS.control, RADIUS.control)
        if state & QStyle.StateFlag.State_HasFocus and self._shows_focus():
            painter.setPen(QPen(QColor(tokens.accent), float(STROKE.ring)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(area).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, RADIUS.control - 1, RADIUS.control - 1)
        right = self._paint_mark(painter, area, chat, index)
        painter.setFont(font_of(Type.SMALL_MEDIUM if is_open else Type.SMALL))
        painter.setPen(QColor(tokens.text if is_open or is_hovered else tokens.text2))
        words_area = QRect(area.left() + SPACE.row, area.top(), 0, area.height())
        words_area.setRight(right - SPACE.sm)
        shown = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, words_area.width()
        )
        painter.drawText(
            words_area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown
        )

    def _paint_mark(self, painter: QPainter, area: QRect, chat: Conversation, index: Index) -> int:
        """A check, or pebbles while it is answered, else its pin; where the mark begins."""
        tokens = self._theme.tokens
        is_marked = bool(index.data(ChatRole.IS_MARKED))
        is_answering = bool(index.data(ChatRole.IS_ANSWERING)) and not is_marked
        if not (is_marked or is_answering or chat.is_pinned):
            return area.right()
        place = mark_place(area, SIZE.pebbles if is_answering else SIZE.icon_xs)
        if is_marked:
            self._theme.icons.paint(painter, Icon.CHECK, place, tokens.accent)
        elif is_answering:
            paint_pebbles(painter, place, tokens.accent, self.phase)
        else:
            self._theme.icons.paint(painter, Icon.PIN, place, tokens.text3)
        return round(place.left())

    def _shows_focus(self) -> bool:
        view = self.parent()
        return bool(view.property(SHOWS_FOCUS)) if view is not None else False


SHOWS_FOCUS = "showsFocus"


def mark_place(area: QRect, side: int) -> QRectF:
    """Where a row's mark stands: at its right."""
    top = area.top() + (area.height() - side) // 2
    return QRectF(area.right() - SPACE.sm - side, top, side, side)
