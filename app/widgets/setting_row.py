"""A setting as a row: what it is, what it means now, and the control that changes it.

For: the settings page, a chat's settings, presets. A row that a policy locks shows a lock, and
its control is shown without being changeable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.panel import Card, Ground
from app.widgets.slider import Slider


@runtime_checkable
class Lockable(Protocol):
    """A control that can be shown without being changeable."""

    def set_locked(self, is_locked: bool) -> None:
        """Whether it is."""


class SettingRow(QWidget):
    """Words at the left, controls at the right, or below where there is little room."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        detail: str,
        controls: Iterable[QWidget],
        locked_by: Path | None = None,
    ) -> None:
        super().__init__()
        self.theme = theme
        self.title = title
        self.controls = tuple(controls)
        self.locked_by = locked_by
        self.lock = IconView(theme, Icon.LOCKED, Ink.TEXT3, SIZE.icon_xs)
        self.name = Label(theme, title, Type.INTERFACE_MEDIUM)
        self.words = Label(theme, detail, Type.CAPTION, Ink.TEXT2, wrap=True)
        self._detail = detail
        self._is_first = False
        self._is_offered = True
        self._lay_out()
        self.say(detail)
        self._show_lock()

    @property
    def is_locked(self) -> bool:
        """Whether a policy decided it."""
        return self.locked_by is not None

    def say(self, detail: str) -> None:
        """What it means now; assistive technology hears it with the control."""
        self.words.setText(detail)
        for control in self.controls:
            if not isinstance(control, Slider):  # which tells its number there
                control.setAccessibleDescription(self._description())
        self.updateGeometry()

    def complain(self, sentence: str) -> None:
        """Say what is wrong with what was entered, in the place of the words; "" ends that."""
        self.words.set_ink(Ink.BAD if sentence else Ink.TEXT2)
        self.say(sentence or self._detail)
        if sentence:
            QAccessible.updateAccessibility(QAccessibleEvent(self.words, QAccessible.Event.Alert))

    def explain(self, detail: str) -> None:
        """Other words for what it means."""
        self._detail = detail
        self.complain("")

    def offer(self, is_offered: bool) -> None:
        """A row that means nothing now is not shown, whatever is searched for."""
        self._is_offered = is_offered
        if self.parentWidget() is not None or not is_offered:  # else it would be a window
            self.setVisible(is_offered)

    def matches(self, words: str) -> bool:
        """Whether it is offered, and each of the words stands in it."""
        if not self._is_offered:
            return False
        text = f"{self.title} {self.words.text()}".casefold()
        return all(word in text for word in words.casefold().split())

    def set_first(self, is_first: bool) -> None:
        """The first row of a card has no line above it."""
        self._is_first = is_first
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The line above it."""
        if not self._is_first:
            painter = QPainter(self)
            painter.setPen(QColor(self.theme.tokens.line))
            painter.drawLine(SPACE.hair, 0, self.width() - 2 * SPACE.hair, 0)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(self._head())
        words.addWidget(self.words)
        row = BesideLayout(words, self.controls, self._least_words_px)
        row.setContentsMargins(SPACE.xl, SPACE.row, SPACE.xl, SPACE.row)
        self.setLayout(row)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(SPACE.sm)
        head.addWidget(self.name)
        head.addWidget(self.lock)
        head.addStretch(1)
        return head

    def _least_words_px(self) -> int:
        """Its name is never cut for a control beside it."""
        lock = 0 if self.lock.isHidden() else self.lock.sizeHint().width() + SPACE.sm
        return max(self.name.sizeHint().width() + lock, SIZE.choice_field)

    def _description(self) -> str:
        if self.locked_by is None:
            return self.words.text()
        return self.tr("{words}. Set by your organisation in {file}").format(
            words=self.words.text(), file=self.locked_by
        )

    def _show_lock(self) -> None:
        self.lock.setVisible(self.is_locked)
        self.name.set_ink(Ink.TEXT2 if self.is_locked else Ink.TEXT)
        for control in self.controls:
            if isinstance(control, Lockable):
                control.set_locked(self.is_locked)


class WideRow(SettingRow):
    """The same, with its control below the words, over the whole width."""

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.md, SPACE.xl, SPACE.lg)
        column.setSpacing(SPACE.xs)
        column.addLayout(self._head())
        column.addWidget(self.words)
        for control in self.controls:
            column.addWidget(control)


class RowCard(Card):
    """Rows below one another, with lines between those that are shown."""

    def __init__(self, theme: Theme, rows: Iterable[SettingRow] = ()) -> None:
        super().__init__(theme, Ground.RAISED, outlined=True)
        self.rows: list[SettingRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, SPACE.hair, 0, SPACE.hair)
        self._column.setSpacing(0)
        for row in rows:
            self.add(row)

    def add(self, row: SettingRow) -> None:
        """Add a row at the end."""
        self.rows.append(row)
        self._column.addWidget(row)
        self._draw_lines()

    def take(self, row: SettingRow) -> None:
        """Let go of a row, which goes."""
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self._draw_lines()

    def order(self, rows: Sequence[SettingRow]) -> None:
        """Have the same rows stand in this order."""
        if self.rows != list(rows):
            self.rows = list(rows)
            for number, row in enumerate(rows):
                self._column.removeWidget(row)
                self._column.insertWidget(number, row)
        self._draw_lines()

    def filter(self, words: str) -> int:
        """Show the rows that match; returns how many do."""
        shown = [row for row in self.rows if row.matches(words)]
        for row in self.rows:
            row.setVisible(row in shown)
        self._draw_lines()
        return len(shown)

    def _draw_lines(self) -> None:
        shown = [row for row in self.rows if not row.isHidden()]
        for row in shown:
            row.set_first(row is shown[0])
