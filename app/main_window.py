"""The window: navigation and a stack of pages. No logic: it asks by signals."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from app.airlock.report import LockReport
from app.bridge.sweeping import Sweeper
from app.pages.base import Page
from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.widgets.one_line import one_line
from app.widgets.shell import Shell
from app.widgets.sidebar import Sidebar

_NEW_CHAT_KEYS = QKeySequence("Ctrl+N")
_APP_NAME = "Pitcher"


class MainWindow(QMainWindow):
    """Holds the sidebar and the pages, and the shortcuts that work everywhere."""

    new_chat_requested = Signal()
    lock_requested = Signal()
    lock_now_requested = Signal()
    menu_requested = Signal()
    settings_requested = Signal()
    help_requested = Signal()
    models_requested = Signal()
    closed = Signal()

    def __init__(
        self, theme: Theme, report: LockReport, sidebar_width: int, *, sidebar_shown: bool
    ) -> None:
        super().__init__()
        Sweeper(self)
        self.pages = QStackedWidget()
        self._titles: dict[Page, str] = {}
        self._chat_shortcuts: list[QShortcut] = []
        self.shell = Shell(theme, self.pages)
        self.sidebar = Sidebar(theme, report, _NEW_CHAT_KEYS, self.shell)
        self.setCentralWidget(self.shell)
        self.setWindowTitle(_APP_NAME)
        self.setMinimumSize(SIZE.window_min_width, SIZE.window_min_height)
        self.resize(SIZE.window_width, SIZE.window_height)
        self.shell.set_sidebar(self.sidebar, sidebar_width, is_shown=sidebar_shown)
        self.sidebar.new_chat_requested.connect(self._on_new_chat)
        self.sidebar.lock_requested.connect(self.lock_requested)
        self.sidebar.settings_requested.connect(self.settings_requested)
        self.sidebar.models_requested.connect(self.models_requested)
        self._add_shortcuts()

    def add_page(self, page: Page) -> None:
        """Add a page to the stack; the first one is shown."""
        self.pages.addWidget(page)
        page.sidebar_requested.connect(self.shell.toggle)
        page.lock_requested.connect(self.lock_requested)
        page.menu_requested.connect(self.menu_requested)
        page.title_changed.connect(partial(self._on_title_changed, page))
        self.shell.docked_changed.connect(page.set_sidebar_docked)
        page.set_sidebar_docked(self.shell.is_docked())

    def show_page(self, page: Page) -> None:
        """Bring a page to the front, with its title, and the keyboard to it."""
        self.pages.setCurrentWidget(page)
        self._show_title()
        page.take_focus()

    def page_now(self) -> Page:
        """The page that is seen."""
        page = self.pages.currentWidget()
        assert isinstance(page, Page)
        return page

    def show_lock(self, report: LockReport) -> None:
        """The lock was tested anew: wherever it is shown, it is shown as it answered now."""
        self.sidebar.lock.show_report(report)
        for number in range(self.pages.count()):
            page = self.pages.widget(number)
            assert isinstance(page, Page)
            page.show_lock(report)

    def show_chats(self, *, is_shown: bool) -> None:
        """Offer what belongs to chats beside the pages, or nothing of it."""
        self.sidebar.new_chat.setVisible(is_shown)
        for shortcut in self._chat_shortcuts:
            shortcut.setEnabled(is_shown)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Tell that the window goes, then let it go."""
        self.closed.emit()
        super().closeEvent(event)

    def _add_shortcuts(self) -> None:
        for keys, act in (
            (_NEW_CHAT_KEYS, self._on_new_chat),
            (QKeySequence("Ctrl+B"), self.shell.toggle),
            (QKeySequence("Ctrl+Q"), self.close),
            (QKeySequence("Esc"), self._on_escape),
            (QKeySequence("Ctrl+L"), self.lock_now_requested.emit),
            (QKeySequence("F10"), self.menu_requested.emit),
            (QKeySequence("Ctrl+,"), self.settings_requested.emit),
            (QKeySequence("F1"), self.help_requested.emit),
            (QKeySequence("Ctrl+Shift+M"), self.models_requested.emit),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.activated.connect(act)
            if keys == _NEW_CHAT_KEYS:
                self._chat_shortcuts.append(shortcut)

    def _on_new_chat(self) -> None:
        self.shell.close_over()
        self.new_chat_requested.emit()

    def _on_escape(self) -> None:
        if self.shell.is_open_over():
            self.shell.close_over()
        else:
            self.page_now().escape()

    def _on_title_changed(self, page: Page, title: str) -> None:
        self._titles[page] = title
        self._show_title()

    def _show_title(self) -> None:
        """Only the page that is seen has a title."""
        title = one_line(self._titles.get(self.page_now(), ""))
        self.setWindowTitle(f"{title} – {_APP_NAME}" if title else _APP_NAME)
