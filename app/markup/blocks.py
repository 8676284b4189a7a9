"""What a message is made of once its Markdown is read: a flat run of blocks, each drawn alone.

For: the parser, which makes them, and the widgets, which draw them. Nothing here is markup any
more: every text is characters to show. Containers (quotes, lists) are flattened into a `Place`,
so that a list of blocks can be shown one by one, and only those in sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, StrEnum, auto


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
    """Characters of one style. `target` is a link's whole target as written, never opened."""

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

    `is_joined`: it goes on where the block above ends (a long one that was cut), without a gap.
    """

    lines: tuple[Line, ...]
    place: Place = Place()
    is_joined: bool = False


@dataclass(frozen=True)
class Code:
    """A code block. `language` is the fence's first word, or nothing; `text` ends in no newline.

    `is_joined`: it goes on where the code above ends, without a head of its own.
    """

    text: str
    language: str = ""
    place: Place = Place()
    is_joined: bool = False


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
    """A table: every row has as many cells as the head; a cell is spans."""

    head: tuple[tuple[Span, ...], ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...]
    aligns: tuple[Align, ...]
    place: Place = Place()


@dataclass(frozen=True)
class Rule:
    """A line across."""

    place: Place = Place()


Block = Prose | Code | Formula | Table | Rule
