"""The help page: a field that searches, a choice of topics, and the text of all of them.

For: `HelpDesk`, which opens it. What is typed is marked in the text as one types; Enter goes on
to the next hit, Shift+Enter to the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.notices import Notices
from app.pages.base import Page
from app.pages.help.finding import Hit, best_of
from app.pages.help.rows import CONTENTS
from app.pages.help.search import HelpSearch
from app.pages.help.text import HelpText
from app.pages.help.topics import Topic
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.announcing import announce
from app.widgets.button import IconButton
from app.widgets.choice_button import ChoiceButton
from app.widgets.label import Label
from app.widgets.one_line import one_line
from app.widgets.panel import Ground, Panel
from app.widgets.toast import ToastStack
from app.widgets.wrap_layout import WrapLayout


@dataclass(frozen=True)
class PageWords:
    """What a page of this kind is called, its search, its choice of topics and the first of it."""

    title: str
    search: str
    topic: str
    all_topics: str


class HelpPage(Page):
    """Keeps its place and what was searched for as long as the window lives."""

    left = Signal()
    shortcuts_requested = Signal()
    licences_requested = Signal()

    def __init__(self, theme: Theme, notices: Notices) -> None:
        super().__init__()
        self._theme = theme
        self._words = self.words()
        self._names: tuple[str, ...] = (CONTENTS,)
        self._choices = {CONTENTS: 0}  # of each topic, the one that it stands under
        self._hits: tuple[Hit, ...] = ()
        self._hit = 0
        self.back = IconButton(theme, Icon.BACK, self.tr("Back"))
        self.back.rename(self.tr("Back"), "Esc")
        self.sidebar = IconButton(theme, Icon.SIDEBAR, self.tr("Show sidebar"))
        self.sidebar.rename(self.tr("Show sidebar"), "Ctrl+B")
        self.search = HelpSearch(theme, self._words.search)
        self.topics = ChoiceButton(theme, self._words.topic, {0: self._words.all_topics}, 0)
        self.found = Label(theme, "", Type.SMALL, Ink.TEXT2)
        self.previous = IconButton(theme, Icon.PREVIOUS, self.tr("Previous hit"))
        self.next = IconButton(theme, Icon.OPEN, self.tr("Next hit"))
        self.text = HelpText(theme, notices, self._words.title)
        self._lay_out(theme)
        self.toasts = ToastStack(theme, self)
        self._connect()
        self._show_place()

    def words(self) -> PageWords:
        """What it is called."""
        return PageWords(
            self.tr("Help"), self.tr("Search help"), self.tr("Topic"), self.tr("All topics")
        )

    def show_reading(self) -> None:
        """The texts are being read, which is said where it takes a moment."""

    def show_read(self) -> None:
        """They are there, or can't be had."""

    def show_topics(self, topics: Sequence[Topic]) -> None:
        """Show the texts, once; what was typed meanwhile is searched for."""
        offered = [topic for topic in topics if topic.is_choice]
        self._names = (CONTENTS, *(topic.name for topic in offered))
        words = (self._words.all_topics, *(topic.title for topic in offered))
        number = 0
        for topic in topics:
            number += topic.is_choice
            self._choices[topic.name] = number
        self.topics.offer(dict(enumerate(words)), 0)
        self.text.show_topics(topics)
        if self.search.text():
            self._on_searched(self.search.text())

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """Where the sidebar is hidden, a button shows it."""
        self.sidebar.setVisible(not is_docked)

    def menu_anchor(self) -> QWidget:
        """At the right of the head."""
        return self.search

    def take_focus(self) -> None:
        """To the search, where what was typed before is replaced by typing."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def escape(self) -> None:
        """Empty the search, else go back."""
        if self.search.text():
            self.search.clear()
        else:
            self.left.emit()

    def _lay_out(self, theme: Theme) -> None:
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head = QVBoxLayout()
        head.setSpacing(SPACE.md)
        head.setContentsMargins(0, 0, 0, SPACE.sm)
        first = _in_a_row(self.sidebar, self.back, self._title(theme))
        first.addStretch(1)
        first.addWidget(self.search, 1000)
        head.addLayout(first)
        steps = QWidget()  # they keep together where there is too little room for one line
        steps.setLayout(_in_a_row(self.found, self.previous, self.next))
        head.addLayout(WrapLayout((self.topics,), (steps,)))
        middle = QWidget()
        middle.setLayout(head)
        sides = QHBoxLayout()
        sides.setContentsMargins(SPACE.xxl, SPACE.section, SPACE.xxl, 0)
        sides.addStretch(1)
        sides.addWidget(middle, 1000)
        sides.addStretch(1)
        ground = Panel(theme, Ground.SURFACE)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(sides)
        column.addWidget(self.text, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ground)

        def fit() -> None:
            middle.setMaximumWidth(SIZE.column)
            self.search.setMaximumWidth(SIZE.settings_search)

        theme.text_changed.connect(fit)
        fit()

    def _title(self, theme: Theme) -> Label:
        return Label(theme, self._words.title, Type.PAGE_TITLE)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.sidebar.clicked.connect(self.sidebar_requested)
        self.search.textChanged.connect(self._on_searched)
        self.search.escaped.connect(self.escape)
        self.search.entered.connect(lambda: self._step(1))
        self.search.entered_back.connect(lambda: self._step(-1))
        self.search.stepped.connect(self._on_stepped)
        self.next.clicked.connect(lambda: self._step(1))
        self.previous.clicked.connect(lambda: self._step(-1))
        self.topics.chosen.connect(self._on_topic_chosen)
        self.text.topic_changed.connect(self._on_topic_changed)
        self.text.shortcuts_requested.connect(self.shortcuts_requested)
        self.text.licences_requested.connect(self.licences_requested)

    def _on_topic_chosen(self, number: int) -> None:
        self.text.go_to(self._names[number], Qt.FocusReason.OtherFocusReason)

    def _on_topic_changed(self, name: str) -> None:
        number = self._choices[name]
        if number != self.topics.choice:
            self.topics.choose(number)

    def _on_stepped(self, rows: int) -> None:
        """Up and down in the field scroll the text."""
        self.text.scroll_by(rows * Type.READING.line_px)

    # ------------------------------------------------------------------ searching

    def _on_searched(self, words: str) -> None:
        self._hits = self.text.search(words)
        self._hit = best_of(self._hits)
        if self._hits:
            self.text.show_hit(self._hit)
        self._show_place()
        announce(self.search, self.found.text())

    def _step(self, by: int) -> None:
        if self._hits:
            self._hit = (self._hit + by) % len(self._hits)
            self.text.show_hit(self._hit)
            self._show_place()
            announce(self.search, f"{self.found.text()}: {self._hits[self._hit].passage.text}")

    def _show_place(self) -> None:
        is_asked = bool(self.search.text().strip())
        self.found.setVisible(is_asked)
        for button in (self.previous, self.next):
            button.setVisible(bool(self._hits))
        if self._hits:
            words = self.tr("{number} of {count}")
            self.found.setText(words.format(number=self._hit + 1, count=len(self._hits)))
        elif is_asked:
            asked = one_line(self.search.text().strip())
            self.found.setText(self.tr("Nothing about “{words}”").format(words=asked))


def _in_a_row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE.sm)
    for widget in widgets:
        row.addWidget(widget)
    return row
