"""What the window knows of a page, and what a page may ask of the window."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.airlock.report import LockReport


class Page(QWidget):
    """One page of the stack.

    `is_ground`: others lie over it, and only who may see the chats sees it.
    """

    is_ground = False

    title_changed = Signal(str)
    sidebar_requested = Signal()
    lock_requested = Signal()
    menu_requested = Signal()

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """The sidebar stands beside the page, or is hidden."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the keyboard where the user most likely wants it."""
        raise NotImplementedError

    def escape(self) -> None:
        """What Esc means here."""
        raise NotImplementedError

    def menu_anchor(self) -> QWidget:
        """What the window's menu opens below, at its right edge."""
        return self

    def show_lock(self, report: LockReport) -> None:
        """The lock was tested anew: for a page that shows what it is."""
