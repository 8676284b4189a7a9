"""Widgets side by side, all of one width and height, or below one another where it is narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from app.theme.metrics import SPACE
from app.widgets.item_layout import ItemLayout


class EvenColumns(ItemLayout):
    """`least_px` tells how wide each has to be for all of them to stand side by side."""

    def __init__(self, widgets: Iterable[QWidget], least_px: Callable[[], int]) -> None:
        super().__init__(SPACE.md)
        self._widgets: list[QWidget] = []
        self._least_px = least_px
        for widget in widgets:
            self._widgets.append(widget)
            self.addWidget(widget)

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The highest of them, or all of them."""
        heights = self._heights(width)
        if self._is_wide(width):
            return max(heights, default=0)
        return sum(heights) + self.spacing() * max(0, len(heights) - 1)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Side by side."""
        count = len(self._widgets)
        width = count * self._least_px() + self.spacing() * max(0, count - 1)
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:  # noqa: N802
        """As wide as the widest has to be."""
        width = max((widget.minimumSizeHint().width() for widget in self._widgets), default=0)
        return QSize(width, max(self._heights(self.sizeHint().width()), default=0))

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Place them."""
        super().setGeometry(rect)
        is_wide, top, left = self._is_wide(rect.width()), rect.top(), rect.left()
        for widget, height in zip(self._widgets, self._heights(rect.width()), strict=True):
            if is_wide:
                widget.setGeometry(left, top, self._width(rect.width()), rect.height())
                left += self._width(rect.width()) + self.spacing()
            else:
                widget.setGeometry(left, top, rect.width(), height)
                top += height + self.spacing()

    def _is_wide(self, width: int) -> bool:
        return self._width(width) >= self._least_px()

    def _width(self, width: int) -> int:
        count = max(1, len(self._widgets))
        return (width - self.spacing() * (count - 1)) // count

    def _heights(self, width: int) -> list[int]:
        own = self._width(width) if self._is_wide(width) else width
        return [_height(widget, own) for widget in self._widgets]


def _height(widget: QWidget, width: int) -> int:
    if widget.hasHeightForWidth():
        return widget.heightForWidth(width)
    return widget.sizeHint().height()
