"""The rows of a chat's settings: numbers, and choices of which one is to leave it to the model.

For: `AnswerControls`, and whoever shows a few of them alone. A number that is the recommended one
is not set at all, so that another model's recommendation can take its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal

from app.chats.chat_settings import ChatSettings
from app.error_words import words_of
from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.widgets.choice_button import ChoiceButton
from app.widgets.number_field import NumberField
from app.widgets.number_range import NumberRange
from app.widgets.setting_row import SettingRow
from app.widgets.slider import Slider
from inference.errors import RequestError


@dataclass(frozen=True)
class NumberSetting:
    """A number of `ChatSettings`, by its field's name there. `empty`: what no number means."""

    field: str
    title: str
    detail: str
    numbers: NumberRange
    empty: str = ""
    has_slider: bool = True


class NumberRow(SettingRow):
    """`chosen` tells a number that was chosen; None for the recommended one, or for none."""

    chosen = Signal(str, object)

    def __init__(self, theme: Theme, setting: NumberSetting) -> None:
        self.setting = setting
        self._recommended: float | None = None
        self.field = NumberField(
            theme,
            setting.title,
            setting.numbers,
            empty=setting.empty,
            is_wide=not setting.has_slider,
        )
        self.slider: Slider | None = None
        if setting.has_slider:
            self.slider = Slider(theme, setting.title, setting.numbers)
            super().__init__(theme, setting.title, setting.detail, (self.slider, self.field))
            self.slider.moved.connect(self._on_moved)
            self._align_slider()
            theme.text_changed.connect(self._align_slider)
        else:
            super().__init__(theme, setting.title, setting.detail, (self.field,))
        self.field.changed.connect(self._on_typed)
        self.field.problem_changed.connect(self._on_problem)

    def recommend(self, number: float | None) -> None:
        """What the model recommends; None where it leaves that open."""
        self._recommended = number
        if number is not None:
            self.field.start_from(number)
        if self.slider is not None:
            self.slider.recommend(number)
        self.explain(self._words())

    def show_number(self, number: float | None) -> None:
        """What is set; None for what is recommended."""
        shown = self._recommended if number is None else number
        if not self.field.hasFocus():
            self.field.show_number(shown)
        self._slide_to(shown)

    def _align_slider(self) -> None:
        """All sliders begin below one another, however wide a field's words are."""
        if self.slider is not None:
            self.slider.narrow(self.field.width() - SIZE.number_field)

    def _words(self) -> str:
        if self._recommended is None:
            return self.setting.detail
        number = self.setting.numbers.words(self._recommended)
        return self.tr("Recommended {number}").format(number=number)

    def _slide_to(self, number: float | None) -> None:
        if self.slider is not None:
            self.slider.show_number(self.setting.numbers.slider_high if number is None else number)

    def _on_moved(self, number: float) -> None:
        self.field.show_number(number)
        self._tell(number)

    def _on_typed(self, number: float | None) -> None:
        self._slide_to(number)
        self._tell(number)

    def _tell(self, number: float | None) -> None:
        is_recommended = self._recommended is not None and number == self._recommended
        self.chosen.emit(self.setting.field, None if is_recommended else number)

    def _on_problem(self, is_wrong: bool) -> None:
        self.complain(self._problem() if is_wrong else "")
        if not is_wrong:
            self.explain(self._words())

    def _problem(self) -> str:
        """The engine's own sentence where it has one."""
        number = self.setting.numbers.read(self.field.text())
        if number is not None:
            try:
                ChatSettings(**{self.setting.field: number})  # type: ignore[arg-type]
            except RequestError as error:
                return words_of(error)
        numbers = self.setting.numbers
        return self.tr("A number from {low} to {high}.").format(
            low=numbers.words(numbers.low), high=numbers.words(numbers.high)
        )


class ChoiceRow(SettingRow):
    """`chosen` tells what was chosen of a setting that is on, off, or left open: None."""

    chosen = Signal(str, object)

    def __init__(
        self, theme: Theme, field: str, title: str, detail: str, words: Mapping[bool | None, str]
    ) -> None:
        self.setting = field
        self._values = tuple(words)
        self.choice = ChoiceButton(theme, title, dict(enumerate(words.values())), 0)
        super().__init__(theme, title, detail, (self.choice,))
        self.choice.chosen.connect(
            lambda number: self.chosen.emit(self.setting, self._values[number])
        )

    def show_value(self, value: bool | None) -> None:
        """What is set; it is not told. What is no choice of its own is shown as the first one."""
        self.choice.choose(self._values.index(value) if value in self._values else 0)


