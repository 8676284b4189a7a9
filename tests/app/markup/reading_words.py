"""What is said in what was read of a text."""

from __future__ import annotations

from collections.abc import Sequence

from app.markup.blocks import (
    Block,
    Line,
    Prose,
    Span,
)
from app.markup.reading import read


def line(text: str) -> Line:
    """The one line of a text."""
    (block,) = read(text)
    assert isinstance(block, Prose)
    (only,) = block.lines
    return only


def spans(text: str) -> tuple[Span, ...]:
    return line(text).spans


def words(block: Block) -> list[str]:
    """A prose's lines as text, their markers before them, indented."""
    assert isinstance(block, Prose)
    return [
        "  " * one.indent + (one.marker + " " if one.marker else "") + text_of(one.spans)
        for one in block.lines
    ]


def text_of(some: Sequence[Span]) -> str:
    return "".join(span.text for span in some)
