"""An answer's blocks as rows of the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QTextEdit, QWidget

from app.markup.blocks import Block, Code, Prose, Table
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


@dataclass(frozen=True)
class BlockRow:
    """One block. `rest` are the pieces of code that go on from it, to be copied with it."""

    turn_id: int
    number: int
    block: Block
    gap_px: int
    separator: str
    tools: MarkupTools = field(compare=False, repr=False)
    rest: tuple[Code, ...] = ()
    insets_px: tuple[int, int] = (SPACE.lg, SPACE.lg)

    @property
    def key(self) -> tuple[int, str, int]:
        """By its number in the answer."""
        return self.turn_id, "block", self.number

    def estimate_px(self, width: int) -> int:
        """By the block's text."""
        return estimate_px(self.block, width)

    def make_view(self) -> QWidget:
        """The view of its kind, known as the answer's where it is text."""
        view = view_for(self.block, self.tools, self.rest)
        if isinstance(self.block, Prose) and isinstance(view, QTextEdit):
            view.setAccessibleName(QCoreApplication.translate("Transcript", "Answer"))
        return view

    def show_in(self, view: QWidget) -> bool:
        """Show the block in the view of the one before it, where the kind is the same."""
        return show_block(view, self.block, self.rest)

    def text_between(self, start: int, end: int | None) -> str:
        """The block's text as its view counts it."""
        return text_between(self.block, start, end)


def block_rows(
    turn_id: int,
    blocks: Sequence[Block],
    before: Sequence[BlockRow],
    tools: MarkupTools,
    first_gap_px: int,
) -> tuple[BlockRow, ...]:
    """The rows of an answer. Those of `before` stay as far as their blocks are the same."""
    kept = 0
    while kept < min(len(before), len(blocks)) and before[kept].block is blocks[kept]:
        kept += 1
    while kept and isinstance(blocks[kept - 1], Code):  # pieces that go on may be others now
        kept -= 1
    if before and before[0].gap_px != first_gap_px:
        kept = 0
    rows = list(before[:kept])
    for number in range(kept, len(blocks)):
        block = blocks[number]
        above = blocks[number - 1] if number else None
        gap = first_gap_px if above is None else gap_px(block, above)
        separator, rest = _separator(block, above), joined_after(blocks, number)
        rows.append(BlockRow(turn_id, number, block, gap, separator, tools, rest))
    return tuple(rows)


def _separator(block: Block, above: Block | None) -> str:
    """What stands between the texts of two blocks when they are copied together."""
    if above is None:
        return "\n\n"
    if isinstance(block, Prose) and block.is_joined:
        return ""
    is_joined = isinstance(block, (Code, Table)) and block.is_joined
    return "\n" if is_joined or gap_px(block, above) <= SPACE.xs else "\n\n"
