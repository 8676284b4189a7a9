"""The search of a text: Enter goes on to the next hit, Shift+Enter to the one before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.theme.theme import Theme
from app.widgets.search_field import ENTER_KEYS, SearchField


class HelpSearch(SearchField):
    """Words to look for in the help, or in another text; `name` is what the field is called."""

    entered_back = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme)
        self.setAccessibleName(name)
        self.setPlaceholderText(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Backwards with Shift."""
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in ENTER_KEYS and is_back:
            self.entered_back.emit()
        else:
            super().keyPressEvent(event)
