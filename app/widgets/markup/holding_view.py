"""A view that holds others: as high as they are at its width, and laid out again as they change.

For `CodeView` and `PlacedView`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.theme.metrics import SIZE


class HoldingView(QWidget):
    """Who is one says how high it is, and places what is inside."""

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """What is narrower is taller."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As high as what is inside."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as it is now."""
        return QSize(SIZE.column, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place what is inside anew."""
        super().resizeEvent(event)
        self.place_inside()

    def event(self, event: QEvent) -> bool:
        """What is inside has another height: so has this."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.settle()
        return super().event(event)

    def settle(self) -> None:
        """What is inside is another now."""
        self.place_inside()
        self.updateGeometry()
        self.update()

    def place_inside(self) -> None:
        """Give what is inside its place."""
        raise NotImplementedError
