"""A paragraph's Markdown → spans.

For: the making of blocks. Links keep their whole target, and what else Markdown would hide is
shown beside them: titles, the address of an image within a link. HTML is its source, but for
`<br>`, which tables need. Addresses that stand bare in the text are links too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from app.markup.blocks import Span, Style
from app.markup.pieces import source_chunks
from app.markup.reference_rules import NOTES
from app.markup.visible import visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from app.markup.notes import Notes

_MARKED_UP = re.compile(r"[\\`*_~\[<&$]")
_LINE_ENDS = re.compile(r"[ \t]*\n[ \t]*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s<>\"`‹›]+", re.IGNORECASE)
_LONGEST_FORMULA_CHARACTERS = 1_000
_AS_WRITTEN = Style.CODE | Style.FORMULA
# Each image within an image's text takes a call within a call.
_MOST_IMAGES = 48
# Brackets within brackets take cubic time, delimiters that find no partner quadratic time.
_DEEPEST_BRACKETS = 12
_DELIMITERS = re.compile(r"[`*_~\[\]<&!]")
_BRACKETS = re.compile(r"\\.|[\[\]]", re.DOTALL)
_DENSE_CHARACTERS = 512
_OPENED = {
    "strong_open": Style.STRONG,
    "em_open": Style.ITALIC,
    "s_open": Style.STRIKE,
}


class SpanReader:
    """Reads paragraphs with one grammar, and one memory of definitions and notes."""

    def __init__(self, env: dict[str, Any]) -> None:
        self._env = env

    def spans(self, source: str) -> tuple[Span, ...]:
        """A paragraph's or a cell's spans."""
        if not _MARKED_UP.search(source):
            text = _LINE_ENDS.sub("\n", source) if "\n" in source else source
            return tuple(_with_links([Span(text)])) if text else ()
        spans = [span for _, chunk in source_chunks(source) for span in self._chunk(chunk)]
        return tuple(_with_links(_merged(spans)))

    def _chunk(self, source: str) -> list[Span]:
        from app.markup.grammar import grammar

        if _is_hostile(source):
            return [Span(source)]
        markdown = grammar(with_images=source.count("![") <= _MOST_IMAGES)
        ending = source[len(source.rstrip(" \n")) :]
        spans = _Tokens(self._env.get(NOTES)).spans(_parsed(markdown, source, self._env))
        return [*spans, Span(ending)] if ending else spans


def _is_hostile(source: str) -> bool:
    """Whether a chunk is so full of signs that nobody means them: it is shown as written."""
    if len(source) > _DENSE_CHARACTERS and len(_DELIMITERS.findall(source)) > len(source) * 0.45:
        return True
    depth = deepest = 0
    if source.count("[") > _DEEPEST_BRACKETS:
        for sign in _BRACKETS.findall(source):
            depth = max(0, depth + {"[": 1, "]": -1}.get(sign, 0))
            deepest = max(deepest, depth)
    return deepest > _DEEPEST_BRACKETS


def _parsed(markdown: MarkdownIt, source: str, env: dict[str, Any]) -> list[Token]:
    return markdown.inline.parse(source.rstrip(" \n"), markdown, env, [])


class _Tokens:
    """Goes through a paragraph's tokens and knows what is open."""

    def __init__(self, notes: Notes | None) -> None:
        self._notes = notes
        self._styles = [Style.NONE]
        self._links: list[tuple[str, str]] = []
        self._has_words = False  # the link that is open

    def spans(self, tokens: Iterable[Token]) -> list[Span]:
        return [span for token in tokens for span in self._of(token)]

    def _of(self, token: Token) -> Iterable[Span]:
        kind = token.type
        if kind in ("text", "text_special"):
            return self._text(token.content)
        if kind in ("softbreak", "hardbreak"):
            return self._text("\n")
        if kind in _OPENED:
            self._styles.append(self._styles[-1] | _OPENED[kind])
        elif kind in ("strong_close", "em_close", "s_close"):
            self._styles.pop()
        elif kind == "link_open":
            title = str(token.attrs.get("title", ""))
            self._links.append((visible(str(token.attrs["href"])), title))
            self._has_words = False
        elif kind == "link_close":
            return self._link_end()
        else:
            return self._other(token)
        return ()

    def _link_end(self) -> Iterable[Span]:
        """Its title; a link without words would be hidden, and has its address for words."""
        address, title = self._links[-1]
        words = () if self._has_words else self._text(address)
        self._links.pop()
        return (*words, *self._text(f" ({title})" if title else ""))

    def _other(self, token: Token) -> Iterable[Span]:
        if token.type == "code_inline":
            return self._text(token.content, Style.CODE)
        if token.type == "formula":
            is_short = len(token.content) <= _LONGEST_FORMULA_CHARACTERS
            return self._text(token.content, Style.FORMULA if is_short else Style.CODE)
        if token.type == "footnote_mark" and self._notes is not None:
            return self._text(str(self._notes.number(token.content)), Style.RAISED)
        if token.type == "image":
            return self._image(token)
        return self._text("\n" if _BREAK.fullmatch(token.content) else token.content)

    def _text(self, text: str, style: Style = Style.NONE) -> tuple[Span, ...]:
        if not text:
            return ()
        self._has_words = self._has_words or not text.isspace()
        target = self._links[-1][0] if self._links else ""
        outer = self._styles[-1]
        whole = style
        if outer.value:  # to add flags takes time
            whole = outer | style if style.value else outer
        return (Span(visible(text), whole, target),)

    def _image(self, token: Token) -> tuple[Span, ...]:
        """Its words, and where they lead: to its own address, unless they are a link's."""
        self._has_words = True
        address = visible(str(token.attrs["src"]))
        title = str(token.attrs.get("title", ""))
        words = visible(token.content) or address
        tail = self._text(f" ({title})") if title else ()
        style = self._styles[-1]
        if not self._links:
            return (Span(words, style, address), *tail)
        own = (*self._text(" ("), Span(address, style, address), *self._text(")"))
        return (Span(words, style, self._links[-1][0]), *own, *tail)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours alike as one; each formula stays its own."""
    held: Span | None = None
    texts: list[str] = []
    for span in spans:
        is_alike = held is not None and held.style is span.style and held.target == span.target
        if held is not None and not (is_alike and Style.FORMULA not in span.style):
            yield Span("".join(texts), held.style, held.target)
            texts = []
        held = span
        texts.append(span.text)
    if held is not None:
        yield Span("".join(texts), held.style, held.target)


def _with_links(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans with the addresses in them as links."""
    for span in spans:
        if "://" not in span.text or span.target or span.style & _AS_WRITTEN:
            yield span
        else:
            yield from _linked(span)


def _linked(span: Span) -> Iterator[Span]:
    done = 0
    for match in _ADDRESS.finditer(span.text):
        address = _without_punctuation(match.group())
        if match.start() > done:
            yield Span(span.text[done : match.start()], span.style)
        yield Span(address, span.style, address)
        done = match.start() + len(address)
    if done < len(span.text):
        yield Span(span.text[done:], span.style)


def _without_punctuation(address: str) -> str:
    """An address without the signs after it that belong to the sentence."""
    end = len(address)
    closings = {")": "(", "]": "[", "}": "{"}
    for sign in reversed(address):
        opening = closings.get(sign)
        is_open = opening and address.count(sign, 0, end) > address.count(opening, 0, end)
        if sign not in ".,;:!?'*_~" and not is_open:
            break
        end -= 1
    return address[:end]
