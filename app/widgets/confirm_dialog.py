"""One question before something that can't be taken back; the safe answer has the focus."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.theme.theme import Theme
from app.widgets.small_dialog import SmallDialog


class ConfirmDialog(SmallDialog):
    """Asks once. Enter cancels; what is destructive has to be chosen."""

    def __init__(
        self, theme: Theme, title: str, sentence: str, action: str, parent: QWidget
    ) -> None:
        super().__init__(theme, title, sentence, action, parent)
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        self.act.clicked.connect(self.accept)
