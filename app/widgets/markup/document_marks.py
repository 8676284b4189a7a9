"""What stands where in a document: links, code, formulas; and how its positions are numbered.

For `FlowText`. Read from the document's own formats after a change, so that it can't disagree
with what is shown. In a message's own numbering a drawn formula, one character of the document,
counts as its source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtGui import QTextDocument, QTextFragment

from app.widgets.markup.block_text import units
from app.widgets.markup.span_formats import IS_CODE, SOURCE, TARGET


class Link(NamedTuple):
    """A link's place in the document, and its whole target."""

    start: int
    end: int
    target: str


class DrawnFormula(NamedTuple):
    """A formula's place in the document, and how many units its source has."""

    position: int
    source: str
    units: int


@dataclass
class DocumentMarks:
    """All marks of a document, in order."""

    links: list[Link] = field(default_factory=list)
    codes: list[tuple[int, int]] = field(default_factory=list)
    formulas: list[DrawnFormula] = field(default_factory=list)

    def link_at(self, position: int) -> int | None:
        """Which link a character of the document is in."""
        for number, link in enumerate(self.links):
            if link.start <= position < link.end:
                return number
        return None

    def to_message(self, position: int) -> int:
        """A document's position in the message's numbering."""
        more = sum(each.units - 1 for each in self.formulas if each.position < position)
        return position + more

    def to_document(self, position: int, *, is_end: bool = False) -> int:
        """A message's position in the document; one within a formula takes all of it in."""
        for formula in self.formulas:
            if position <= formula.position:
                break
            if position < formula.position + formula.units:
                return formula.position + (1 if is_end else 0)
            position -= formula.units - 1
        return position


def marks_of(document: QTextDocument) -> DocumentMarks:
    """Read the marks from a document."""
    marks = DocumentMarks()
    plain: set[int] = set()  # formats without marks, by their number
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            fragment = pieces.fragment()
            number = fragment.charFormatIndex()
            if number not in plain and not _take(marks, fragment):
                plain.add(number)
            pieces += 1
        block = block.next()
    return marks


def _take(marks: DocumentMarks, fragment: QTextFragment) -> bool:
    """Note what a piece of one format is; False where it is words and nothing more."""
    form, start = fragment.charFormat(), fragment.position()
    end = start + fragment.length()
    source, target = form.property(SOURCE), form.property(TARGET)
    is_code = bool(form.property(IS_CODE))
    if source is not None:
        # Equal formulas side by side are one fragment.
        marks.formulas += [DrawnFormula(at, source, units(source)) for at in range(start, end)]
    if is_code:
        _extend(marks.codes, start, end)
    if target:
        _add_link(marks.links, Link(start, end, target))
    return is_code or source is not None or bool(target)


def _extend(ranges: list[tuple[int, int]], start: int, end: int) -> None:
    if ranges and ranges[-1][1] == start:
        start = ranges.pop()[0]
    ranges.append((start, end))


def _add_link(links: list[Link], link: Link) -> None:
    """Spans of one target that follow one another are one link."""
    if links and links[-1].end == link.start and links[-1].target == link.target:
        link = link._replace(start=links.pop().start)
    links.append(link)
