"""Block tokens → blocks, flattened, in pieces that are quick to draw.

For: `parsing`. It also says from where a growing text can be read on by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.markup.blocks import DONE_TASK, OPEN_TASK, Line, Place, Rule, Span, Style
from app.markup.gathering import Gathering
from app.markup.leaves import Spot, code_blocks, formula_blocks, table_blocks
from app.markup.notes import Notes, raised
from app.markup.pieces import SOURCE_CHARACTERS, source_chunks
from app.markup.restarts import NOWHERE, Placed, Restart
from app.markup.visible import visible

if TYPE_CHECKING:
    from markdown_it.token import Token

_BULLETS = ("•", "◦", "▪")
_TASKS = {"[ ] ": OPEN_TASK, "[x] ": DONE_TASK, "[X] ": DONE_TASK}


@dataclass
class _Level:
    """A list, or a note, that is open."""

    is_counted: bool = False
    sign: str = ""
    number: int = 0


class Builder:
    """Goes through the tokens of one parse.

    `first_number` is that of the first outermost item, where the list began further up. Notes
    come after all else, or, as a text grows, where they stand.
    """

    def __init__(
        self,
        spans: Callable[[str], tuple[Span, ...]],
        notes: Notes,
        first_number: int | None = None,
        are_notes_last: bool = True,
    ) -> None:
        self._spans = spans
        self._notes = notes
        self._first_number = first_number
        self._are_notes_last = are_notes_last
        self._out = Gathering()
        self._bodies: dict[str, list[Token]] = {}
        self._levels: list[_Level] = []
        self._quotes = 0
        self._heading = 0
        self._marker = ""
        self._restart: Restart | None = None

    def build(self, tokens: list[Token]) -> list[Placed]:
        """The blocks."""
        self._walk(tokens)
        position = 0
        while self._bodies:
            if position == len(self._notes.order):
                self._notes.number(next(iter(self._bodies)))  # one that nothing names
            label = self._notes.order[position]
            position += 1
            if label in self._bodies:
                self._put_note(label, self._bodies.pop(label))
        self._out.flush()
        return self._out.placed

    def _walk(self, tokens: list[Token]) -> None:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "footnote_reference_open":
                end = _note_end(tokens, index)
                self._on_note(token, tokens[index + 1 : end])
                index = end
            else:
                self._on_token(token)
            index += 1

    # ------------------------------------------------------------------ tokens

    def _on_token(self, token: Token) -> None:
        kind = token.type
        self._find_restart(token)
        if kind == "inline":
            self._on_inline(token.content)
        elif kind == "heading_open":
            self._heading = int(token.tag[1])
        elif kind == "heading_close":
            self._heading = 0
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self._on_list(token)
        elif kind == "list_item_open":
            self._on_item(token)
        elif kind == "list_item_close":
            self._show_marker()
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._levels.pop()
            if not self._levels:
                self._out.flush()
        elif kind in ("blockquote_open", "blockquote_close"):
            self._end_lines()
            self._quotes += 1 if kind == "blockquote_open" else -1
        elif kind not in ("paragraph_open", "paragraph_close"):
            self._on_leaf(token)

    def _on_leaf(self, token: Token) -> None:
        kind, source = token.type, token.content
        if kind == "definition":
            self._add(_definition(token))
        elif kind == "html_block":
            self._add((Span(source.rstrip("\n")),))
        elif kind == "formula_source":
            self._add((Span(source, Style.CODE),))
        elif kind == "source":  # too deep to be laid out
            self._add((Span(source),))
        else:
            self._end_lines()
            self._on_block(token)

    def _on_block(self, token: Token) -> None:
        """What is no text."""
        spot = Spot(self._place(), self._taken_restart())
        if token.type == "hr":
            self._out.put(Rule(spot.place), spot.restart)
        elif token.type == "table":
            self._out.placed += table_blocks(token.meta["table"], self._spans, spot)
        elif token.type == "formula_block":
            self._out.placed += formula_blocks(token.content, spot)
        else:
            self._out.placed += code_blocks(token, spot)

    def _on_inline(self, source: str) -> None:
        if self._marker and source[:4] in _TASKS and self._levels:
            box = _TASKS[source[:4]]
            is_counted = self._levels[-1].is_counted
            self._marker = f"{self._marker} {box}" if is_counted else box
            source = source[4:].lstrip()
        if self._levels or self._heading or len(source) <= SOURCE_CHARACTERS:
            self._add(self._spans(source))
            return
        first, previous = self._taken_restart(), ""
        for start, chunk in source_chunks(source):
            restart = self._within(source, start, previous, first) if start else first
            line = Line(self._spans(chunk.removesuffix("\n")))
            self._out.paragraph(line, self._place(), restart)
            previous = chunk

    def _within(self, source: str, start: int, previous: str, first: Restart | None) -> Restart:
        """Where a long paragraph goes on, of which the first chunks have been read."""
        is_mid_line = not previous.endswith("\n")
        if first is None or self._quotes:
            return Restart(NOWHERE, is_joined=True, is_mid_line=is_mid_line)
        line = first.line + source.count("\n", 0, start)
        column = start - (source.rfind("\n", 0, start) + 1)
        return Restart(line, column, is_joined=True, is_mid_line=is_mid_line)

    def _on_list(self, token: Token) -> None:
        self._show_marker()
        is_counted = token.type == "ordered_list_open"
        number = int(token.attrs.get("start", 1)) if is_counted else 0
        if is_counted and not self._levels and self._first_number is not None:
            number, self._first_number = self._first_number, None
        self._levels.append(_Level(is_counted, token.markup, number))

    def _on_item(self, token: Token) -> None:
        level = self._levels[-1]
        if len(self._levels) == 1 and not self._quotes and token.map:
            number = level.number if level.is_counted else None
            is_joined = self._out.next_item()
            self._restart = Restart(token.map[0], number=number, is_joined=is_joined)
        if level.is_counted:
            self._marker = f"{level.number}{level.sign}"
            level.number += 1
        else:
            self._marker = _BULLETS[min(len(self._levels), len(_BULLETS)) - 1]

    # ------------------------------------------------------------------ notes

    def _on_note(self, opening: Token, body: list[Token]) -> None:
        label = str(opening.meta["label"])
        if self._are_notes_last:
            self._bodies.setdefault(label, []).extend(body)
            return
        self._find_restart(opening)
        self._put_note(label, body)

    def _put_note(self, label: str, body: list[Token]) -> None:
        self._end_lines()
        self._marker = raised(self._notes.number(label))
        self._levels.append(_Level())
        if not label.isdigit():
            self._add((Span(visible(label) + ":"),))  # a name may say something
        self._walk(body)
        self._show_marker()
        self._levels.pop()
        if not self._levels:
            self._out.flush()

    # ------------------------------------------------------------------ blocks

    def _find_restart(self, token: Token) -> None:
        """Blocks outside all lists can be read by themselves, and so can those of one quote."""
        if token.map is not None and not self._levels and token.type != "inline":
            is_outer = token.level == self._quotes <= 1
            self._restart = Restart(token.map[0]) if is_outer else None

    def _taken_restart(self) -> Restart | None:
        """The restart of the block that comes now; those after it have none."""
        restart, self._restart = self._restart, None
        return restart

    def _place(self) -> Place:
        return Place(self._quotes, len(self._levels))

    def _add(self, spans: tuple[Span, ...]) -> None:
        """A paragraph: within a list one of its lines."""
        indent = max(0, len(self._levels) - 1)
        line = Line(spans, self._heading, self._marker, indent)
        self._marker = ""
        if self._levels:
            self._out.add(line, self._quotes, self._taken_restart())
        else:
            self._out.paragraph(line, self._place(), self._taken_restart())

    def _show_marker(self) -> None:
        """An item that begins with no text still has its marker."""
        if self._marker:
            self._add(())

    def _end_lines(self) -> None:
        self._show_marker()
        self._out.flush()


def _definition(token: Token) -> tuple[Span, ...]:
    """A link's definition, as it was written."""
    address = visible(token.meta["target"])
    title = token.meta["title"]
    after = (Span(f" {title}"),) if title else ()
    return (Span(f"[{token.content}]: "), Span(address or "<>", Style.NONE, address), *after)


def _note_end(tokens: list[Token], start: int) -> int:
    """Where a note that opens at `start` closes."""
    depth = 0
    for index in range(start, len(tokens)):
        if tokens[index].type == "footnote_reference_open":
            depth += 1
        elif tokens[index].type == "footnote_reference_close":
            depth -= 1
            if not depth:
                return index
    return len(tokens)
