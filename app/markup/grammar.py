"""The Markdown that models write, as markdown-it-py reads it with our rules on top.

For: `parsing`. CommonMark with strikethrough by markdown-it-py, footnotes by its plugin; tables,
formulas and link definitions by rules of ours, where theirs drop text (cells beyond the head's,
definitions) or take quadratic time. Link targets stay as they were written, whatever they are:
they are shown, never opened. Importing this takes a while: import it where it is used.
"""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.footnote.index import footnote_def

from app.markup.emphasis_rule import emphasis
from app.markup.formula_rules import display_formula, inline_formula
from app.markup.reference_rules import definition, footnote_mark
from app.markup.table_rule import table

# Levels of quotes and lists (a list counts two), beyond which the source is shown.
DEEPEST_LEVEL = 40


class _AsWritten(MarkdownIt):
    """Takes every link, whatever it leads to, and leaves its target as it is."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


@cache
def grammar(with_images: bool = True) -> MarkdownIt:
    """The parser. Without images "![" is a sign and a link: images within images recurse."""
    markdown = _AsWritten("commonmark", {"maxNesting": 2 * DEEPEST_LEVEL})
    markdown.enable("strikethrough")
    block, inline = markdown.block.ruler, markdown.inline.ruler
    block.at("reference", definition)
    block.at("table", table, {"alt": ["paragraph", "reference"]})
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    block.before("fence", "display_formula", display_formula, {"alt": interrupted})
    block.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    block.before("table", "too_deep", _too_deep)
    markdown.enable("table")
    inline.at("emphasis", emphasis)
    inline.before("escape", "formula", inline_formula)
    inline.before("link", "footnote_mark", footnote_mark)
    if not with_images:
        markdown.disable("image")
    return markdown


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """What stands deeper than anybody can follow: its source, up to the end of what holds it."""
    if state.level < DEEPEST_LEVEL:
        return False
    line = start
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        line += 1
    token = state.push("source", "", 0)
    token.map = [start, line]
    token.content = state.getLines(start, line, state.blkIndent, False)
    state.line = line
    return True
