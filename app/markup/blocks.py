"""What a message is made of once its Markdown is read: a flat run of blocks, each drawn alone.

For: the parser, which makes them, and the widgets, which draw them. Nothing here is markup any
more: every text is characters to show. Containers (quotes, lists) are flattened into a `Place`,
so that a list of blocks can be shown one by one, and only those in sight.

A list's outermost items stand at indent 1, and so does a code block within such an item: the
lines of a list are a `Prose` at indent 1 whose nested items have a `Line.indent` of 1 and more.
A marker hangs in the indent before its line. A footnote's note is a line of indent 1 too, its
marker a raised number such as "¹".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, StrEnum, auto

OPEN_TASK, DONE_TASK = "☐", "☑"  # markers


class Style(Flag):
    """How a span stands out; several may hold at once."""

    NONE = 0
    STRONG = auto()
    ITALIC = auto()
    CODE = auto()
    STRIKE = auto()
    RAISED = auto()  # a footnote's number
    FORMULA = auto()  # the text is LaTeX source


@dataclass(frozen=True)
class Span:
    """Characters of one style. `target` is a link's whole target as written, never opened.

    A "\n" in the text is a line break within the paragraph (in a table's cell too). What can't
    be seen by itself (bidi overrides, controls, zero widths) has been spelled, as "‹U+202E›".
    """

    text: str
    style: Style = Style.NONE
    target: str = ""


@dataclass(frozen=True)
class Place:
    """Where a block stands: inside how many quotes, and how many list levels deep."""

    quotes: int = 0
    indent: int = 0


@dataclass(frozen=True)
class Line:
    """A paragraph. `heading` is 1–6, or 0; `marker` stands before it, such as "•", "3.", "☑"."""

    spans: tuple[Span, ...]
    heading: int = 0
    marker: str = ""
    indent: int = 0  # list levels below the block's own place


@dataclass(frozen=True)
class Prose:
    """Paragraphs drawn as one text: a paragraph, a heading, or the lines of a list.

    `is_joined`: it goes on where the block above ends (a long one that was cut), without a gap:
    with a new line, or, `is_mid_line`, in the middle of the last one.
    """

    lines: tuple[Line, ...]
    place: Place = Place()
    is_joined: bool = False
    is_mid_line: bool = False


@dataclass(frozen=True)
class Code:
    """A code block. `language` is the fence's first word, or nothing; `text` ends in no newline.

    `is_joined`: it goes on where the code above ends, without a head of its own: on a new line,
    or, `is_mid_line`, in the middle of a line too long for one piece. `code_text` joins both.
    """

    text: str
    language: str = ""
    place: Place = Place()
    is_joined: bool = False
    is_mid_line: bool = False


@dataclass(frozen=True)
class Formula:
    """A display formula, as LaTeX source without its dollars."""

    source: str
    place: Place = Place()


class Align(StrEnum):
    """How a table's column stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class Table:
    """A table: every row has as many cells as the head; a cell is spans.

    `is_joined`: its rows go on where the table above ends; its head is the same, not drawn again.
    """

    head: tuple[tuple[Span, ...], ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...]
    aligns: tuple[Align, ...]
    place: Place = Place()
    is_joined: bool = False


@dataclass(frozen=True)
class Rule:
    """A line across."""

    place: Place = Place()


Block = Prose | Code | Formula | Table | Rule


def code_text(pieces: Iterable[Code]) -> str:
    """A code block's whole text from its piece without `is_joined` and the joined ones after."""
    return "".join(
        piece.text if not number or piece.is_mid_line else "\n" + piece.text
        for number, piece in enumerate(pieces)
    )
