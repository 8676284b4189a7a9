"""Asks with which other settings an answer is made once more; they hold for this answer alone.

For: `Tuning`, which hands them to the controller.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.chats.chat_settings import ChatSettings
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.answer_rows import NumberRow, number_settings, thinking_row
from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label
from app.widgets.setting_row import RowCard
from inference.request import SamplerSettings

_FIELDS = ("temperature", "seed")


class RegenerateDialog(QDialog):
    """`chosen` tells the settings; the chat's own stay as they are."""

    chosen = Signal(object)  # ChatSettings

    def __init__(
        self,
        theme: Theme,
        settings: ChatSettings,
        recommended: SamplerSettings,
        parent: QWidget,
        *,
        thinks: bool,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        # The seed of before would give the answer of before.
        self._settings = replace(settings, seed=None)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Regenerate with other settings"))
        self.numbers = {
            one.field: NumberRow(theme, one) for one in number_settings() if one.field in _FIELDS
        }
        self.numbers["temperature"].recommend(recommended.temperature)
        self.thinking = thinking_row(theme)
        self.thinking.show_value(settings.thinking)
        self.cancel = Button(theme, self.tr("Cancel"))
        self.act = Button(theme, self.tr("Regenerate"), ButtonKind.PRIMARY)
        self._lay_out(thinks=thinks)
        for field, row in self.numbers.items():
            row.show_number(getattr(self._settings, field))
            row.chosen.connect(self._change)
        self.thinking.chosen.connect(self._change)
        self.cancel.clicked.connect(self.reject)
        self.act.clicked.connect(self._on_act)
        self.act.setDefault(True)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """As high as its words need."""
        column = self.layout()
        if column is not None and column.hasHeightForWidth():
            self.setFixedHeight(column.totalHeightForWidth(self.width()))
        super().showEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.surface))

    def _lay_out(self, *, thinks: bool) -> None:
        card = RowCard(self._theme, self.numbers.values())
        if thinks:
            card.add(self.thinking)
        title, words = self.windowTitle(), self.tr("For this answer alone. The one so far stays.")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.sm)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.act)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xxl, SPACE.xl, SPACE.xxl, SPACE.lg)
        column.setSpacing(SPACE.md)
        column.addWidget(Label(self._theme, title, Type.CARD_TITLE, wrap=True))
        column.addWidget(Label(self._theme, words, Type.INTERFACE, Ink.TEXT2, wrap=True))
        column.addWidget(card)
        column.addSpacing(SPACE.xs)
        column.addLayout(buttons)
        self.setFixedWidth(SIZE.dialog)

    def _change(self, field: str, value: Any) -> None:
        self._settings = replace(self._settings, **{field: value})

    def _on_act(self) -> None:
        self.accept()
        self.chosen.emit(self._settings)
