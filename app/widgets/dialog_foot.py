"""The lowest row of a dialog: a quiet button at the left, or none, and those that end it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.button import Button, ButtonKind


def foot(left: QWidget, *right: QWidget) -> QHBoxLayout:
    """A button that changes what is shown, then those that end the dialog."""
    row = QHBoxLayout()
    row.setContentsMargins(SPACE.md, SPACE.md, SPACE.xxl, SPACE.lg)
    row.setSpacing(SPACE.sm)
    row.addWidget(left)
    row.addStretch(1)
    for button in right:
        row.addWidget(button)
    return row


def closing_foot(theme: Theme, words: str, dialog: QDialog) -> QHBoxLayout:
    """One button, which closes the dialog."""
    row = QHBoxLayout()
    row.setContentsMargins(SPACE.xxl, SPACE.md, SPACE.xxl, SPACE.lg)
    row.addStretch(1)
    close = Button(theme, words, ButtonKind.PRIMARY)
    close.setDefault(True)
    close.clicked.connect(dialog.accept)
    row.addWidget(close)
    return row
