"""Which numbers a setting may have, and how they are written: for sliders and number fields."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLocale


@dataclass(frozen=True)
class NumberRange:
    """From `low` to `high`, in steps of `step`; `most` is where a slider ends, if before `high`.

    Numbers without decimals are whole ones, of any size.
    """

    low: float
    high: float
    step: float = 1
    decimals: int = 0
    most: float | None = None
    least: float | None = None

    @property
    def slider_low(self) -> float:
        """Where a slider begins."""
        return self.low if self.least is None else self.least

    @property
    def slider_high(self) -> float:
        """Where a slider ends."""
        return self.high if self.most is None else self.most

    @property
    def steps(self) -> int:
        """How many there are on a slider."""
        return round((self.slider_high - self.slider_low) / self.step)

    def step_of(self, value: float) -> int:
        """The step nearest to a value."""
        return max(0, min(self.steps, round((value - self.slider_low) / self.step)))

    def value_at(self, step: int) -> float | int:
        """The value of a step."""
        return self.fitted(self.slider_low + step * self.step)

    def fitted(self, value: float | int) -> float | int:
        """Within the bounds, with as many decimals as are written."""
        bounded = max(self.low, min(self.high, value))
        return round(bounded, self.decimals) if self.decimals else int(bounded)

    def holds(self, value: float) -> bool:
        """Whether it is within the bounds."""
        return self.low <= value <= self.high

    def words(self, value: float | int) -> str:
        """As the user's language writes it."""
        locale = QLocale()
        if not self.decimals:
            return locale.toString(int(value))
        return locale.toString(float(value), "f", self.decimals)

    def read(self, words: str) -> float | int | None:
        """What was typed: as the language writes it, or with a point; None if it is no number."""
        plain = words.strip()
        if not self.decimals:
            digits = plain.replace(QLocale().groupSeparator(), "").replace(" ", "")
            sign = digits[:1] == "-"
            is_whole = digits[sign:].isascii() and digits[sign:].isdigit() and len(digits) <= 20
            return int(digits) if is_whole else None
        value, is_number = QLocale().toDouble(plain)
        if not is_number:
            value, is_number = QLocale.c().toDouble(plain.replace(",", "."))
        # Neither endless nor “not a number”, which Qt reads too.
        return value if is_number and abs(value) < 1e15 else None
