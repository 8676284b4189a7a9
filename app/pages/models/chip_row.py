"""A row whose name has a short word beside it, such as “Loaded”."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.chip import Chip
from app.widgets.setting_row import SettingRow


class ChipRow(SettingRow):
    """`chip` is shown where it has a word."""

    def __init__(self, theme: Theme, controls: Iterable[QWidget]) -> None:
        self.chip = Chip(theme, "")
        super().__init__(theme, "", "", controls)

    def _head(self) -> QHBoxLayout:
        head = super()._head()
        head.insertWidget(1, self.chip)
        return head

    def _least_words_px(self) -> int:
        chip = 0 if self.chip.isHidden() else self.chip.sizeHint().width() + SPACE.sm
        return super()._least_words_px() + chip
