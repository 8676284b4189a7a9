"""How wide the columns of a table are: as their text wants, narrower where it can wrap.

For `TableView`. Free of Qt.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.theme.metrics import SIZE


def column_widths(natural_px: Sequence[int], available_px: int) -> list[int]:
    """Widths that fill what is available, or go beyond it where no column can be narrower."""
    wanted = [min(px, SIZE.cell_most) for px in natural_px]
    least = [min(px, SIZE.cell_least) for px in wanted]
    spare = available_px - sum(wanted)
    if spare >= 0:
        # The rest is the first column's; figures stay close to one another.
        return [wanted[0] + spare, *wanted[1:]]
    room = available_px - sum(least)
    if room <= 0:
        return least
    wish = [most - low for most, low in zip(wanted, least, strict=True)]
    total = sum(wish)
    widths = [low + room * more // total for low, more in zip(least, wish, strict=True)]
    widths[0] += available_px - sum(widths)
    return widths
