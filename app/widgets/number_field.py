"""A field for a number: typed, or stepped with the arrows; empty where that says something.

A slider beside it shows roughly where a number lies; here it stands exactly.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.theme.metrics import SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of
from app.widgets.number_range import NumberRange

_PAGES = 10
_MOST_LETTERS = 32
_AROUND_PX = 2 * (SPACE.md + STROKE.ring)  # the style's padding, and Qt's own


class NumberField(QLineEdit):
    """`changed` tells each number that can be (None: the field is empty) as it is typed.

    `problem_changed` tells whether what stands there is no such number. Left with such words in
    it, the field goes back to the last number.
    """

    changed = Signal(object)
    problem_changed = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        name: str,
        numbers: NumberRange,
        number: float | None = None,
        *,
        empty: str = "",
        is_wide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`empty`: what an empty field means; without it the field can't be empty. It is wide
        where it stands without a slider.
        """
        super().__init__(parent)
        self._numbers = numbers
        self._number = number
        self._empty = empty
        self._start: float = numbers.slider_low
        self.setAccessibleName(name)
        self.setFont(font_of(Type.SMALL))
        self.setMaxLength(_MOST_LETTERS)
        self.setPlaceholderText(empty)
        self._is_wide = is_wide
        self._fit()
        theme.text_changed.connect(self._fit)
        self.textEdited.connect(self._on_edited)
        self.show_number(number)

    @property
    def number(self) -> float | int | None:
        """The last number that could be; None for an empty field."""
        return self._number

    @property
    def is_wrong(self) -> bool:
        """Whether what stands there is no such number."""
        return bool(self.property("wrong"))

    def show_number(self, number: float | None) -> None:
        """Show another number, or an empty field."""
        self._number = number
        self.setText("" if number is None else self._numbers.words(number))
        self._mark(False)

    def start_from(self, number: float) -> None:
        """Where the arrows begin in an empty field."""
        self._start = number

    def set_locked(self, is_locked: bool) -> None:
        """Show it without letting it be changed; the keyboard still reaches it."""
        self.setReadOnly(is_locked)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Up and Down go a step, PageUp and PageDown ten."""
        steps = {
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_PageUp: _PAGES,
            Qt.Key.Key_PageDown: -_PAGES,
        }.get(Qt.Key(event.key()))
        if steps is None or self.isReadOnly():
            super().keyPressEvent(event)
        else:
            self._step(steps)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """What can't be is not kept."""
        super().focusOutEvent(event)
        self.show_number(self._number)

    def _fit(self) -> None:
        """The words of an empty field are seen whole."""
        least = SIZE.choice_field if self._is_wide else SIZE.number_field
        words = self.fontMetrics().horizontalAdvance(self._empty) + _AROUND_PX
        self.setFixedSize(max(least, words), SIZE.button)

    def _step(self, steps: int) -> None:
        number = self._start if self._number is None else self._number
        by = steps * self._numbers.step
        whole = not self._numbers.decimals  # exact, however large
        self._take(self._numbers.fitted(number + (int(by) if whole else by)))
        self.show_number(self._number)

    def _on_edited(self, words: str) -> None:
        if not words.strip():
            self._mark(not self._empty)
            if self._empty:
                self._take(None)
            return
        number = self._numbers.read(words)
        is_good = number is not None and self._numbers.holds(number)
        self._mark(not is_good)
        if is_good:
            self._take(number)

    def _take(self, number: float | None) -> None:
        if number != self._number:
            self._number = number
            self.changed.emit(number)

    def _mark(self, is_wrong: bool) -> None:
        if is_wrong != self.is_wrong:
            self.setProperty("wrong", is_wrong)
            self.style().polish(self)
            self.problem_changed.emit(is_wrong)
