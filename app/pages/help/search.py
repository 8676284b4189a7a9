"""The help's search: Enter goes on to the next hit, Shift+Enter to the one before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.theme.theme import Theme
from app.widgets.search_field import ENTER_KEYS, SearchField


class HelpSearch(SearchField):
    """Words to look for in the help."""

    entered_back = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName(self.tr("Search help"))
        self.setPlaceholderText(self.tr("Search help"))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Backwards with Shift."""
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in ENTER_KEYS and is_back:
            self.entered_back.emit()
        else:
            super().keyPressEvent(event)
