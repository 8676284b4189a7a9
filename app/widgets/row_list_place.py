"""Where a list is scrolled to: at a row and so far into it, or at the end.

For `RowList`. As a place is a row's and not a distance from the top, what is being read stays
where it is while rows above it change their height. Free of Qt.
"""

from __future__ import annotations

from app.theme.metrics import SPACE
from app.widgets.row_list_heights import Heights

TOP_PX = SPACE.xl  # the room above the first row
BOTTOM_PX = SPACE.md
_NEAR_END_PX = SPACE.xxl


class ListPlace:
    """An index, pixels below that row's top, and whether the end is followed."""

    def __init__(self) -> None:
        self.follows = True
        self.may_follow = True  # else the end is a place as any other
        self._index = 0
        self._into_px = 0

    def value_px(self, heights: Heights, seen_px: int) -> int:
        """The distance from the list's top, when `seen_px` of it are in sight."""
        last_px = end_px(heights, seen_px)
        if self.follows:
            return last_px
        top_px = heights.top_px(min(self._index, len(heights)))
        return max(0, min(last_px, TOP_PX + top_px + self._into_px))

    def go_to(self, value_px: int, heights: Heights, seen_px: int) -> None:
        """Scrolled by the reader: the end is left by the first pixel up, and met again near it.

        Less than a screen up, the row at the top goes down with what is read: those that come
        into sight above it may turn out to have other heights.
        """
        now_px = self.value_px(heights, seen_px)
        near_px = _NEAR_END_PX if value_px > now_px else 0
        self.follows = self.may_follow and value_px >= end_px(heights, seen_px) - near_px
        if 0 < value_px < now_px < value_px + seen_px:
            self.hold(now_px, heights)
            self._into_px += value_px - now_px
        else:
            self.hold(value_px, heights)

    def hold(self, value_px: int, heights: Heights) -> None:
        """Remember the row at a distance from the top."""
        self._index = heights.index_at(value_px - TOP_PX)
        self._into_px = value_px - TOP_PX - heights.top_px(self._index)

    def pin(self, index: int, into_px: int) -> None:
        """Be so far below a row's top, whatever the heights above it turn out to be."""
        self.follows = False
        self._index, self._into_px = index, into_px

    def on_replaced(self, first: int, count: int, new_count: int) -> None:
        """Rows were put in the place of others."""
        if self._index >= first + count:
            self._index += new_count - count
        elif self._index >= first + new_count:
            self._index = max(0, first + new_count - 1)
            self._into_px = 0


def end_px(heights: Heights, seen_px: int) -> int:
    """The furthest that a list can be scrolled."""
    return max(0, TOP_PX + heights.total_px + BOTTOM_PX - seen_px)
