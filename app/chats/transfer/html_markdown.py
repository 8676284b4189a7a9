"""An answer's Markdown as HTML made of a short list of tags, without one that could fetch.

For: `html`. Text is escaped, HTML in it is text. Pictures are named, not shown; links are
text with their whole address, as nothing in an export may be followed by a slip.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.chats.transfer.wording import MAX_NESTING, can_be_parsed, one_line
from app.collector import uncollected
from app.markup.visible import normalised, visible, visible_pieces

_MAX_IMAGE_ADDRESS_CHARS = 500
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable(
    ["table", "strikethrough"]
)
# Below the page's h1 and the turns' h2.
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
_TAGS = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "em": "em",
    "strong": "strong",
    "s": "s",
}
_ALIGNMENTS = {"text-align:center": "center", "text-align:right": "right"}


def escaped(text: str) -> Iterator[str]:
    """Text for HTML, piece by piece; what can't be seen in it is spelled out."""
    yield from map(html.escape, visible_pieces(normalised(text)))


def rendered(text: str) -> Iterator[str]:
    """An answer as HTML; one too long or too deep to parse comes as it was written."""
    tokens = _parsed(text) if can_be_parsed(text) else []
    if not tokens or any(token.level >= MAX_NESTING - 2 for token in tokens):
        yield '<div class="plain">'
        yield from escaped(text)
        yield "</div>"
        return
    for token in tokens:
        yield from _block(token)
        yield "\n" if token.nesting < 1 and token.type != "inline" else ""


def _parsed(text: str) -> list[Token]:
    with uncollected():
        return _PARSER.parse(text)


def _block(token: Token) -> Iterator[str]:
    if token.type == "inline":
        yield from _inline(token.children or [])
    elif token.type in ("fence", "code_block"):
        language = one_line(token.info).partition(" ")[0]
        if language:
            yield f'<div class="language">{html.escape(language)}</div>'
        yield from ("<pre><code>", *escaped(token.content), "</code></pre>")
    elif token.type == "hr":
        yield "<hr>"
    elif not token.hidden:
        yield _tag(token)


def _inline(children: list[Token]) -> Iterator[str]:
    """Runs of text. An address between angle brackets is its own label: it is shown once. One of
    these may stand in another link's label.
    """
    links: list[Token] = []
    for token in children:
        if token.type == "link_open":
            links.append(token)
            yield "" if _is_bare(token) else '<span class="link">'
        elif token.type == "link_close" and links:
            link = links.pop()
            yield _address(link) if _is_bare(link) else f"</span> {_address(link)}"
        elif not links or not _is_bare(links[-1]):
            yield from _word(token)


def _is_bare(link: Token) -> bool:
    return link.info == "auto"


def _word(token: Token) -> Iterator[str]:
    if token.type == "code_inline":
        yield from ("<code>", *escaped(token.content), "</code>")
    elif token.type == "image":
        yield _image(token)
    elif token.type == "softbreak":
        yield "\n"
    elif token.type == "hardbreak":
        yield "<br>\n"
    elif token.nesting:
        yield _tag(token)
    else:
        yield from escaped(token.content)


def _tag(token: Token) -> str:
    """An opening or closing tag of the list above; any other token is its escaped text."""
    kind = token.type.removesuffix("_open").removesuffix("_close")
    tag = _HEADINGS.get(token.tag) if kind == "heading" else _TAGS.get(kind)
    if tag is None:
        return html.escape(visible(token.content))
    if token.nesting < 0:
        return f"</{tag}>"
    return f"<{tag}{_attributes(token)}>"


def _attributes(token: Token) -> str:
    """Where a list begins and how a column stands: all that a tag may say."""
    if isinstance(start := token.attrGet("start"), int):
        return f' start="{start}"'
    alignment = _ALIGNMENTS.get(str(token.attrGet("style")))
    return f' class="{alignment}"' if alignment else ""


def _address(link: Token) -> str:
    title = one_line(str(link.attrGet("title") or ""))
    words = f" “{html.escape(title)}”" if title else ""
    address = html.escape(visible(str(link.attrGet("href") or "")))
    return f'<span class="address">&lt;{address}&gt;</span>{words}'


def _image(token: Token) -> str:
    """A picture by its name and address; data inside an address is not repeated whole."""
    address = visible(str(token.attrGet("src") or ""))
    if len(address) > _MAX_IMAGE_ADDRESS_CHARS:
        address = f"{address[:_MAX_IMAGE_ADDRESS_CHARS]}… ({len(address):,} characters)"
    name = html.escape(one_line(token.content))
    return f'Image: {name} <span class="address">&lt;{html.escape(address)}&gt;</span>'
