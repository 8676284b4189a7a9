"""What is higher than its place scrolls up and down, never sideways. For pages and dialogs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.widgets.keep_in_sight import KeepInSight


class ScrollColumn(QScrollArea):
    """An area without a frame, as wide as its content."""

    def __init__(
        self, name: str = "", content: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if content is not None:
            self.setWidget(content)

    def leave_keyboard(self) -> None:
        """The keyboard goes to what is in it alone, and is followed there."""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        KeepInSight(self)
