"""A section of settings: a heading, what is locked in it, a card of rows."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.panel import Card, Ground
from app.widgets.setting_row import RowCard, SettingRow


class LockBanner(Card):
    """One sentence about what an organisation set, and where that is written."""

    def __init__(self, theme: Theme, sentence: str, file: str) -> None:
        super().__init__(theme, Ground.SUNKEN, RADIUS.code, outlined=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.block, SPACE.md, SPACE.block, SPACE.md)
        row.setSpacing(SPACE.row)
        self.sentence = Label(theme, sentence, Type.SMALL, wrap=True)
        self.file = Label(theme, file, Type.CODE_CAPTION, Ink.TEXT2)
        self.setAccessibleName(f"{self.sentence.text()} {self.file.text()}")
        row.addWidget(IconView(theme, Icon.LOCKED, Ink.TEXT2, SIZE.icon_sm))
        row.addWidget(self.sentence, 1)
        row.addWidget(self.file)


class SettingSection(QWidget):
    """`head` takes what stands beside the heading, at the right."""

    def __init__(self, theme: Theme, title: str, rows: Iterable[SettingRow] = ()) -> None:
        super().__init__()
        self.theme = theme
        self.card = RowCard(theme, rows)
        self.card.setAccessibleName(title)
        self.heading = Label(theme, title, Type.SMALL_STRONG, wrap=True)
        self.head = QHBoxLayout()
        self.head.addWidget(self.heading, 1)
        self.banner = self._banner()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE.row)
        self.column.addLayout(self.head)
        if self.banner is not None:
            self.column.addWidget(self.banner)
        self.column.addWidget(self.card)

    def filter(self, words: str) -> int:
        """Show what matches: the rows, or all where the heading does; returns how many rows."""
        if words and words.casefold().strip() in self.heading.text().casefold():
            words = ""
        found = self.card.filter(words)
        self.setVisible(found > 0)
        return found

    def _banner(self) -> LockBanner | None:
        locked = [row for row in self.card.rows if row.is_locked]
        if not locked:
            return None
        sentence = (
            self.tr("One setting is set by your organisation and cannot be changed here.")
            if len(locked) == 1
            else self.tr(
                "{count} settings are set by your organisation and cannot be changed here."
            ).format(count=len(locked))
        )
        return LockBanner(self.theme, sentence, str(locked[0].locked_by))
