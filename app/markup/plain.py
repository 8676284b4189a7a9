"""Blocks → the plain text that a reader would copy.

For: copying an answer as plain text. Lists keep their markers, a table's cells stand apart by
tabs, a formula is its source, a link has its target.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.markup.blocks import Block, Code, Formula, Line, Prose, Span, Table

CUT_CHARACTERS = 500
_INDENT = "    "


def plain_text(blocks: Sequence[Block]) -> str:
    """The text of a message as a reader would copy it."""
    texts: list[str] = []
    for number, block in enumerate(blocks):
        if number:
            texts.append(_between(blocks[number - 1], block))
        texts.append(_text(_without_same_target(blocks[number - 1], block) if number else block))
    return "".join(texts)


def _without_same_target(above: Block, block: Block) -> Block:
    """A piece of a paragraph without the target at its beginning that the piece above ended with:
    a link that was cut has it once.
    """
    if not (isinstance(above, Prose) and isinstance(block, Prose) and block.is_mid_line):
        return block
    ends = above.lines[-1].spans
    first, *others = block.lines
    target = ends[-1].target if ends else ""
    spans = list(first.spans)
    for number, span in enumerate(spans):
        if not target or span.target != target:
            break
        spans[number] = replace(span, target="")
    return replace(block, lines=(replace(first, spans=tuple(spans)), *others))


def _between(above: Block, block: Block) -> str:
    if not isinstance(block, Prose | Code | Table) or not block.is_joined:
        return "\n\n" if not _is_one_list(above, block) else "\n"
    is_mid_line = isinstance(block, Prose | Code) and block.is_mid_line
    return "" if is_mid_line else "\n"


def _is_one_list(above: Block, block: Block) -> bool:
    """Whether items go on that a code or the like has parted."""
    return above.place.indent > 0 and block.place.indent > 0


def _text(block: Block) -> str:
    indent = _INDENT * max(0, block.place.indent - (1 if isinstance(block, Prose) else 0))
    if isinstance(block, Prose):
        return _quoted("\n".join(_line_text(line, indent) for line in block.lines), block)
    if isinstance(block, Code):
        return _quoted(_indented(block.text, indent), block)
    if isinstance(block, Formula):
        return _quoted(_indented(block.source, indent), block)
    if isinstance(block, Table):
        rows = block.rows if block.is_joined else (block.head, *block.rows)
        return "\n".join("\t".join(_cell_text(cell) for cell in row) for row in rows)
    return "———"


def _quoted(text: str, block: Block) -> str:
    quotes = "> " * block.place.quotes
    return "\n".join(quotes + line for line in text.split("\n")) if quotes else text


def _indented(text: str, indent: str) -> str:
    return "\n".join(indent + line for line in text.split("\n")) if indent else text


def _line_text(line: Line, indent: str) -> str:
    marker = f"{line.marker} " if line.marker else ""
    before = indent + _INDENT * line.indent
    text = spans_text(line.spans).replace("\n", "\n" + before + " " * len(marker))
    return before + marker + text


def _cell_text(cell: tuple[Span, ...]) -> str:
    return spans_text(cell).replace("\n", " ").replace("\t", " ")


def spans_text(spans: Iterable[Span]) -> str:
    """Spans as text: a link's target follows it where it says something else."""
    texts: list[str] = []
    held = tuple(spans)
    for number, span in enumerate(held):
        texts.append(span.text)
        following = held[number + 1].target if number + 1 < len(held) else ""
        if span.target and following != span.target and not _says_target(held, number):
            texts.append(f" ({span.target})")
    return "".join(texts)


def _says_target(spans: Sequence[Span], last: int) -> bool:
    """Whether a link's words are its target."""
    target = spans[last].target
    first = last
    while first and spans[first - 1].target == target:
        first -= 1
    words = "".join(span.text for span in spans[first : last + 1])
    if words in (target, target.removeprefix("mailto:")):
        return True
    # Of an endless one a piece is here, another in the block before or after.
    return len(words) >= CUT_CHARACTERS and target.startswith(words)
