"""Every connection that was ever tried, the newest first; exported whole."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.airlock.ledger import LedgerPage
from app.error_words import words_of
from app.numbers import whole
from app.pages.privacy.facts import PrivacyFacts
from app.pages.privacy.ledger_words import RowWords, confirmations, row_words
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button
from app.widgets.label import Label
from app.widgets.panel import Card, Ground

_MOST_SHOWN = 60
# So much is laid out while the window waits: a host or a file that somebody made up may have
# thousands, 8 ms and more for each. All rows of an ordinary ledger have less.
_AT_ONCE_CHARACTERS = 12_000


class LedgerRowView(QWidget):
    """Two lines: whom, and how many bytes; what was asked for and why."""

    def __init__(self, theme: Theme, words: RowWords, *, is_first: bool) -> None:
        super().__init__()
        self._theme = theme
        self._is_first = is_first
        self.words = words
        what = Label(theme, words.what, Type.SMALL_MEDIUM, grow=True)
        result = Label(theme, words.result, Type.CAPTION, words.ink)
        when = Label(theme, words.when, Type.CAPTION, Ink.TEXT3)
        path = Label(theme, words.path, Type.CODE_CAPTION, Ink.TEXT2, wrap=True)
        why = Label(theme, words.why, Type.CAPTION, Ink.TEXT2, wrap=True)
        told = (label.text() for label in (when, what, path, why, result))
        self.setAccessibleName(". ".join(part for part in told if part))
        head = QHBoxLayout()
        head.setSpacing(SPACE.md)
        head.addWidget(what, 1)
        head.addWidget(result)
        head.addWidget(when)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.lg, SPACE.sm, SPACE.lg, SPACE.sm)
        column.setSpacing(SPACE.tick)
        column.addLayout(head)
        if words.path:
            column.addWidget(path)
        column.addWidget(why)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """A line between rows."""
        if not self._is_first:
            painter = QPainter(self)
            painter.setPen(QColor(self._theme.tokens.line))
            painter.drawLine(SPACE.hair, 0, self.width() - 2 * SPACE.hair, 0)


class LedgerSection(QWidget):
    """`export` is for what is shown and all that is older."""

    export_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: tuple[LedgerRowView, ...] = ()
        self._left: list[RowWords] = []  # to be shown once the window has answered
        self._adding = QTimer(self, singleShot=True, interval=0)
        self._adding.timeout.connect(self._add_rows)
        self.export = Button(theme, self.tr("Export…"), height=SIZE.toast_button, icon=Icon.EXPORT)
        self.export.setAccessibleName(self.tr("Export the connections"))
        self.export.clicked.connect(self.export_requested)
        self.state = Label(theme, "", Type.SMALL, Ink.TEXT3, wrap=True)
        self._card = Card(theme, Ground.RAISED, outlined=True)
        self._card.setAccessibleName(self.tr("Every connection ever tried"))
        self._lines = QVBoxLayout(self._card)
        self._lines.setContentsMargins(0, SPACE.hair, 0, SPACE.hair)
        self._lines.setSpacing(0)
        heading = Label(theme, self.tr("Every connection ever tried"), Type.SMALL_STRONG)
        stays = Label(theme, self.tr("Stays on this computer"), Type.CAPTION, Ink.TEXT3)
        lead = QHBoxLayout()
        lead.setSpacing(SPACE.md)
        lead.addWidget(heading)
        lead.addStretch(1)
        lead.addWidget(stays)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.sm)
        column.addLayout(
            BesideLayout(lead, (self.export,), lambda: lead.sizeHint().width(), SPACE.md)
        )
        column.addWidget(self._card)
        column.addWidget(self.state)
        self.show_page(LedgerPage())

    def show_facts(self, facts: PrivacyFacts) -> None:
        """What was gathered."""
        if facts.ledger is None:
            self.show_page(LedgerPage())
            form = self.tr("The list of connections can’t be read: {why}")
            self.state.setText(form.format(why=words_of(facts.ledger_problem)))
            self.state.set_ink(Ink.BAD)
        else:
            self.show_page(facts.ledger)

    def show_page(self, page: LedgerPage) -> None:
        """The newest of them; of all others how many there are."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        given = confirmations(page.rows)
        told = [words for row in page.rows if (words := row_words(row, given)) is not None]
        self.rows, self._left = (), told[:_MOST_SHOWN]
        hidden = len(told) - len(self._left)
        self._add_rows()
        self._card.setVisible(bool(self.rows))
        self.export.setVisible(bool(page.rows))
        self.state.setText(self._state(page, hidden))
        self.state.set_ink(Ink.WARN if page.damaged else Ink.TEXT3)
        self.state.setVisible(bool(self.state.text()))

    def _add_rows(self) -> None:
        count, room = 0, _AT_ONCE_CHARACTERS
        while count < len(self._left) and room > 0:
            row = LedgerRowView(self._theme, self._left[count], is_first=not self.rows)
            self._lines.addWidget(row)
            self.rows = (*self.rows, row)
            room -= len(row.accessibleName())
            count += 1
        self._left = self._left[count:]
        if self._left:
            self._adding.start()

    def _state(self, page: LedgerPage, hidden: int) -> str:
        parts = []
        if not page.rows and not page.damaged:
            parts.append(self.tr("Empty: nothing was downloaded yet."))
        if hidden + page.left_out > 0:
            form = self.tr("Older ones that are not shown here: {count}.")
            parts.append(form.format(count=whole(hidden + page.left_out)))
        if page.damaged:
            form = self.tr("Lines that are damaged or not ours: {count}.")
            parts.append(form.format(count=whole(page.damaged)))
        return " ".join(parts)
