"""An answer's blocks as rows of the conversation, kept while it grows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.markup.blocks import Block, Code
from app.widgets.markup.block_rows import BlockRow, block_row
from app.widgets.markup.tools import MarkupTools

__all__ = ["BlockRow", "block_rows"]


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
    name = QCoreApplication.translate("Transcript", "Answer")
    made = (
        block_row(turn_id, blocks, number, name, tools, first_gap_px)
        for number in range(kept, len(blocks))
    )
    return (*before[:kept], *made)
