"""“‹ 1 of 2 ›”: which version of a question or an answer is shown, and the way to the others."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.pages.chat.turns import Branch
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import IconButton
from app.widgets.label import Label


class BranchWalk(QWidget):
    """Hidden where there is one version."""

    ACCESS_ROLE: ClassVar = QAccessible.Role.Grouping

    stepped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.previous = self._button(theme, Icon.PREVIOUS, self.tr("Previous version"))
        self.words = Label(theme, "", Type.SMALL_MEDIUM, Ink.TEXT2)
        self.next = self._button(theme, Icon.OPEN, self.tr("Next version"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.tick)
        for part in (self.previous, self.words, self.next):
            row.addWidget(part)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.hide()

    def show_branch(self, branch: Branch, *, is_enabled: bool = True) -> None:
        """Show where among the versions one is."""
        words = self.tr("{number} of {count}")
        self.words.setText(words.format(number=branch.number, count=branch.count))
        self.setAccessibleName(self.tr("Version {words}").format(words=self.words.text()))
        self.previous.setEnabled(is_enabled and branch.number > 1)
        self.next.setEnabled(is_enabled and branch.number < branch.count)
        for button in (self.previous, self.next):
            button.setAccessibleDescription(self.accessibleName())
        self.setVisible(branch.count > 1)

    def reveal(self, *, is_revealed: bool) -> None:
        """Draw it, or leave its place empty."""
        self.previous.reveal(is_revealed)
        self.next.reveal(is_revealed)
        self.words.setVisible(is_revealed)

    def _button(self, theme: Theme, icon: Icon, name: str) -> IconButton:
        return IconButton(theme, icon, name, size=SIZE.toast_button, icon_size=SIZE.icon_xs)
