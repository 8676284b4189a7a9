"""Every way out that was tried, with the call and the system's answer; while it is being proved,
each as it is answered.

At first the most usual ways have a row each, all others are summed up: the rest of this window's,
those of a thread and of a child. What was not refused has a row of its own, before all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.airlock.report import Attempt, LockReport, Tried
from app.error_words import words_of
from app.numbers import whole
from app.pages.privacy.attempt_row import AttemptRow
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label
from app.widgets.panel import Card, Ground

_MOST_SHORT = 7  # rows of this window's own attempts before they are summed up
_FRAME_MS = 16  # answers come faster than they can be drawn


@dataclass(frozen=True)
class _Line:
    """What a row shows; `answer` is None while it is being tried."""

    key: str
    name: str
    call: str
    answer: str | None
    refused: bool = True


class AttemptsCard(QWidget):
    """A heading with the count, a button that shows all, and the rows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._attempts: dict[str, Attempt] = {}
        self._waiting: set[str] = set()
        self._rows: dict[str, AttemptRow] = {}
        self._order: list[str] = []
        self._shows_all = False
        self._due = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._due.timeout.connect(self._refresh)
        self.heading = Label(theme, self.tr("Ways out that were tried"), Type.SMALL_STRONG)
        self.count = Label(theme, "", Type.CAPTION, Ink.TEXT3)
        self.more = Button(theme, "", ButtonKind.QUIET, height=SIZE.toast_button)
        self.more.clicked.connect(self._on_more)
        self._card = Card(theme, Ground.RAISED, outlined=True)
        self._card.setAccessibleName(self.heading.text())
        self._column = QVBoxLayout(self._card)
        self._column.setContentsMargins(0, SPACE.sm, 0, SPACE.sm)
        self._column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(SPACE.md)
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.count)
        head.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.sm)
        column.addLayout(head)
        column.addWidget(self._card)

    def rows(self) -> tuple[AttemptRow, ...]:
        """Those that are shown, in their order."""
        return tuple(self._rows[key] for key in self._order)

    def show_report(self, report: LockReport) -> None:
        """All of it, as it was found."""
        self._attempts = {attempt.name: attempt for attempt in report.attempts}
        self._waiting = set()
        self._refresh()

    def begin(self) -> None:
        """Everything is tried anew: each row waits for its answer, where it stands."""
        self._waiting = set(self._attempts)
        self._refresh()

    def add(self, attempt: Attempt) -> None:
        """One more was answered."""
        self._attempts[attempt.name] = attempt
        self._waiting.discard(attempt.name)
        if not self._due.isActive():
            self._due.start()

    def _refresh(self) -> None:
        lines = [*self._lines()]
        for key in [key for key in self._rows if key not in {line.key for line in lines}]:
            row = self._rows.pop(key)
            self._column.removeWidget(row)  # else it still counts where others are put
            row.hide()
            row.deleteLater()
        self._order = [key for key in self._order if key in self._rows]
        for place, line in enumerate(lines):
            row = self._row_at(place, line.key)
            if line.answer is None:
                row.show_waiting(line.name, line.call)
            else:
                row.show_answer(line.name, line.call, line.answer, refused=line.refused)
        self._show_count()

    def _row_at(self, place: int, key: str) -> AttemptRow:
        """The row of that key, brought to its place."""
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = AttemptRow(self._theme)
        if place >= len(self._order) or self._order[place] != key:
            if key in self._order:
                self._order.remove(key)
                self._column.removeWidget(row)
            self._order.insert(place, key)
            self._column.insertWidget(place, row)
        return row

    def _lines(self) -> Iterator[_Line]:
        everything = [*self._attempts.values()]
        open_ones = [each for each in everything if not each.refused]
        yield from (self._of_one(each) for each in open_ones)
        if self._shows_all:
            yield from (self._of_one(each) for each in everything if each.refused)
            return
        for where in Tried:
            of_it = [each for each in everything if each.where is where]
            shown = len(of_it) if len(of_it) <= _MOST_SHORT + 1 else _MOST_SHORT
            shown = shown if where is Tried.HERE else 0
            yield from (self._of_one(each) for each in of_it[:shown] if each.refused)
            if of_it[shown:]:
                yield self._sum_of(where, of_it[shown:])

    def _of_one(self, attempt: Attempt) -> _Line:
        is_waiting = attempt.name in self._waiting
        answer = None if is_waiting else words_of(attempt.answer)
        name = words_of(attempt.name)
        return _Line(attempt.name, name, attempt.call, answer, attempt.refused)

    def _sum_of(self, where: Tried, attempts: Sequence[Attempt]) -> _Line:
        names = {
            Tried.HERE: self.tr("Every other way from this window"),
            Tried.IN_A_THREAD: self.tr("The same from a thread of this window"),
            Tried.IN_A_CHILD: self.tr("The same from a child process"),
        }
        key = f"all {where.value}"  # no attempt is called that
        if any(attempt.name in self._waiting for attempt in attempts):
            return _Line(key, names[where], "", None)
        refused = sum(attempt.refused for attempt in attempts)
        form = self.tr("{refused} of {total}")
        answer = form.format(refused=whole(refused), total=whole(len(attempts)))
        return _Line(key, names[where], "", answer, refused == len(attempts))

    def _show_count(self) -> None:
        heard = [each for name, each in self._attempts.items() if name not in self._waiting]
        refused = sum(attempt.refused for attempt in heard)
        form = self.tr("{refused} of {total} refused")
        self.count.setText(form.format(refused=whole(refused), total=whole(len(heard))))
        self.setVisible(bool(self._attempts))
        self.more.setVisible(len(self._attempts) > len(self._order) or self._shows_all)
        self.more.setText(
            self.tr("Show fewer")
            if self._shows_all
            else self.tr("Show all {count}").format(count=whole(len(self._attempts)))
        )
        self.more.updateGeometry()

    def _on_more(self) -> None:
        self._shows_all = not self._shows_all
        self._refresh()
