"""Documents that nobody would write, and the words of what is shown of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence

import pytest

from app.markup.blocks import Block, Code, Formula, Prose, Span, Table

_OPENINGS = [
    "", "", "", "- ", "* ", "1. ", "7) ", "> ", "> > ", "# ", "### ", "    ", "  - ", "   ", "| ",
    "\t", ">", "- [ ] ", "+ ", "[^{w}]: ", "[{w}]: ", "\\[", "$$", "```", "~~~", "```py ", "<div>",
    "===", "---", "***", "|-|-|", "|:-:|", "</div>", "\\]", "\\begin{{align}}", "\\end{{align}}",
]  # fmt: skip
_PARTS = [
    "{w}", "{w} {w}", "**{w}**", "*{w}*", "_{w}_", "`{w}`", "~~{w}~~", "[{w}](http://{w})",
    '[{w}]({w} "{w}")', "![{w}]({w})", "[![{w}]({w})]({w})", "<{w}>", "<http://{w}>", "<b>{w}</b>",
    "${w}$", "\\({w}\\)", "\\[{w}\\]", "$${w}$$", "$5 {w} $6", "| {w} | {w} |", "|", "&lt;{w}&gt;",
    "[^{w}]", "[^1]", "[{w}][{w}]", "**{w}", "*{w}", "`{w}", "[{w}](", "[{w}", "\\({w}", "${w}",
    "http://{w}.com/{w}", "\\*{w}\\*", "***{w}***", "{w}  ", "{w}\\", "<!-- {w} -->", "__{w}*",
    "<br>", "\u202e{w}", "{w}\u200b{w}", "\\", "`` {w} ` {w} ``", "~{w}~", "!", "]", ")", "$",
]  # fmt: skip


class Writer:
    """Writes documents of markup gone wrong, every word in them unlike all others."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = 0

    def document(self, lines: int) -> str:
        """Some lines, with blank ones between."""
        return "\n".join(self._line() for _ in range(lines))

    def cuts(self, text: str, most: int) -> list[str]:
        """A text as it grows, ending with the whole."""
        ends, end = [], 0
        while end < len(text):
            end = min(len(text), end + self._random.randint(1, most))
            ends.append(end)
        return [text[:end] for end in ends]

    def _line(self) -> str:
        if self._random.random() < 0.3:
            return ""
        parts = [self._filled(self._random.choice(_OPENINGS))]
        parts += [
            self._filled(self._random.choice(_PARTS)) for _ in range(self._random.randint(0, 4))
        ]
        return parts[0] + " ".join(parts[1:])

    def _filled(self, pattern: str) -> str:
        while "{w}" in pattern:
            self._words += 1
            pattern = pattern.replace("{w}", f"w{self._words}w", 1)
        return pattern.replace("{{", "{").replace("}}", "}")


@pytest.fixture
def writer() -> Callable[[int], Writer]:
    """A writer of a seed."""
    return Writer


def _of_spans(spans: Iterable[Span]) -> str:
    """Texts with the targets after the links: a target is there once, however a link is cut."""
    return "".join(f"{span.text}\0{span.target}\0" if span.target else span.text for span in spans)


def _of_block(block: Block) -> str:
    if isinstance(block, Prose):
        return "\n".join(line.marker + " " + _of_spans(line.spans) for line in block.lines)
    if isinstance(block, Code):
        return block.language + "\n" + block.text
    if isinstance(block, Formula):
        return block.source
    if isinstance(block, Table):
        rows = (block.head, *block.rows)
        return "\n".join("\t".join(_of_spans(cell) for cell in row) for row in rows)
    return "---"


def all_of(blocks: Sequence[Block]) -> str:
    """Everything of the blocks that a reader can see."""
    return "\n\n".join(_of_block(block) for block in blocks)


@pytest.fixture
def shown() -> Callable[[Sequence[Block]], str]:
    """Everything of blocks that a reader can see."""
    return all_of
