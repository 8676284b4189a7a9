"""A message's Markdown → blocks.

For: whoever shows a finished message; any thread may call it. A message that grows is read by
`growing`, which ends with the same blocks.
"""

from __future__ import annotations

import re

from app.markup.blocks import Block, Place
from app.markup.notes import Notes
from app.markup.pieces import code_pieces, plain_pieces
from app.markup.visible import normalised, visible_pieces

# What comes after is shown as it is: no answer is so long, and reading takes its time, most of
# all where many containers open.
MARKDOWN_CHARACTERS = 256 * 1024
MARKDOWN_LINES = 16_000
SOURCE_LANGUAGE = "text"  # what a text is called that stands as it was written
# What the thread of a window can read at once, in less than 50 ms whatever it is.
_QUICK_CHARACTERS = 12_000
_QUICK_SIGNS = 800
_SIGNS = re.compile(r"[\n\\`*_~\[<&$|>]|[-+.)][ \t]")
_CONTAINERS = re.compile(r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t\n])))+")
_MARKS = re.compile(r"[>*+.)-]")


def read(text: str) -> tuple[Block, ...]:
    """The blocks of a text. Nothing in it is lost, whatever it is; none of it is followed."""
    from app.markup.parsing import parse

    # In pieces: an expression holds the interpreter until it is through, 140 ms for 3 MB.
    source = "".join(visible_pieces(normalised(text)))
    end = markdown_end(source)
    placed = parse(source[:end], Notes(), {}).placed
    is_mid_line = 0 < end < len(source) and source[end - 1] != "\n"
    rest = plain_pieces(source[end:], is_joined=is_mid_line)
    return (*(one.block for one in placed), *rest)


def as_source(text: str) -> tuple[Block, ...]:
    """A text as it was written, as a code: where it can't be read."""
    source = "".join(visible_pieces(normalised(text))).rstrip("\n")
    return tuple(piece.code for piece in code_pieces(source, SOURCE_LANGUAGE, Place()))


def is_quick(text: str) -> bool:
    """Whether a text is read so quickly that a window may wait: most answers are."""
    if len(text) > _QUICK_CHARACTERS:
        return False
    return len(_SIGNS.findall(text)) <= _QUICK_SIGNS


def markdown_end(source: str) -> int:
    """How much of a source is read as Markdown."""
    end = len(source)
    if end > MARKDOWN_CHARACTERS:
        line_end = source.rfind("\n", MARKDOWN_CHARACTERS // 2, MARKDOWN_CHARACTERS) + 1
        end = line_end or MARKDOWN_CHARACTERS
    if source.count("\n", 0, end) <= MARKDOWN_LINES // 8:
        return end
    room, start = MARKDOWN_LINES, 0
    while 0 <= start < end and room > 0:
        containers = _CONTAINERS.match(source, start, end)
        room -= 1 + (len(_MARKS.findall(containers.group())) if containers else 0)
        start = source.find("\n", start, end) + 1 or end
    return start
