"""One parse of a Markdown source → blocks with their places.

For: reading a whole message, and the end of a growing one.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.collector import uncollected
from app.markup.building import Builder
from app.markup.formula_rules import GROWING
from app.markup.notes import Notes
from app.markup.pieces import plain_pieces
from app.markup.reference_rules import NOTES
from app.markup.restarts import Placed
from app.markup.spans import SpanReader

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True)
class Parsed:
    """What a parse found."""

    placed: list[Placed]
    tokens: list[Token]


def parse(
    source: str,
    notes: Notes,
    references: MutableMapping[str, Any],
    first_number: int | None = None,
    settle: Callable[[list[Token]], None] | None = None,
) -> Parsed:
    """The blocks of a source. `settle`, for one that grows, calms its unfinished end.

    `references` are the link definitions known so far; those of the source are added.
    """
    from app.markup.grammar import grammar

    env: dict[str, Any] = {
        NOTES: notes,
        GROWING: settle is not None,
        "references": references,
        "footnotes": {"refs": {}, "list": {}},
    }
    notes.defined = env["footnotes"]["refs"]
    markdown = grammar()
    tokens: list[Token] = []
    try:
        with uncollected():
            markdown.block.parse(source, markdown, env, tokens)
            if settle is not None:
                settle(tokens)
            builder = Builder(SpanReader(env).spans, notes, first_number, settle is None)
            return Parsed(builder.build(tokens), tokens)
    except (RuntimeError, LookupError, ValueError):
        # A parser's fault must not hide a message: it is shown as it was written.
        return Parsed([Placed(piece) for piece in plain_pieces(source)], [])
