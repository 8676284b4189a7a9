"""A text's blocks as rows of a list: an answer's, or those of the help.

For the pages that fill a `RowList`. How a block is drawn is `views`'.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from PySide6.QtWidgets import QTextEdit, QWidget

from app.markup.blocks import Block, Code, Prose, Style, Table
from app.theme.metrics import SPACE
from app.widgets.markup.tools import MarkupTools
from app.widgets.markup.views import (
    estimate_px,
    gap_px,
    joined_after,
    show_block,
    text_between,
    view_for,
)

_FORMULAS_OF_A_ROW = 8


@dataclass(frozen=True)
class BlockRow:
    """One block. `rest` are the pieces of code that go on from it, to be copied with it; `name`
    is what its text is called for who hears it.
    """

    owner: Hashable
    number: int
    block: Block
    gap_px: int
    separator: str
    name: str
    tools: MarkupTools = field(compare=False, repr=False)
    rest: tuple[Code, ...] = ()
    insets_px: tuple[int, int] = (SPACE.lg, SPACE.lg)
    _guessed: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> tuple[Hashable, str, int]:
        """By its number in the text."""
        return self.owner, "block", self.number

    def estimate_px(self, width: int) -> int:
        """By the block's text, once for each width: thousands may be put into a list at once."""
        guess_px = self._guessed.get(width)
        if guess_px is None:
            guess_px = self._guessed[width] = estimate_px(self.block, width)
        return guess_px

    @property
    def weight(self) -> int:
        """The places of a few formulas take as long as a row of words."""
        if not isinstance(self.block, Prose):
            return 1
        spans = (span for line in self.block.lines for span in line.spans)
        return 1 + sum(Style.FORMULA in span.style for span in spans) // _FORMULAS_OF_A_ROW

    def make_view(self) -> QWidget:
        """The view of its kind, known by its name where it is text."""
        view = view_for(self.block, self.tools, self.rest)
        if isinstance(self.block, Prose) and isinstance(view, QTextEdit):
            view.setAccessibleName(self.name)
        return view

    def show_in(self, view: QWidget) -> bool:
        """Show the block in the view of the one before it, where the kind is the same."""
        return show_block(view, self.block, self.rest)

    def text_between(self, start: int, end: int | None) -> str:
        """The block's text as its view counts it."""
        return text_between(self.block, start, end)


def separator_of(block: Block, above: Block | None) -> str:
    """What stands between the texts of two blocks when they are copied together."""
    if above is None:
        return "\n\n"
    if isinstance(block, Prose) and block.is_joined:
        return ""
    is_joined = isinstance(block, (Code, Table)) and block.is_joined
    return "\n" if is_joined or gap_px(block, above) <= SPACE.xs else "\n\n"


def block_row(
    owner: Hashable,
    blocks: Sequence[Block],
    number: int,
    name: str,
    tools: MarkupTools,
    first_gap_px: int,
) -> BlockRow:
    """The row of one of a text's blocks."""
    block = blocks[number]
    above = blocks[number - 1] if number else None
    gap = first_gap_px if above is None else gap_px(block, above)
    rest = joined_after(blocks, number)
    return BlockRow(owner, number, block, gap, separator_of(block, above), name, tools, rest)
