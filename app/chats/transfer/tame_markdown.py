"""A message's Markdown, made safe to stand between others in one Markdown file.

For: `markdown`. Images and HTML, which a viewer would fetch or run, become text; a fence that
was left open is closed; headings move below the file's own, so that no answer can look like
the next turn. What can't be seen is spelled out. Everything else stays as it was written. It
renders nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.chats.transfer.wording import MAX_NESTING, can_be_parsed
from app.collector import uncollected
from app.markup.visible import normalised, visible, visible_pieces

HEADINGS_BELOW = 2
# Each pass only takes away; ordinary answers need two, and hostile ones get no more than this.
_MAX_PASSES = 5
_WORTH_PARSING = re.compile(
    r"!\[|<[A-Za-z/!?]|```|~~~|^[ ]{0,3}#{1,6}([ \t]|$)|^[ ]{0,3}(=+|-+)[ \t]*$", re.MULTILINE
)
# An expression holds the interpreter until it is through, and the window waits: 42 ms for a line of
# a megabyte, 117 for a megabyte of line ends.
_LOOKED_AT_CHARS = 8_192
_LONGEST_MARK_CHARS = 3
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_HTML_START = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
_PARSER = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")


def pieces(text: str) -> Iterator[str]:
    """The message as it can be put between others, without a copy of one that is very long."""
    text = normalised(text)
    if can_be_parsed(text):
        yield tamed(_ENTITY.sub(_seen, visible(text))).strip("\n")
    elif _is_worth_parsing(text) or _ENTITY.search(text):
        yield from fenced(text)
    else:
        yield from visible_pieces(text)


def fenced(text: str) -> Iterator[str]:
    """`text` as a code block that nothing in it can end."""
    fence = fence_for(text)
    yield f"{fence}\n"
    text = normalised(text)
    yield from visible_pieces(text)
    yield fence if text.endswith("\n") else f"\n{fence}"


def fence_for(text: str) -> str:
    """A fence longer than any run of backticks in `text`."""
    runs = re.finditer("`+", text) if "`" in text else ()  # which is asked in no time
    longest = max((len(run.group()) for run in runs), default=0)
    return "`" * max(3, longest + 1)


def tamed(text: str) -> str:
    """A message that is not too long to parse; one that resists becomes a code block."""
    text = normalised(text)
    if not _is_worth_parsing(text):
        return text
    lines = text.split("\n")
    for first in (True, *[False] * (_MAX_PASSES - 1)):
        with uncollected():
            tokens = _PARSER.parse("\n".join(lines))
        if any(token.level >= MAX_NESTING - 2 for token in tokens):
            break
        if not _disarm(lines, tokens, spare_code=first):
            return "\n".join(_arranged(lines, tokens))
    return "".join(fenced(text))


def _is_worth_parsing(text: str) -> bool:
    """Whether anything in it may fetch, be run, stay open or look like a heading. No mark is cut in
    two; of a line without end a whole piece of underlining counts as one.
    """
    start = 0
    while start < len(text):
        end = start + _LOOKED_AT_CHARS
        line_end = text.rfind("\n", start, end) + 1
        if line_end and end < len(text):
            end = line_end
        if _WORTH_PARSING.search(text, start, end):
            return True
        start = end if line_end or end >= len(text) else end - _LONGEST_MARK_CHARS + 1
    return False


def _seen(entity: re.Match[str]) -> str:
    """An entity as itself, where a viewer would make of it what can't be seen."""
    meant = html.unescape(entity.group())
    return entity.group() if visible(meant) == meant else f"&amp;{entity.group()[1:]}"


def _disarm(lines: list[str], tokens: list[Token], *, spare_code: bool) -> bool:
    """Turn images and HTML into text, in place; whether there was any.

    The first time code spans are spared. Where a guess about them was wrong, the next pass
    sees what is left.
    """
    found = False
    for token in tokens:
        active = {"image", "html_inline"} & {child.type for child in token.children or ()}
        if token.map is None or not (active or token.type == "html_block"):
            continue
        found = True
        spare = spare_code and token.type == "inline"
        part = "\n".join(lines[slice(*token.map)])
        lines[slice(*token.map)] = _as_text(part, spare_code=spare).split("\n")
    return found


def _as_text(part: str, *, spare_code: bool) -> str:
    """`part` without anything that begins an image or a tag."""
    if not spare_code:
        return _HTML_START.sub("&lt;", part.replace("![", "!\\["))
    pieces: list[str] = []
    end = 0
    for span in _CODE_SPAN.finditer(part):
        pieces += [_as_text(part[end : span.start()], spare_code=False), span.group()]
        end = span.end()
    return "".join((*pieces, _as_text(part[end:], spare_code=False)))


def _arranged(lines: list[str], tokens: list[Token]) -> list[str]:
    """Headings lowered and the last fence closed."""
    kept: list[str | None] = list(lines)
    for token, content in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            start, end = token.map
            level = min(6, int(token.tag[1:]) + HEADINGS_BELOW)
            words = " ".join(line.strip() for line in content.content.split("\n"))
            closing = " #" if words.endswith("#") else ""
            kept[start:end] = [f"{'#' * level} {words}{closing}", *[None] * (end - start - 1)]
    closing_fence = _missing_fence(lines, tokens)
    return [line for line in (*kept, closing_fence) if line is not None]


def _missing_fence(lines: list[str], tokens: list[Token]) -> str | None:
    """What closes a fence that runs to the end of the message."""
    last = tokens[-1] if tokens else None
    if last is None or last.type != "fence" or last.level != 0 or last.map is None:
        return None
    start, end = last.map
    closing = rf"[ ]{{0,3}}{last.markup[0]}{{{len(last.markup)},}}[ \t]*"
    is_closed = end - 1 > start and re.fullmatch(closing, lines[end - 1])
    return None if is_closed else last.markup