def thinking_row(theme: Theme) -> ChoiceRow:
    """Whether the model thinks."""
    translate = QCoreApplication.translate
    return ChoiceRow(
        theme,
        "thinking",
        translate("answer_rows", "Thinking"),
        translate("answer_rows", "Whether it thinks before it answers"),
        {
            None: translate("answer_rows", "As recommended"),
            True: translate("answer_rows", "On"),
            False: translate("answer_rows", "Off"),
        },
    )


def thoughts_row(theme: Theme) -> ChoiceRow:
    """What becomes of earlier thoughts."""
    translate = QCoreApplication.translate
    return ChoiceRow(
        theme,
        "keep_thoughts",
        translate("answer_rows", "Earlier thoughts"),
        translate("answer_rows", "Whether the model reads again what it thought before"),
        {
            None: translate("answer_rows", "As recommended"),
            True: translate("answer_rows", "Kept"),
            False: translate("answer_rows", "Dropped"),
        },
    )


def overflow_row(theme: Theme) -> ChoiceRow:
    """What becomes of a chat that no longer fits."""
    translate = QCoreApplication.translate
    return ChoiceRow(
        theme,
        "leave_out_oldest",
        translate("answer_rows", "When a chat no longer fits"),
        translate("answer_rows", "What the model does not read stays in the history"),
        {
            None: translate("answer_rows", "Ask what to do"),
            True: translate("answer_rows", "Leave out the oldest"),
        },
    )


def number_settings() -> tuple[NumberSetting, ...]:
    """In the order in which people look for them."""
    translate = QCoreApplication.translate

    return (
        NumberSetting(
            "temperature",
            translate("answer_rows", "Temperature"),
            translate("answer_rows", "Low is sober, high is wild"),
            NumberRange(0, 100, 0.05, 2, most=2),
        ),
        NumberSetting(
            "top_p",
            translate("answer_rows", "Top-p"),
            translate("answer_rows", "How much of the likeliest is drawn from"),
            NumberRange(0.01, 1, 0.01, 2),
        ),
        NumberSetting(
            "top_k",
            translate("answer_rows", "Top-k"),
            translate("answer_rows", "How many of the likeliest are drawn from; 0 is all"),
            NumberRange(0, 1_000_000, 1, most=200),
        ),
        NumberSetting(
            "min_p",
            translate("answer_rows", "Min-p"),
            translate("answer_rows", "What is less likely than this share of the likeliest is out"),
            NumberRange(0, 1, 0.01, 2, most=0.5),
        ),
        NumberSetting(
            "repeat_penalty",
            translate("answer_rows", "Repeat penalty"),
            translate("answer_rows", "Above 1, what was said is said less"),
            NumberRange(0.01, 10, 0.01, 2, least=0.8, most=1.6),
        ),
        NumberSetting(
            "presence_penalty",
            translate("answer_rows", "Presence penalty"),
            translate("answer_rows", "Against words that were there"),
            NumberRange(-10, 10, 0.05, 2, least=-2, most=2),
        ),
        NumberSetting(
            "frequency_penalty",
            translate("answer_rows", "Frequency penalty"),
            translate("answer_rows", "Against words that were often there"),
            NumberRange(-10, 10, 0.05, 2, least=-2, most=2),
        ),
        NumberSetting(
            "thinking_budget_tokens",
            translate("answer_rows", "Thinking budget"),
            translate("answer_rows", "Tokens before the answer must begin"),
            NumberRange(0, 1_000_000, 256, most=16_384),
            empty=translate("answer_rows", "No limit"),
        ),
        NumberSetting(
            "max_tokens",
            translate("answer_rows", "Longest answer"),
            translate("answer_rows", "In tokens; empty for as long as fits"),
            NumberRange(1, 1_000_000, 128),
            empty=translate("answer_rows", "As fits"),
            has_slider=False,
        ),
        NumberSetting(
            "seed",
            translate("answer_rows", "Seed"),
            translate("answer_rows", "Empty picks a new one each time"),
            NumberRange(0, 2**63 - 1),
            empty=translate("answer_rows", "Random"),
            has_slider=False,
        ),
    )
