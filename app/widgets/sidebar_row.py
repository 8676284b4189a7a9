"""A row of the sidebar with an icon, a name and its shortcut, and how a shortcut's cap is drawn."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Tokens
from app.theme.type_styles import Type, font_of
from app.widgets.button import BaseButton
from app.widgets.cut_words import is_cut, paint_cut, tells_cut

_ENTER = ("Enter", "Return")


def key_words(keys: QKeySequence) -> str:
    """A shortcut as it stands on a cap: "Ctrl N"."""
    words = keys.toString(QKeySequence.SequenceFormat.NativeText)
    # Qt names this key otherwise than the settings do, and not in every language.
    enter = QCoreApplication.translate("Keys", "Enter")
    return " ".join(enter if part in _ENTER else part for part in words.split("+"))


def cap_width(words: str) -> int:
    """How wide a cap is."""
    width = QFontMetrics(font_of(Type.KEY_CAP)).horizontalAdvance(words)
    return width + SPACE.md - SPACE.tick


def paint_key_cap(painter: QPainter, area: QRect, words: str, tokens: Tokens) -> int:
    """Draw a cap at the right of an area; its width."""
    width, height = cap_width(words), Type.KEY_CAP.line_px + SPACE.tick
    top = area.top() + (area.height() - height) // 2
    cap = QRect(area.left() + area.width() - width, top, width, height)
    painter.setFont(font_of(Type.KEY_CAP))
    painter.setPen(QPen(QColor(tokens.button_line), STROKE.hairline))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), SPACE.xs, SPACE.xs)
    painter.setPen(QColor(tokens.text3))
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, words)
    return width


class SidebarRow(BaseButton):
    """A row with an icon, a name and its shortcut."""

    def __init__(self, theme: Theme, icon: Icon, text: str, shortcut: QKeySequence) -> None:
        super().__init__(theme, RADIUS.control)
        self._icon = icon
        self._keys = key_words(shortcut)
        self._is_selected = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setFont(font_of(Type.SMALL_MEDIUM))
        self.setFixedHeight(SIZE.row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def select(self, is_selected: bool) -> None:
        """Whether the page that it leads to is what is seen."""
        self._is_selected = is_selected
        self.update()

    def event(self, event: QEvent) -> bool:
        """A name that is cut is said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def _cut_words(self) -> str:
        room = self.width() - 2 * SPACE.sm - SPACE.row - SIZE.icon
        return self.text() if is_cut(self, self.text(), room) else ""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw ground, icon, name and key cap."""
        tokens = self.theme.tokens
        painter = QPainter(self)
        self.fill(painter, tokens.selected if self._is_selected else self.quiet_ground())
        top = (self.height() - SIZE.icon) / 2.0
        place = QRectF(SPACE.row - 1, top, SIZE.icon, SIZE.icon)
        self.theme.icons.paint(painter, self._icon, place, tokens.text2)
        painter.setPen(QColor(tokens.text if self._is_selected else tokens.text2))
        painter.setFont(self.font())
        words = self.rect().adjusted(SPACE.row + SIZE.icon + SPACE.sm, 0, -SPACE.sm, 0)
        room = words.width() - paint_cut(painter, words, self.text())
        if self._keys and room >= cap_width(self._keys) + SPACE.sm:
            paint_key_cap(painter, self.rect().adjusted(0, 0, -SPACE.sm, 0), self._keys, tokens)
