"""The lowest row of a dialog: a quiet button at the left, or none, and those that end it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.button import Button, ButtonKind
from app.widgets.wrap_layout import WrapLayout


def foot(left: QWidget, *right: QWidget) -> WrapLayout:
    """A button that changes what is shown, then those that end the dialog."""
    row = WrapLayout((left,), right)
    row.setContentsMargins(SPACE.md, SPACE.md, SPACE.xxl, SPACE.lg)
    return row


def closing_foot(theme: Theme, words: str, dialog: QDialog) -> WrapLayout:
    """One button, which closes the dialog."""
    close = Button(theme, words, ButtonKind.PRIMARY)
    close.setDefault(True)
    close.clicked.connect(dialog.accept)
    row = WrapLayout(far=(close,))
    row.setContentsMargins(SPACE.xxl, SPACE.md, SPACE.xxl, SPACE.lg)
    return row
