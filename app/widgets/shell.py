"""Places a sidebar beside the pages, or over them where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.widgets.sidebar import Sidebar, SidebarGrip


class Scrim(QWidget):
    """Darkens the pages behind an open sidebar; a click closes it."""

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """As dark as the theme's shadows."""
        shade = QColor(self._theme.tokens.shadow)
        shade.setAlphaF(self._theme.tokens.shadow_percent / 100.0)
        QPainter(self).fillRect(self.rect(), shade)

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Close."""
        self.clicked.emit()


class Shell(QWidget):
    """The geometry of the window's inside; knows no page."""

    docked_changed = Signal(bool)
    shown_changed = Signal(bool)
    width_settled = Signal(int)

    def __init__(self, theme: Theme, pages: QWidget) -> None:
        super().__init__()
        self._pages = pages
        self._sidebar: Sidebar | None = None
        self._sidebar_width = SIZE.sidebar
        self._is_wanted = True
        self._is_open_over = False
        self._focus_before: QWidget | None = None
        pages.setParent(self)
        self._scrim = Scrim(theme, self)
        self._scrim.clicked.connect(self.close_over)
        self._grip = SidebarGrip(self)
        self._grip.dragged.connect(self._on_dragged)
        self._grip.dropped.connect(lambda: self.width_settled.emit(self._sidebar_width))
        theme.text_changed.connect(self.place)

    def set_sidebar(self, sidebar: Sidebar, width: int, *, is_shown: bool) -> None:
        """Take the sidebar, once."""
        self._sidebar = sidebar
        self._sidebar_width = width
        self._is_wanted = is_shown
        sidebar.setParent(self)
        # Tab goes through the sidebar first, as the eye does.
        sidebar.stackUnder(self._pages)
        self.place()

    def is_narrow(self) -> bool:
        """Whether the sidebar has no room beside the pages."""
        return self.width() < SIZE.compact_below

    def is_docked(self) -> bool:
        """Whether the sidebar stands beside the pages."""
        return self._is_wanted and not self.is_narrow()

    def is_open_over(self) -> bool:
        """Whether the sidebar lies over the pages."""
        return self._is_open_over

    def toggle(self) -> None:
        """Show or hide the sidebar, beside or over the pages."""
        if self.is_narrow():
            self._is_open_over = not self._is_open_over
        else:
            self._is_wanted = not self._is_wanted
            self.shown_changed.emit(self._is_wanted)
        self.place()
        if self._is_open_over and self._sidebar is not None:
            self._focus_before = QApplication.focusWidget()
            self._sidebar.new_chat.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self._focus_before is not None:
            self._focus_before.setFocus()
            self._focus_before = None

    def close_over(self) -> None:
        """Close a sidebar that lies over the pages."""
        if self._is_open_over:
            self.toggle()

    def place(self) -> None:
        """Give everything its place for the present width."""
        if self._sidebar is None:
            return
        is_docked = self.is_docked()
        self._is_open_over = self._is_open_over and self.is_narrow()
        width = SIZE.beside(self._sidebar_width)
        left = width if is_docked else 0
        self._pages.setGeometry(left, 0, self.width() - left, self.height())
        self._sidebar.setGeometry(0, 0, width, self.height())
        self._sidebar.setVisible(is_docked or self._is_open_over)
        self._scrim.setGeometry(self.rect())
        self._scrim.setVisible(self._is_open_over)
        self._grip.setGeometry(left - SIZE.grip // 2, 0, SIZE.grip, self.height())
        self._grip.setVisible(is_docked)
        self._grip.raise_()
        if self._is_open_over:
            self._scrim.raise_()
            self._sidebar.raise_()
        self.docked_changed.emit(is_docked)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The smallest window that the design knows."""
        return QSize(SIZE.window_min_width, SIZE.window_min_height)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Follow the window."""
        super().resizeEvent(event)
        self.place()

    def _on_dragged(self, width: int) -> None:
        wanted = SIZE.as_set(width)
        self._sidebar_width = max(SIZE.sidebar_min, min(SIZE.sidebar_max, wanted))
        self.place()
