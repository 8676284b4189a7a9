"""The menu behind "More": the history, the few settings there are, and Quit."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.settings import SendKey, ThemeChoice
from app.theme.metrics import SIZE

_Choice = TypeVar("_Choice", bound=StrEnum)


class HistoryAccess(StrEnum):
    """Whether the history can be used: it is open, was left for temporary chats, or neither."""

    OPEN = "open"
    LEFT = "left"
    NONE = "none"


class AppMenu(QMenu):
    """Shows the choices in force and tells what was chosen."""

    theme_chosen = Signal(object)
    send_key_chosen = Signal(object)
    reduce_motion_chosen = Signal(bool)
    history_requested = Signal()
    lock_now_requested = Signal()
    sidebar_requested = Signal()
    settings_requested = Signal()
    help_requested = Signal()
    models_requested = Signal()
    diagnostics_requested = Signal()
    quit_requested = Signal()

    def __init__(
        self,
        theme: ThemeChoice,
        send_key: SendKey,
        reduce_motion: bool,
        access: HistoryAccess,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._add_history(access)
        self._add_choices(
            self.tr("Appearance"),
            {
                ThemeChoice.AUTO: self.tr("As the system"),
                ThemeChoice.LIGHT: self.tr("Light"),
                ThemeChoice.DARK: self.tr("Dark"),
            },
            theme,
            self.theme_chosen.emit,
        )
        self._add_choices(
            self.tr("Send with"),
            {SendKey.ENTER: self.tr("Enter"), SendKey.CTRL_ENTER: self.tr("Ctrl+Enter")},
            send_key,
            self.send_key_chosen.emit,
        )
        self.addSeparator()
        still = self.addAction(self.tr("Reduce motion"))
        still.setCheckable(True)
        still.setChecked(reduce_motion)
        still.triggered.connect(self.reduce_motion_chosen)
        models = self.addAction(self.tr("Models…\tCtrl+Shift+M"))
        models.triggered.connect(self.models_requested)
        self.addAction(self.tr("Settings…\tCtrl+,")).triggered.connect(self.settings_requested)
        self.addAction(self.tr("Sidebar\tCtrl+B")).triggered.connect(self.sidebar_requested)
        self.addAction(self.tr("Help\tF1")).triggered.connect(self.help_requested)
        self.addAction(self.tr("Export diagnostics…")).triggered.connect(self.diagnostics_requested)
        self.addAction(self.tr("Quit\tCtrl+Q")).triggered.connect(self.quit_requested)

    def show_below(self, anchor: QWidget) -> None:
        """Open under the right end of a button, or of what stands in a header."""
        under = min(anchor.height(), SIZE.header)
        left = anchor.width() - self.sizeHint().width()
        self.popup(anchor.mapToGlobal(QPoint(left, under)))

    def _add_history(self, access: HistoryAccess) -> None:
        is_open = access is HistoryAccess.OPEN
        words = self.tr("History…")
        if access is HistoryAccess.LEFT:
            words = self.tr("Open the history")
        history = self.addAction(words)
        history.setEnabled(access is not HistoryAccess.NONE)
        history.triggered.connect(self.history_requested)
        lock = self.addAction(self.tr("Lock now\tCtrl+L"))
        lock.setEnabled(is_open)
        lock.triggered.connect(self.lock_now_requested)
        self.addSeparator()

    def _add_choices(
        self,
        title: str,
        words: dict[_Choice, str],
        chosen: _Choice,
        choose: Callable[[_Choice], object],
    ) -> None:
        heading = self.addAction(title)
        heading.setEnabled(False)
        group = QActionGroup(self)
        for choice, text in words.items():
            action = QAction(text, self)
            action.setCheckable(True)
            action.setChecked(choice is chosen)
            action.triggered.connect(lambda _checked, value=choice: choose(value))
            group.addAction(action)
            self.addAction(action)
