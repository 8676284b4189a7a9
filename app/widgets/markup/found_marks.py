"""What of a text was searched for, marked in it; the hit that one is at stands out.

For `FlowText`; which places they are is for who searches to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

if TYPE_CHECKING:
    from app.widgets.markup.flow_text import FlowText

Range = tuple[int, int]  # in the message's numbering


class FoundMarks(QObject):
    """The marks of one text."""

    def __init__(self, text: FlowText) -> None:
        super().__init__(text)
        self._text = text
        self._all: Sequence[Range] = ()
        self._current: Sequence[Range] = ()

    def show(self, places: Sequence[Range], current: Sequence[Range]) -> None:
        """Mark these, and those of them where one is now otherwise."""
        if (places, current) != (self._all, self._current):
            self._all, self._current = places, current
            self._text.show_extra()

    def current_area(self) -> QRect:
        """Where the first of the current ones is, in the text's coordinates."""
        if not self._current:
            return QRect()
        cursor = QTextCursor(self._text.document())
        cursor.setPosition(self._text.to_document(self._current[0][0]))
        return self._text.cursorRect(cursor)

    def selections(self) -> list[QTextEdit.ExtraSelection]:
        """In the theme's present colours."""
        tokens = self._text.tools.theme.tokens
        return [
            self._selection(place, tokens.accent, tokens.on_accent)
            if place in self._current
            else self._selection(place, tokens.mark, tokens.on_mark)
            for place in self._all
        ]

    def _selection(self, place: Range, ground: str, ink: str) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setBackground(QColor(ground))
        form.setForeground(QColor(ink))
        cursor = QTextCursor(self._text.document())
        cursor.setPosition(self._text.to_document(place[0]))
        end = self._text.to_document(place[1], is_end=True)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        selection.format = form
        selection.cursor = cursor
        return selection
