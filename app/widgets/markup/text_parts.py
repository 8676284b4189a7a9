"""What stands in a text beside its letters, as parts: links, formulas, boxes, notes, cells.

For `FlowText`, whose surface has them for assistive technology; the text itself keeps Qt's own
face, in which its letters and lines are read. They are read from the document when somebody asks,
and again when it has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QTextTable

from app.markup.blocks import DONE_TASK, OPEN_TASK, Span, Style
from app.markup.notes import lowered
from app.numbers import whole
from app.widgets.access_parts import Cell, Told, ToldList, press
from app.widgets.displayable import displayable
from app.widgets.markup.block_text import (
    Paragraph,
    cell_text,
    paragraph_text,
    slice_units,
    spans_text,
    units,
)
from app.widgets.markup.document_marks import DocumentMarks, DrawnFormula, Link
from app.widgets.markup.paint_text import area_between

if TYPE_CHECKING:
    from app.widgets.markup.flow_text import FlowText

_Role = QAccessible.Role
_Placed = tuple[int, Told]  # where in the document
_TASKS = {OPEN_TASK: False, DONE_TASK: True}


@dataclass(frozen=True)
class TableShown:
    """A table as it is shown; a piece that goes on from another has no head drawn above it."""

    rows: Sequence[Sequence[Sequence[Span]]]
    heads: Sequence[str]  # its columns' names
    has_head: bool
    table: QTextTable

    def head_of(self, row: int, column: int) -> tuple[int, int] | None:
        """Which cell heads another."""
        return (0, column) if self.has_head and row else None


class TextParts(ToldList):
    """The parts of one text."""

    def __init__(self, text: FlowText) -> None:
        super().__init__(text.viewport())
        self._text = text
        self._seen: DocumentMarks | None = None

    def now(self) -> TextParts:
        """As the document is now."""
        marks = self._text.marks()  # others after each change
        if marks is not self._seen:
            self._seen = marks
            self.tell(self._text.told(self))
        return self

    def of_marks(self, low: int = 0, high: int | None = None) -> list[Told]:
        """Links and formulas between two positions of the document."""
        return _in_order(self._marks_told(low, high))

    def of_lines(self, paragraphs: Sequence[Paragraph]) -> list[Told]:
        """What a text's lines have: headings, boxes, notes and their marks too."""
        placed, at = list(self._marks_told(0, None)), 0
        for number, paragraph in enumerate(paragraphs):
            lines = takewhile(lambda line: not line.marker, paragraphs[number + 1 :])
            placed += self._line_told(paragraph, at, lines)
            at += units(paragraph_text(paragraph)) + 1
        return _in_order(placed)

    def of_rows(self, shown: TableShown) -> list[Told]:
        """The rows of a table, with their cells."""
        told = []
        for number, row in enumerate(shown.rows):
            is_head = number == 0 and shown.has_head
            places = [
                Cell(number, column, shown.head_of(number, column)) for column in range(len(row))
            ]
            cells = tuple(
                self._cell_told(spans, place, shown)
                for spans, place in zip(row, places, strict=True)
            )
            name = self.tr("Head") if is_head else self.tr("Row {number}")
            count = whole(number + (0 if shown.has_head else 1))
            low = shown.table.cellAt(number, 0).firstPosition()
            high = shown.table.cellAt(number, len(row) - 1).lastPosition()
            area = partial(area_between, self._text, low, high)
            told.append(Told(_Role.Row, name.format(number=count), area=area, parts=cells))
        return told

    # ------------------------------------------------------------------ each of them

    def _marks_told(self, low: int, high: int | None) -> Iterator[_Placed]:
        marks = self._text.marks()
        for link in marks.links:
            if low <= link.start and (high is None or link.end <= high):
                yield link.start, self._link_told(link)
        for formula in marks.formulas:
            if low <= formula.position and (high is None or formula.position < high):
                yield formula.position, self._formula_told(formula)

    def _link_told(self, link: Link) -> Told:
        text = self._text
        start, end = text.to_message(link.start), text.to_message(link.end)
        words = " ".join(slice_units(text.text(), start, end).split())
        target = displayable(text.links.where(link))
        takes = press(text.links.words_of(link), lambda: text.links.take(link))
        area = partial(area_between, self._text, link.start, link.end)
        return Told(_Role.Link, words or target, target, (takes,), area)

    def _formula_told(self, formula: DrawnFormula) -> Told:
        name = self.tr("Formula: {source}").format(source=formula.source)
        at = formula.position
        return Told(_Role.Equation, name, area=partial(area_between, self._text, at, at + 1))

    def _line_told(
        self, paragraph: Paragraph, at: int, more: Iterable[Paragraph]
    ) -> Iterator[_Placed]:
        """A line that begins at a position of the message; a note has those after it too."""
        words = _words(paragraph)
        start = self._text.to_document(at)
        end = self._text.to_document(at + units(paragraph_text(paragraph)), is_end=True)
        area = partial(area_between, self._text, start, end)
        note = lowered(paragraph.marker)
        if paragraph.heading:
            yield start, Told(_Role.Heading, words, area=area)
        if paragraph.marker in _TASKS:
            is_done = _TASKS[paragraph.marker]
            name = words or self.tr("Task")
            yield start, Told(_Role.CheckBox, name, area=area, is_checked=is_done)
        elif note:
            words = " ".join(filter(None, (words, *map(_words, more))))
            name = self.tr("Note {number}: {words}").format(number=note, words=words)
            yield start, Told(_Role.Note, name, area=area)
        at += units(paragraph_text(paragraph)) - units(spans_text(paragraph.spans))
        for span in paragraph.spans:
            if Style.RAISED in span.style:
                yield self._mark_told(span, at)
            at += units(span.text)

    def _mark_told(self, span: Span, at: int) -> _Placed:
        start, end = self._text.to_document(at), self._text.to_document(at + units(span.text))
        name = self.tr("Footnote {number}").format(number=span.text)
        return start, Told(
            _Role.StaticText, name, area=partial(area_between, self._text, start, end)
        )

    def _cell_told(self, spans: Sequence[Span], place: Cell, shown: TableShown) -> Told:
        cell = shown.table.cellAt(place.row, place.column)
        low, high = cell.firstPosition(), cell.lastPosition()
        is_head = place.row == 0 and shown.has_head
        return Told(
            _Role.ColumnHeader if is_head else _Role.Cell,
            cell_text(spans),
            "" if is_head else shown.heads[place.column],
            area=partial(area_between, self._text, low, high),
            parts=tuple(self.of_marks(low, high)),
            cell=place,
        )


def _words(paragraph: Paragraph) -> str:
    return " ".join(spans_text(paragraph.spans).split())


def _in_order(placed: list[_Placed] | Iterator[_Placed]) -> list[Told]:
    """By where they stand; what begins alike, the outer first."""
    return [told for _at, told in sorted(placed, key=lambda each: each[0])]
