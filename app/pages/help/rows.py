"""The help as rows of a list: a list of its topics, then each topic under a line.

For `HelpText`. A row knows what of it was searched for, so that its view can come and go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from PySide6.QtWidgets import QWidget

from app.markup.blocks import Line, Prose, Rule, Span
from app.pages.help.finding import Hit, Passage
from app.pages.help.topics import Topic
from app.theme.metrics import SPACE
from app.widgets.markup.block_rows import BlockRow, block_row
from app.widgets.markup.block_text import paragraph_text, paragraphs_of, units
from app.widgets.markup.flow_text import FlowText
from app.widgets.markup.found_marks import Range
from app.widgets.markup.tools import MarkupTools

CONTENTS = ""  # the owner of the rows before the first topic
_MARKER = "•"
_LINE = -1  # the number of a topic's line


@dataclass(frozen=True)
class HelpRow(BlockRow):
    """A block of a topic; `found` is marked in it, `current` of that otherwise."""

    found: tuple[Range, ...] = ()
    current: tuple[Range, ...] = ()

    def make_view(self) -> QWidget:
        """Marked from the beginning."""
        view = super().make_view()
        self._mark(view)
        return view

    def show_in(self, view: QWidget) -> bool:
        """The same text, marked otherwise."""
        is_shown = super().show_in(view)
        self._mark(view)
        return is_shown

    def _mark(self, view: QWidget) -> None:
        if isinstance(view, FlowText):
            view.found.show(self.found, self.current)


def help_rows(topics: Sequence[Topic], name: str, tools: MarkupTools) -> tuple[HelpRow, ...]:
    """All rows, with nothing marked; `name` is what their texts are called."""
    contents = Prose(
        tuple(
            Line(
                (Span(topic.title, target=f"#{topic.name}"),),
                marker=_MARKER,
                indent=0 if topic.is_choice else 1,
            )
            for topic in topics
            if topic.is_listed
        )
    )
    first = _help_row(block_row(CONTENTS, (contents,), 0, name, tools, 0))
    return (first, *(row for topic in topics for row in _rows_of(topic, name, tools)))


def _rows_of(topic: Topic, name: str, tools: MarkupTools) -> Iterator[HelpRow]:
    line = block_row(topic.name, (Rule(),), 0, name, tools, SPACE.xxl)
    yield replace(_help_row(line), number=_LINE)
    for number in range(len(topic.blocks)):
        yield _help_row(block_row(topic.name, topic.blocks, number, name, tools, SPACE.lg))


def _help_row(row: BlockRow) -> HelpRow:
    return HelpRow(
        row.owner, row.number, row.block, row.gap_px, row.separator, row.name, row.tools, row.rest
    )


def passages_of(rows: Sequence[HelpRow]) -> tuple[Passage, ...]:
    """What can be searched: all paragraphs but those of the list of topics."""
    return tuple(_passages(rows))


def _passages(rows: Sequence[HelpRow]) -> Iterator[Passage]:
    section: tuple[object, int] = (CONTENTS, 0)
    for index, row in enumerate(rows):
        if row.owner == CONTENTS or not isinstance(row.block, Prose):
            continue
        paragraphs = paragraphs_of(row.block)
        texts = [paragraph_text(paragraph) for paragraph in paragraphs]
        starts = accumulate((units(text) + 1 for text in texts), initial=0)
        for paragraph, text, start in zip(paragraphs, texts, starts, strict=False):
            if paragraph.heading:
                section = (row.owner, index)
            yield Passage(index, start, text, section, is_heading=bool(paragraph.heading))


def marked(
    rows: Sequence[HelpRow], hits: Sequence[Hit], current: Hit | None
) -> tuple[HelpRow, ...]:
    """The rows with all hits marked, and nothing else."""
    found: dict[int, tuple[Range, ...]] = {}
    for hit in hits:
        found[hit.passage.row] = (*found.get(hit.passage.row, ()), *hit.places)
    here = None if current is None else current.passage.row
    return tuple(
        replace(
            row,
            found=found.get(index, ()),
            current=current.places if current is not None and index == here else (),
        )
        for index, row in enumerate(rows)
    )


def row_of_topic(rows: Sequence[HelpRow], name: str) -> int:
    """The index of a topic's title."""
    return next(
        index for index, row in enumerate(rows) if row.owner == name and row.number != _LINE
    )
