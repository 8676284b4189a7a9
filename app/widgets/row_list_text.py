"""Plain text as a part of a list of rows: its selection may reach into the rows beside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QTextCursor

from app.widgets.laid_out_once import set_text_width
from app.widgets.reading_text import ReadingText


class RowText(ReadingText):
    """Leaves the mouse to the list; the keyboard selects in it alone."""

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As tall as its lines at a width."""
        # A widget that was never shown isn't told its size yet: the document is.
        set_text_width(self.document(), width)
        return max(self._style.line_px, round(self.document().size().height()))

    def position_at(self, point: QPoint) -> int:
        """The cursor's position nearest to a point."""
        return self.cursorForPosition(point).position()

    def select(self, start: int, end: int | None) -> None:
        """Mark from one position to another, None being the end."""
        last = self.document().characterCount() - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(start, last))
        cursor.setPosition(last if end is None else min(end, last), _KEEP)
        self.setTextCursor(cursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Left to the list."""
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Left to the list."""
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Left to the list."""
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Left to the list."""
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Left to the list."""
        event.ignore()


_KEEP = QTextCursor.MoveMode.KeepAnchor
