"""An answer's blocks as rows of the conversation, kept while it grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from app.markup.blocks import Block, Code
from app.widgets.markup.block_rows import BlockRow, block_row
from app.widgets.markup.tools import MarkupTools

__all__ = ["BlockRow", "block_rows", "blocks_alike"]


def block_rows(
    turn_id: int,
    blocks: Sequence[Block],
    before: Sequence[BlockRow],
    tools: MarkupTools,
    first_gap_px: int,
) -> tuple[BlockRow, ...]:
    """The rows of an answer. Those of `before` stay as far as their blocks are the same.

    Any thread may ask: of the tools nothing is used.
    """
    name = QCoreApplication.translate("Transcript", "Answer")
    kept = 0
    if before and before[0].gap_px == first_gap_px:
        while kept < min(len(before), len(blocks)) and before[kept].block is blocks[kept]:
            kept += 1
    rows = list(before[:kept])
    for number in (*_beginnings(blocks, before, kept), *range(kept, len(blocks))):
        rows[number : number + 1] = [
            block_row(turn_id, blocks, number, name, tools, first_gap_px),
        ]
    return tuple(rows)


def blocks_alike(before: Sequence[Block], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks, each as it was before where it is equal: its row is then the same one."""
    alike = [old if old == new else new for old, new in zip(before, blocks, strict=False)]
    return (*alike, *blocks[len(alike) :])


def _beginnings(blocks: Sequence[Block], before: Sequence[BlockRow], kept: int) -> Iterator[int]:
    """Of the rows that stay those of a code that goes on otherwise now: its first and last."""
    old = before[kept].block if kept < len(before) else None
    new = blocks[kept] if kept < len(blocks) else None
    if not kept or not (_goes_on(old) or _goes_on(new)):
        return
    yield kept - 1
    first = kept - 1
    while first and _goes_on(blocks[first]):
        first -= 1
    if first < kept - 1:
        yield first


def _goes_on(block: Block | None) -> bool:
    return isinstance(block, Code) and block.is_joined
