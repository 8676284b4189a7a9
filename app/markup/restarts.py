"""Blocks with the places in the source from where reading can go on.

For: growing texts, of which only the end is read again.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.markup.blocks import Block

# A line where reading can't go on: the block only joins the one above.
NOWHERE = -1


@dataclass(frozen=True)
class Restart:
    """A line and a column where reading can go on as if the text began there.

    `number` is that of the list's item there, None where none is counted; `prefix` opens again
    what is open there; `is_joined` and `is_mid_line` are those of the first block from there.
    """

    line: int
    column: int = 0
    number: int | None = None
    prefix: str = ""
    is_joined: bool = False
    is_mid_line: bool = False


@dataclass(frozen=True)
class Placed:
    """A block, and where reading can go on with it, where it can."""

    block: Block
    restart: Restart | None = None
