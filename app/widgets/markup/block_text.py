"""The text of a block, as its view numbers it, shows it and copies it. Free of Qt.

For the views and for whoever copies a selection when a view is no longer there. Positions count
UTF-16 units, as Qt's text cursors do; a formula counts as its source, whether it is drawn or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.markup.blocks import Block, Code, Formula, Line, Place, Prose, Span, Style, Table
from app.markup.plain import CUT_CHARACTERS
from app.widgets.displayable import displayable

CELL_END = "\t"
MARKER_END = "\t"
_ADDRESS = re.compile(r"://|www\.|@|\b[\w-]+\.[a-z]{2,}\b", re.IGNORECASE)
_SCHEME = re.compile(r"^(https?://|mailto:)(www\.)?|^www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Paragraph:
    """A line as it is shown: its characters can all be drawn, and no link pretends."""

    spans: tuple[Span, ...]
    heading: int = 0
    marker: str = ""
    level: int = 0  # list levels, those of the block's place included


def units(text: str) -> int:
    """How many UTF-16 units a text takes."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def slice_units(text: str, start: int, end: int | None) -> str:
    """The text between two positions; half a character counts as none."""
    raw = text.encode("utf-16-le")
    last = None if end is None else 2 * end
    return raw[2 * start : last].decode("utf-16-le", errors="ignore")


def paragraphs_of(prose: Prose) -> tuple[Paragraph, ...]:
    """The lines of a text, as they are shown."""
    return tuple(_paragraph(line, prose.place) for line in prose.lines)


def _paragraph(line: Line, place: Place) -> Paragraph:
    level = place.indent + line.indent
    return Paragraph(shown_spans(line.spans), line.heading, displayable(line.marker), level)


def paragraph_text(paragraph: Paragraph) -> str:
    """A paragraph's text, its marker before it."""
    marker = paragraph.marker + MARKER_END if paragraph.marker else ""
    return marker + spans_text(paragraph.spans)


def spans_text(spans: Iterable[Span]) -> str:
    """The characters of spans that are shown."""
    return "".join(span.text for span in spans)


def shown_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans that can be drawn; a link whose text is another address has its target beside it."""
    return tuple(_with_targets(_shown(span) for span in spans))


def _shown(span: Span) -> Span:
    text = displayable(span.text)
    return span if text == span.text else replace(span, text=text)


def _with_targets(spans: Iterable[Span]) -> Iterator[Span]:
    target, words = "", ""
    for span in spans:
        if span.target != target:
            yield from _target_beside(words, target)
            target, words = span.target, ""
        words += span.text if span.target else ""
        yield span
    yield from _target_beside(words, target)


def _target_beside(words: str, target: str) -> Iterator[Span]:
    is_elsewhere = target and not target.startswith("#")  # or within the text itself
    if is_elsewhere and pretends(words, target):
        yield Span(f" ({displayable(target)})", Style.NONE, target)


def pretends(words: str, target: str) -> bool:
    """Whether a link's words are an address, and not the one that it leads to."""
    said, meant = _bare(words), _bare(target)
    is_cut = len(said) >= CUT_CHARACTERS and meant.startswith(said)  # it goes on in another block
    return bool(_ADDRESS.search(words)) and said != meant and not is_cut


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.strip()).rstrip("/").casefold()


def table_rows(table: Table) -> tuple[tuple[tuple[Span, ...], ...], ...]:
    """The rows that a table's view has, its head first where it is drawn."""
    rows = table.rows if table.is_joined else (table.head, *table.rows)
    return tuple(tuple(shown_spans(cell) for cell in row) for row in rows)


def rows_text(rows: Iterable[Iterable[Iterable[Span]]]) -> str:
    """Rows as a spreadsheet takes them: a tab between cells, a row a line."""
    return "\n".join(CELL_END.join(cell_text(cell) for cell in row) for row in rows)


def cell_text(cell: Iterable[Span]) -> str:
    """A cell's text, in one line."""
    return spans_text(cell).replace("\n", " ").replace("\t", " ")


def block_text(block: Block) -> str:
    """All text of a block, as its view numbers it; a line across has none."""
    if isinstance(block, Prose):
        return "\n".join(paragraph_text(each) for each in paragraphs_of(block))
    if isinstance(block, Code):
        return displayable(block.text)
    if isinstance(block, Formula):
        return displayable(block.source)
    return rows_text(table_rows(block)) if isinstance(block, Table) else ""


def text_between(block: Block, start: int, end: int | None) -> str:
    """A block's text from one position of its view to another, None being its end."""
    return slice_units(block_text(block), start, end)
