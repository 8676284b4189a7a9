"""What a long list shows, a row at a time: the contract between the list and what fills it.

For: `RowList`, which makes views only of the rows in sight, and the pages that fill it. A row
is a small value that says what is shown; a view is the widget that shows it for as long as it
is in sight.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget


class Row(Protocol):
    """One row. Two rows of the same `key` are the same place, before and after a change."""

    @property
    def key(self) -> Hashable:
        """Unlike that of every other row in the list."""
        ...

    @property
    def gap_px(self) -> int:
        """The space above it; none is left above the first row."""
        ...

    @property
    def insets_px(self) -> tuple[int, int]:
        """How far it stands in from the list's column, left and right."""
        ...

    @property
    def separator(self) -> str:
        """What stands before its text where it is copied together with text above."""
        ...

    def estimate_px(self, width: int) -> int:
        """About how tall it will be; what a view measures replaces it."""
        ...

    def make_view(self) -> QWidget:
        """A new widget that shows the row. Its `heightForWidth`, or else its `sizeHint`, counts."""
        ...

    def show_in(self, view: QWidget) -> bool:
        """Show the row in the view of an earlier row of its key; False where a new one is due."""
        ...

    def text_between(self, start: int, end: int | None) -> str:
        """Its text from one position to another, None being its end; "" where it has no text."""
        ...


@runtime_checkable
class HeavyRow(Protocol):
    """A row whose view takes as long to make as several others; any other has a weight of 1."""

    @property
    def weight(self) -> int:
        """How many others."""
        ...


@runtime_checkable
class SelectableView(Protocol):
    """A view whose text can be part of a selection that spans rows.

    Positions count UTF-16 units of the row's text, as `text_between` does.
    """

    def position_at(self, point: QPoint) -> int:
        """The position nearest to a point in the view's coordinates."""
        ...

    def select(self, start: int, end: int | None) -> None:
        """Mark from one position to another, None being the end; equal ones mark nothing."""
        ...
