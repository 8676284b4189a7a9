"""Asks before old chats are deleted, for good and from then on.

For: the dialog about the history, and the settings page through the desk.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.theme.theme import Theme
from app.widgets.confirm_dialog import ConfirmDialog


def ask_before_deleting(theme: Theme, days: int, parent: QWidget) -> ConfirmDialog:
    """The question whether chats are deleted after so many days; it is not yet shown."""
    translate = QCoreApplication.translate
    return ConfirmDialog(
        theme,
        translate("deleting", "Delete old chats?"),
        translate(
            "deleting",
            "Chats that did not change for {days} days are deleted for good, from backups "
            "too: now, and from now on. Pinned chats stay. It can’t be undone.",
        ).format(days=days),
        translate("deleting", "Delete"),
        parent,
    )
