"""Asks with which other settings an answer is made once more; they hold for this answer alone.

For: `Tuning`, which hands them to the controller.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.chats.chat_settings import ChatSettings
from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.widgets.answer_rows import NumberRow, number_settings, thinking_row
from app.widgets.button import ButtonKind
from app.widgets.setting_row import RowCard
from app.widgets.small_dialog import SmallDialog
from inference.request import SamplerSettings

_FIELDS = ("temperature", "seed")


class RegenerateDialog(SmallDialog):
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
        super().__init__(
            theme,
            self.tr("Regenerate with other settings"),
            self.tr("For this answer alone. The one so far stays."),
            self.tr("Regenerate"),
            parent,
            SIZE.dialog,
        )
        # The seed of before would give the answer of before.
        self._settings = replace(settings, seed=None)
        self.numbers = {
            one.field: NumberRow(theme, one) for one in number_settings() if one.field in _FIELDS
        }
        self.numbers["temperature"].recommend(recommended.temperature)
        self.thinking = thinking_row(theme)
        self.thinking.show_value(settings.thinking)
        card = RowCard(theme, self.numbers.values())
        if thinks:
            card.add(self.thinking)
        self.body.addWidget(card)
        for field, row in self.numbers.items():
            row.show_number(getattr(self._settings, field))
            row.chosen.connect(self._change)
        self.thinking.chosen.connect(self._change)
        self.act.set_kind(ButtonKind.PRIMARY)
        self.act.clicked.connect(self._on_act)
        self.act.setDefault(True)

    def _change(self, field: str, value: Any) -> None:
        self._settings = replace(self._settings, **{field: value})

    def _on_act(self) -> None:
        self.accept()
        self.chosen.emit(self._settings)
