"""A view that stands within quotes or a list: set in, with a rule for each quote."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme.metrics import SIZE, STROKE
from app.theme.theme import Theme
from app.widgets.markup.holding_view import HoldingView
from app.widgets.rows import SelectableView


class PlacedView(HoldingView):
    """Holds one view, further in; what is asked of it is asked of that view."""

    def __init__(
        self, theme: Theme, inner: QWidget, quotes: int, indent: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._quotes = quotes
        self._indent = indent
        self._is_mirrored = False
        self.inner = inner
        inner.setParent(self)
        theme.changed.connect(self.settle)

    def place(self) -> tuple[int, int]:
        """How many quotes and list levels stand before the view."""
        return self._quotes, self._indent

    def mirror(self, is_mirrored: bool) -> None:
        """Set it in from the right, with the rules there, as text from right to left is."""
        if is_mirrored != self._is_mirrored:
            self._is_mirrored = is_mirrored
            self.place_inside()
            self.update()

    def position_at(self, point: QPoint) -> int:
        """The position nearest to a point in the view's coordinates."""
        if not isinstance(self.inner, SelectableView):
            return 0
        return self.inner.position_at(self.inner.mapFrom(self, point))

    def select(self, start: int, end: int | None) -> None:
        """Mark from one position to another, None being the end."""
        if isinstance(self.inner, SelectableView):
            self.inner.select(start, end)

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As its view, at what is left of the width."""
        left = max(1, width - self._edge_px(width))
        if self.inner.hasHeightForWidth():
            return self.inner.heightForWidth(left)
        return self.inner.sizeHint().height()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the quotes' rules."""
        painter = QPainter(self)
        line = QColor(self._theme.tokens.line)
        step = self._step_px(self.width())
        for number in range(self._quotes):
            left = number * step
            if self._is_mirrored:
                left = self.width() - left - STROKE.quote
            painter.fillRect(left, 0, STROKE.quote, self.height(), line)

    def place_inside(self) -> None:
        """The view takes what is left."""
        edge = self._edge_px(self.width())
        left = 0 if self._is_mirrored else edge
        self.inner.setGeometry(left, 0, max(1, self.width() - edge), self.height())

    def _edge_px(self, width: int) -> int:
        deep = self._quotes * self._step_px(width) + self._indent * SIZE.list_step
        return min(deep, width // 2)

    def _step_px(self, width: int) -> int:
        """Quotes in quotes in quotes draw closer together, so that text keeps half the width."""
        if not self._quotes:
            return 0
        return max(STROKE.quote + 1, min(SIZE.quote_step, width // 2 // self._quotes))
