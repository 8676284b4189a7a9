"""The sidebar: New chat and Search at the top, the chats by time, the network state at the foot.

While something is searched for, what was found stands in the place of the chats.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.airlock.report import LockReport
from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import BaseButton
from app.widgets.chat_list import ChatList
from app.widgets.cut_words import paint_cut, tells_cut
from app.widgets.lock_words import LockWords, lock_words
from app.widgets.panel import Edge, Ground, Panel
from app.widgets.search_box import SearchBox
from app.widgets.search_results import SearchResults
from app.widgets.sidebar_row import SidebarRow

_TITLE, _DETAIL = Type.SMALL_STRONG, Type.CAPTION


class LockRow(BaseButton):
    """The network state; always visible, opens what is behind it."""

    def __init__(self, theme: Theme, report: LockReport) -> None:
        super().__init__(theme, RADIUS.control)
        self._is_selected = False
        self.words: LockWords = lock_words(report)
        self.show_report(report)
        self.setFixedHeight(SIZE.lock_row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_report(self, report: LockReport) -> None:
        """The lock was tested anew."""
        self.words = lock_words(report)
        self.setAccessibleName(f"{self.words.title}. {self.words.detail}")
        self.setAccessibleDescription(self.words.sentence)
        self.update()

    def select(self, is_selected: bool) -> None:
        """Whether the page that it leads to is what is seen."""
        self._is_selected = is_selected
        self.update()

    def event(self, event: QEvent) -> bool:
        """What is cut is said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def _cut_words(self) -> str:
        lines = ((_TITLE, self.words.title), (_DETAIL, self.words.detail))
        is_whole = all(
            QFontMetrics(font_of(style)).horizontalAdvance(words) <= self._words_px()
            for style, words in lines
        )
        return "" if is_whole else self.accessibleName()

    def _words_px(self) -> int:
        return self.width() - SPACE.row - SIZE.icon - SPACE.row - SIZE.icon_sm - SPACE.lg

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the shield, two lines and the arrow."""
        tokens = self.theme.tokens
        painter = QPainter(self)
        self.fill(painter, tokens.selected if self._is_selected else self.quiet_ground())
        middle = self.height() / 2.0
        shield = QRectF(SPACE.row, middle - SIZE.icon / 2.0, SIZE.icon, SIZE.icon)
        self.theme.icons.paint(painter, self.words.icon, shield, tokens.ink(self.words.ink))
        left = SPACE.row + SIZE.icon + SPACE.row
        width = self._words_px()
        is_bad = self.words.ink is Ink.BAD
        title = QRect(left, SPACE.sm - SPACE.tick, width, Type.SMALL.line_px - SPACE.tick)
        detail = QRect(left, title.bottom(), width, Type.CAPTION.line_px)
        painter.setFont(font_of(_TITLE))
        painter.setPen(QColor(tokens.bad if is_bad else tokens.text))
        paint_cut(painter, title, self.words.title)
        painter.setFont(font_of(_DETAIL))
        painter.setPen(QColor(tokens.bad if is_bad else tokens.text2))
        paint_cut(painter, detail, self.words.detail)
        size = float(SIZE.icon_sm)
        arrow = QRectF(self.width() - SPACE.sm - size, middle - size / 2.0, size, size)
        self.theme.icons.paint(painter, Icon.OPEN, arrow, tokens.text2)


class Sidebar(Panel):
    """What stands left of the pages."""

    new_chat_requested = Signal()
    lock_requested = Signal()
    settings_requested = Signal()
    models_requested = Signal()

    def __init__(
        self, theme: Theme, report: LockReport, new_chat_keys: QKeySequence, parent: QWidget
    ) -> None:
        super().__init__(theme, Ground.WINDOW, Edge.RIGHT, parent)
        self.setAccessibleName(self.tr("Sidebar"))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.row, SPACE.row, SPACE.row + 1, SPACE.row)
        column.setSpacing(SPACE.tick)
        self.new_chat = SidebarRow(theme, Icon.NEW_CHAT, self.tr("New chat"), new_chat_keys)
        self.new_chat.clicked.connect(self.new_chat_requested)
        column.addWidget(self.new_chat)
        self.search = SearchBox(theme)
        column.addWidget(self.search)
        self.chats = ChatList(theme)
        column.addWidget(self.chats, 1)
        self.results = SearchResults(theme)
        column.addWidget(self.results, 1)
        self.results.hide()
        self._connect_search()
        line = Panel(theme, Ground.WINDOW, Edge.TOP)
        line.setFixedHeight(SPACE.row)
        column.addWidget(line)
        self.models = SidebarRow(theme, Icon.MODEL, self.tr("Models"), QKeySequence("Ctrl+Shift+M"))
        self.models.clicked.connect(self.models_requested)
        column.addWidget(self.models)
        self.settings = SidebarRow(
            theme, Icon.SETTINGS, self.tr("Settings"), QKeySequence("Ctrl+,")
        )
        self.settings.clicked.connect(self.settings_requested)
        column.addWidget(self.settings)
        self.lock = LockRow(theme, report)
        self.lock.clicked.connect(self.lock_requested)
        column.addWidget(self.lock)

    def can_search(self, is_possible: bool) -> None:
        """Whether there is a history to search; what was found of it goes where there is none."""
        self.search.end()
        self.search.setVisible(is_possible)

    def _connect_search(self) -> None:
        search, results = self.search, self.results
        search.changed.connect(self._on_words_changed)
        search.field.stepped.connect(results.step)
        search.field.entered.connect(results.open_now)
        results.left.connect(search.begin)

    def _on_words_changed(self, _words: str) -> None:
        """What was found before stays until there is something better."""
        is_searching = bool(self.search.words)
        if not is_searching:
            self.results.clear()
        self.results.setVisible(is_searching)
        self.chats.setVisible(not is_searching)

    def sizeHint(self) -> QSize:  # noqa: N802
        """The usual width."""
        return QSize(SIZE.sidebar, SIZE.window_min_height)


class SidebarGrip(QWidget):
    """The edge of the sidebar that the mouse drags; invisible but for the cursor."""

    dragged = Signal(int)
    dropped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell the width that the mouse asks for."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            at = self.mapToParent(event.position().toPoint())
            self.dragged.emit(at.x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """The width is settled."""
        self.dropped.emit()
