"""The formulas of one text: each put in its place, and again when it is drawn or can't be.

For `FlowText`, as `LinkKeys` is for its links. How a formula is drawn is `FormulaObjects`' own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCharFormat, QTextCursor

from app.markup.blocks import Span, Style
from app.markup.formula_outline import FormulaKey
from app.widgets.markup.formula_drawing import Drawing, Refused
from app.widgets.markup.formula_objects import FormulaObjects, is_deep, is_tall, room_of
from app.widgets.markup.span_formats import FORMULA_OBJECT, Setting

if TYPE_CHECKING:
    from app.widgets.markup.flow_text import FlowText


class FormulaPlaces(QObject):
    """What of a text's formulas is drawn by now."""

    def __init__(self, text: FlowText) -> None:
        super().__init__(text)
        self._text = text
        self._drawings: dict[str, Drawing] = {}
        self._objects: FormulaObjects | None = None

    def insert(self, cursor: QTextCursor, source: str, setting: Setting) -> None:
        """Insert a formula as a drawing to be, or its source where it can't be drawn."""
        tools = self._text.tools
        outcome = tools.formulas.look_up(FormulaKey(source))
        if outcome is Refused.REFUSED:
            self._insert_source(cursor, source, setting)
            return
        self._begin()
        if isinstance(outcome, Drawing):
            self._drawings[source] = outcome
        else:
            tools.formulas.want([FormulaKey(source)], self)
        cursor.insertText("\N{OBJECT REPLACEMENT CHARACTER}", self.format_of(source, setting))
        if self.is_tall(source):
            self.loosen(cursor)

    def drawing_of(self, source: str) -> Drawing | None:
        """A formula's drawing, once it has come."""
        return self._drawings.get(source)

    def format_of(self, source: str, setting: Setting) -> QTextCharFormat:
        """The format of a formula's place, as it is drawn by now."""
        drawing = self._drawings.get(source)
        deep = drawing is not None and is_deep(drawing)
        formats = self._text.tools.formats
        room = room_of(drawing, source, formats.font(setting), is_deep=deep)
        return formats.formula(source, setting, room, is_deep=deep)

    def is_tall(self, source: str) -> bool:
        """Whether a formula is drawn, and taller than a line."""
        drawing = self._drawings.get(source)
        return drawing is not None and is_tall(drawing)

    def loosen(self, cursor: QTextCursor) -> None:
        """Let the lines of a paragraph grow where a formula is taller than they are."""
        form = cursor.blockFormat()
        form.setLineHeight(form.lineHeight(), form.LineHeightTypes.MinimumHeight.value)
        cursor.setBlockFormat(form)

    def describe(self) -> str:
        """All sources, for who hears the text."""
        sources = [each.source for each in self._text.marks().formulas]
        if not sources:
            return ""
        return self.tr("Formulas: {sources}").format(sources=" · ".join(sources))

    def _begin(self) -> None:
        """With the first formula: most texts have none."""
        if self._objects is None:
            document, tools = self._text.document(), self._text.tools
            self._objects = FormulaObjects(self._drawings.get, tools.pictures, document)
            document.documentLayout().registerHandler(FORMULA_OBJECT, self._objects)
            tools.formulas.arrived.connect(self._on_arrived)

    def _insert_source(self, cursor: QTextCursor, source: str, setting: Setting) -> None:
        self._text.insert_spans(cursor, (Span(source, Style.CODE),), setting)

    def _on_arrived(self, come: frozenset[FormulaKey]) -> None:
        """Put what was drawn into its place, or the source where it can't be."""
        text = self._text
        sources = {key.source for key in come if not key.is_display}
        places = [each for each in text.marks().formulas if each.source in sources]
        if not places:
            return
        cursor = QTextCursor(text.document())
        cursor.beginEditBlock()
        for place in reversed(places):
            outcome = text.tools.formulas.look_up(FormulaKey(place.source))
            cursor.setPosition(place.position)
            cursor.setPosition(place.position + 1, QTextCursor.MoveMode.KeepAnchor)
            setting = text.setting_at(cursor)
            if isinstance(outcome, Drawing):
                self._drawings[place.source] = outcome
                cursor.setCharFormat(self.format_of(place.source, setting))
                if self.is_tall(place.source):
                    self.loosen(cursor)
            elif outcome is Refused.REFUSED:
                self._insert_source(cursor, place.source, setting)
        cursor.endEditBlock()
        text.viewport().update()  # a place of the same room as before has a drawing now
