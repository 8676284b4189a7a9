"""The ground of a page: one column in the middle that scrolls, whose controls have the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.panel import Ground, Panel
from app.widgets.scroll_column import ScrollColumn

_ALL_BUT_THE_SIDES = 1000


def frame_page(
    page: QWidget, theme: Theme, name: str, column: QLayout, most_px: Callable[[], int]
) -> ScrollColumn:
    """Fill `page` with `column`, which gets no wider than `most_px`, asked anew when the text's
    size changes; the area that scrolls it. `name` is what screen readers are told.
    """
    ground = Panel(theme, Ground.SURFACE)
    fill(page, ground)
    content = QWidget()
    middle = QWidget()
    middle.setMaximumWidth(most_px())
    theme.text_changed.connect(lambda: middle.setMaximumWidth(most_px()))
    sides = QHBoxLayout(content)
    sides.setContentsMargins(SPACE.xxl, SPACE.section, SPACE.xxl, 0)
    sides.addStretch(1)
    sides.addWidget(middle, _ALL_BUT_THE_SIDES)
    sides.addStretch(1)
    area = ScrollColumn(name, content)
    area.leave_keyboard()
    fill(ground, area)
    # Last: whatever gets a parent tells all that is in it, each time, of styles that may be others.
    middle.setLayout(column)
    return area


def fill(place: QWidget, widget: QWidget) -> None:
    """Nothing else is in `place`."""
    layout = QVBoxLayout(place)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
