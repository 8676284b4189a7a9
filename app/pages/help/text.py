"""The help's text: all topics in one list of rows, searched, and walked by its own links."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal

from app.notices import Notices
from app.pages.help.finding import Finder, Hit
from app.pages.help.rows import CONTENTS, HelpRow, help_rows, marked, passages_of, row_of_topic
from app.pages.help.topics import Topic
from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.widgets.markup.flow_text import FlowText
from app.widgets.markup.tools import MarkupTools
from app.widgets.row_list import RowList
from app.widgets.row_list_place import TOP_PX

# The links to what is no topic.
SHORTCUTS = "#shortcuts"
LICENCES = "#licences"


class HelpText(RowList):
    """`topic_changed` tells the topic at the top of what is seen, by its name."""

    topic_changed = Signal(str)
    shortcuts_requested = Signal()
    licences_requested = Signal()

    def __init__(self, theme: Theme, notices: Notices, name: str) -> None:
        """`name` is what the text is called for who hears it."""
        super().__init__(theme, "", grows=False)
        self._name = name
        self.setAccessibleName(name)
        self.tools = MarkupTools(theme, notices, self)
        self.tools.inner_links = self
        self._titles: dict[str, str] = {}
        self._rows: tuple[HelpRow, ...] = ()
        self._finder = Finder(())
        self._hits: tuple[Hit, ...] = ()
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def show_topics(self, topics: Sequence[Topic]) -> None:
        """Show them, from the beginning."""
        self._titles = {topic.name: topic.title for topic in topics}
        self._rows = help_rows(topics, self._name, self.tools)
        self._finder = Finder(passages_of(self._rows))
        self.set_rows(self._rows)

    def topic_now(self) -> str:
        """The topic at the top of what is seen; nothing above the first one."""
        if not self._rows:
            return CONTENTS
        return str(self._rows[self.row_at(SIZE.row)].owner)

    def go_to(self, name: str, reason: Qt.FocusReason | None = None) -> None:
        """Show a topic from its beginning, with the keyboard there where a reason is given."""
        if name == CONTENTS:
            index = 0
        else:
            index = row_of_topic(self._rows, name)
        self.show_row(index)
        view = self.view_at(index)
        if view is not None:
            top_px = view.mapTo(self.viewport(), view.rect().topLeft()).y()
            self.scroll_by(top_px - TOP_PX)
            if reason is not None:
                view.setFocus(reason)
        self.topic_changed.emit(name)

    def search(self, words: str) -> tuple[Hit, ...]:
        """Mark all that answers to what is typed."""
        self._hits = self._finder.find(words)
        self._mark(None)
        return self._hits

    def show_hit(self, number: int) -> None:
        """Bring one of them into sight."""
        hit = self._hits[number]
        self._mark(hit)
        self.show_row(hit.passage.row)
        view = self.view_at(hit.passage.row)
        if isinstance(view, FlowText):
            self.scroll_by(view.found.current_area().top())

    def end_workers(self) -> bool:
        """The window goes: end the threads; False if one would not end."""
        return self.tools.close()

    # ------------------------------------------------------------------ its own links

    def title_of(self, target: str) -> str:
        """A topic's title, or what else of the window a link opens."""
        if target == SHORTCUTS:
            return self.tr("Keyboard shortcuts")
        if target == LICENCES:
            return self.tr("Licences")
        return self._titles.get(target[1:], "") if target.startswith("#") else ""

    def follow(self, target: str, reason: Qt.FocusReason) -> None:
        """Go to a topic, or ask for the list of keys or the licences."""
        if target == SHORTCUTS:
            self.shortcuts_requested.emit()
        elif target == LICENCES:
            self.licences_requested.emit()
        else:
            self.go_to(target[1:], reason)

    # ------------------------------------------------------------------ the steps

    def _mark(self, current: Hit | None) -> None:
        self._rows = marked(self._rows, self._hits, current)
        self.replace(0, len(self._rows), self._rows)

    def _on_scrolled(self, _value: int) -> None:
        self.topic_changed.emit(self.topic_now())
