"""Makes rows of the application's settings: each shows what is in force and tells what is chosen.

For: the settings page. A row holds nothing: `refresh` shows again what `Settings` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from app.pages.settings.graphics import GraphicsRow
from app.settings import GRAPHICS_CARD, Setting, Settings
from app.theme.theme import Theme
from app.widgets.choice_button import ChoiceButton
from app.widgets.number_field import NumberField
from app.widgets.number_range import NumberRange
from app.widgets.setting_row import SettingRow
from app.widgets.slider import Slider
from app.widgets.switch import Switch

_Value = TypeVar("_Value")
Choose = Callable[[Setting[Any], Any], None]


class RowMaker:
    """Rows over one `Settings`. `choose` is called with a setting and the value wanted for it."""

    def __init__(self, theme: Theme, settings: Settings, choose: Choose) -> None:
        self._theme = theme
        self._settings = settings
        self._choose = choose
        self._refreshing: list[Callable[[], None]] = []

    def refresh(self) -> None:
        """Show what is in force."""
        for show in self._refreshing:
            show()

    def switch(self, setting: Setting[bool], title: str, detail: str) -> SettingRow:
        """On or off."""
        control = Switch(self._theme, title)
        control.clicked.connect(lambda is_on: self._choose(setting, is_on))
        self._follow(setting, control.setChecked)
        return self._row(setting, title, detail, control)

    def choice(
        self, setting: Setting[_Value], title: str, detail: str, words: Mapping[_Value, str]
    ) -> SettingRow:
        """One of a few."""
        values = tuple(words)
        control = ChoiceButton(self._theme, title, dict(enumerate(words.values())), 0)
        control.chosen.connect(lambda number: self._choose(setting, values[number]))
        self._follow(setting, lambda value: control.choose(values.index(value)))
        return self._row(setting, title, detail, control)

    def slider(
        self, setting: Setting[int], title: str, detail: str, numbers: NumberRange
    ) -> SettingRow:
        """A number; while the mouse drags it is shown, and in force when the mouse lets go."""
        slider = Slider(self._theme, title, numbers, setting.default)
        field = NumberField(self._theme, title, numbers)

        def take(number: int) -> None:
            field.show_number(number)
            if not slider.isSliderDown():
                self._choose(setting, number)

        slider.moved.connect(take)
        slider.sliderReleased.connect(lambda: self._choose(setting, slider.number))
        field.editingFinished.connect(lambda: self._choose(setting, field.number))
        self._follow(setting, slider.show_number)
        self._follow(setting, field.show_number)
        return self._row(setting, title, detail, slider, field)

    def number(
        self, setting: Setting[int], title: str, detail: str, numbers: NumberRange, empty: str
    ) -> SettingRow:
        """A whole number; 0 is an empty field, which says what that means."""
        field = NumberField(self._theme, title, numbers, empty=empty, is_wide=True)
        field.changed.connect(lambda number: self._choose(setting, number or 0))
        self._follow(setting, lambda value: field.show_number(value or None))
        return self._row(setting, title, detail, field)

    def graphics(self) -> GraphicsRow:
        """The graphics card, which is there or not."""
        row = GraphicsRow(self._theme, self._settings.effective(GRAPHICS_CARD).locked_by)
        row.switch.clicked.connect(lambda is_on: self._choose(GRAPHICS_CARD, is_on))
        self._follow(GRAPHICS_CARD, row.show_value)
        return row

    def _row(self, setting: Setting[Any], title: str, detail: str, *controls: Any) -> SettingRow:
        locked_by = self._settings.effective(setting).locked_by
        return SettingRow(self._theme, title, detail, controls, locked_by)

    def _follow(self, setting: Setting[_Value], show: Callable[[_Value], object]) -> None:
        def refresh() -> None:
            show(self._settings.effective(setting).value)

        self._refreshing.append(refresh)
        refresh()
