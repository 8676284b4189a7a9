"""What is selected in a list of rows: from a position in one row to a position in another.

For `RowList`. By index and not by widget, so that rows out of sight stay selected. Free of Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.widgets.rows import Row


@dataclass(frozen=True, order=True)
class Spot:
    """A place in the text of a row, by the position that its view gave."""

    index: int
    position: int


class RowSelection:
    """Between where a selection began and where it reaches now."""

    def __init__(self) -> None:
        self._anchor: Spot | None = None
        self._head: Spot | None = None
        self._is_all = False

    def begin(self, spot: Spot) -> None:
        """Nothing is selected, and what will be begins here."""
        self._anchor = self._head = spot
        self._is_all = False

    def extend(self, spot: Spot) -> None:
        """Reach to here, from where it began."""
        if self._anchor is None:
            self._anchor = spot
        self._head = spot
        self._is_all = False

    def select_all(self) -> None:
        """Everything, rows that come later too."""
        self._is_all = True

    def clear(self) -> None:
        """Nothing."""
        self._anchor = self._head = None
        self._is_all = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to copy."""
        return not self._is_all and self._anchor == self._head

    def part_of(self, index: int) -> tuple[int, int | None] | None:
        """The positions selected in a row, None being its end; None where nothing is."""
        if self._is_all:
            return 0, None
        if self._anchor is None or self._head is None or self._anchor == self._head:
            return None
        low, high = sorted((self._anchor, self._head))
        if not low.index <= index <= high.index:
            return None
        start = low.position if index == low.index else 0
        return start, high.position if index == high.index else None

    def text(self, rows: Sequence[Row]) -> str:
        """What is selected, in order."""
        pieces: list[str] = []
        for index in self._indexes(len(rows)):
            part = self.part_of(index)
            text = rows[index].text_between(*part) if part is not None else ""
            if text:
                pieces.extend((rows[index].separator, text) if pieces else (text,))
        return "".join(pieces)

    def count_of(self, row_count: int) -> int:
        """How many rows it reaches over, of all there are."""
        return len(self._indexes(row_count))

    def on_replaced(self, first: int, old: Sequence[Row], new: Sequence[Row]) -> None:
        """Rows were put in the place of others; what was selected in one that went is no more."""
        if self._anchor is None or self._head is None:
            return
        anchor = _moved(self._anchor, first, old, new)
        head = _moved(self._head, first, old, new)
        if anchor is None or head is None:
            self._anchor = self._head = None
        else:
            self._anchor, self._head = anchor, head

    def _indexes(self, count: int) -> range:
        if self._is_all:
            return range(count)
        if self._anchor is None or self._head is None:
            return range(0)
        low, high = sorted((self._anchor.index, self._head.index))
        return range(low, min(high + 1, count))


def _moved(spot: Spot, first: int, old: Sequence[Row], new: Sequence[Row]) -> Spot | None:
    if spot.index < first:
        return spot
    if spot.index >= first + len(old):
        return Spot(spot.index + len(new) - len(old), spot.position)
    key = old[spot.index - first].key
    for number, row in enumerate(new):
        if row.key == key:
            return Spot(first + number, spot.position)
    return None
