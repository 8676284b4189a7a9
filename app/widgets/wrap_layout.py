"""Places widgets side by side, in as many lines as their width asks for.

For: rows of buttons, which are wider in another language or with larger text. Those added at the
far side stand at the end of their line.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayoutItem, QWidget

from app.theme.metrics import SIZE, SPACE
from app.widgets.item_layout import ItemLayout


class WrapLayout(ItemLayout):
    """In one line it looks as a box does whose stretch stands before the far ones."""

    def __init__(
        self, near: Iterable[QWidget] = (), far: Iterable[QWidget] = (), *, is_centred: bool = False
    ) -> None:
        super().__init__(SPACE.sm)
        self._far: set[int] = set()  # the identities of widgets at the far side
        self._is_centred = is_centred
        for widget in near:
            self.addWidget(widget)
        for widget in far:
            self._far.add(id(widget))
            self.addWidget(widget)

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the lines."""
        margins = self.contentsMargins()
        lines = self._lines(width - margins.left() - margins.right())
        height = sum(_height(line) for line in lines) + self.spacing() * max(0, len(lines) - 1)
        return height + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:  # noqa: N802
        """All in one line."""
        return self._grown(QSize(self._width(self._shown()), _height(self._shown())))

    def minimumSize(self) -> QSize:  # noqa: N802
        """As wide as the widest, unless that is more than a narrow window has."""
        shown = self._shown()
        widest = max((item.sizeHint().width() for item in shown), default=0)
        widest = min(widest, SIZE.slider)
        return self._grown(QSize(widest, _height(shown)))

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Place them."""
        super().setGeometry(rect)
        inside = rect.marginsRemoved(self.contentsMargins())
        top = inside.top()
        for line in self._lines(inside.width()):
            self._place_line(line, QRect(inside.left(), top, inside.width(), _height(line)))
            top += _height(line) + self.spacing()

    def _place_line(self, line: list[QLayoutItem], area: QRect) -> None:
        spare = max(0, area.width() - self._width(line))
        left = area.left() + (spare // 2 if self._is_centred else 0)
        for item in line:
            if id(item.widget()) in self._far and spare and not self._is_centred:
                left, spare = left + spare, 0
            size = item.sizeHint()
            width = min(size.width(), area.width())
            top = area.top() + (area.height() - size.height()) // 2
            place = QRect(QPoint(left, top), QSize(width, size.height()))
            item.setGeometry(self._mirrored(place, area))
            left += width + self.spacing()

    def _mirrored(self, place: QRect, area: QRect) -> QRect:
        """Where the window is laid out from right to left."""
        parent = self.parentWidget()
        if parent is None or parent.layoutDirection() is not Qt.LayoutDirection.RightToLeft:
            return place
        return place.translated(area.left() + area.right() - place.left() - place.right(), 0)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        for item in self._shown():
            if lines and self._width([*lines[-1], item]) <= width:
                lines[-1].append(item)
            else:
                lines.append([item])
        return lines

    def _width(self, line: list[QLayoutItem]) -> int:
        gaps = self.spacing() * max(0, len(line) - 1)
        return sum(item.sizeHint().width() for item in line) + gaps

    def _grown(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return size.grownBy(margins)


def _height(line: list[QLayoutItem]) -> int:
    return max((item.sizeHint().height() for item in line), default=0)
