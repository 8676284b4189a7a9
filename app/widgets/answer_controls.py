"""The controls of a `ChatSettings`: system prompt, sampler, thoughts, length.

For: the settings of a chat, of new chats, and of presets; each places the rows as it likes. They
show what is set, and what the model recommends of the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.chats.chat_settings import ChatSettings
from app.numbers import whole
from app.theme.theme import Theme
from app.widgets.answer_rows import (
    ChoiceRow,
    NumberRow,
    number_settings,
    overflow_row,
    thinking_row,
    thoughts_row,
)
from app.widgets.prompt_edit import PromptEdit
from app.widgets.setting_row import SettingRow, WideRow
from inference.request import SamplerSettings

_OFTEN = ("temperature", "top_p", "thinking", "thinking_budget_tokens", "max_tokens", "seed")
_OF_THOUGHTS = ("thinking", "thinking_budget_tokens", "keep_thoughts")


class AnswerControls(QObject):
    """`changed` tells the settings after each change that the user made."""

    changed = Signal(object)  # ChatSettings

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = ChatSettings()
        self._is_told = True
        self.prompt = PromptEdit(theme, self.tr("System prompt"))
        self.prompt_row = WideRow(
            theme,
            self.tr("System prompt"),
            self._prompt_words(),
            (self.prompt,),
        )
        self.numbers = {one.field: NumberRow(theme, one) for one in number_settings()}
        rows = (thinking_row(theme), thoughts_row(theme), overflow_row(theme))
        self.choices = {row.setting: row for row in rows}
        self.prompt.textChanged.connect(self._on_prompt_changed)
        self.prompt.refused.connect(self._on_prompt_refused)
        for row in self._by_field.values():
            row.chosen.connect(self._change)
        self.show_model(SamplerSettings(), thinks=True)

    @property
    def settings(self) -> ChatSettings:
        """What is set now."""
        return self._settings

    @property
    def rows(self) -> tuple[SettingRow, ...]:
        """All rows, in order."""
        return (self.prompt_row, *self.often, *self.seldom)

    @property
    def often(self) -> tuple[SettingRow, ...]:
        """What people change."""
        return tuple(self._by_field[field] for field in _OFTEN)

    @property
    def seldom(self) -> tuple[SettingRow, ...]:
        """All other rows."""
        return tuple(row for field, row in self._by_field.items() if field not in _OFTEN)

    def show_model(self, recommended: SamplerSettings, *, thinks: bool) -> None:
        """What the model recommends, and whether it thinks."""
        for field, row in self.numbers.items():
            row.recommend(None if field == "seed" else getattr(recommended, field, None))
        for field in _OF_THOUGHTS:
            self._by_field[field].offer(thinks)
        self.show_settings(self._settings)

    def show_settings(self, settings: ChatSettings) -> None:
        """What is set, as it was decided elsewhere; it is not told."""
        self._settings = settings
        self._is_told = False
        self.prompt.show_text(settings.system_prompt or "")
        for field, row in self.numbers.items():
            row.show_number(getattr(settings, field))
        for field, choice in self.choices.items():
            choice.show_value(getattr(settings, field))
        self._is_told = True

    def restore(self) -> None:
        """Everything as the model recommends; what it doesn't stays."""
        now = self._settings
        self.show_settings(
            ChatSettings(system_prompt=now.system_prompt, leave_out_oldest=now.leave_out_oldest)
        )
        self.changed.emit(self._settings)

    @property
    def _by_field(self) -> dict[str, NumberRow | ChoiceRow]:
        return {**self.numbers, **self.choices}

    def _on_prompt_changed(self) -> None:
        self.prompt_row.explain(self._prompt_words())
        text = self.prompt.text
        if text or self._settings.system_prompt is not None:
            self._change("system_prompt", text)

    def _on_prompt_refused(self, characters: int) -> None:
        form = self.tr("Too long for this field: {count} characters. Nothing was changed.")
        self.prompt_row.complain(form.format(count=whole(characters)))

    def _prompt_words(self) -> str:
        if self.prompt.is_endless:
            form = self.tr(
                "Too long to be edited here: {count} characters. The model is told all of them. "
                "Delete takes them away."
            )
            return form.format(count=whole(len(self.prompt.text)))
        return self.tr("What the model is told before the first message")

    def _change(self, field: str, value: Any) -> None:
        if self._is_told:
            self._settings = replace(self._settings, **{field: value})
            self.changed.emit(self._settings)
