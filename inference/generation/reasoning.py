"""Splits a model's output into thoughts, answer and markers while it grows.

For the engine's answer. A marker is a tag with the line breaks that belong to it: those
behind it, and those before a closing one. All pieces joined are the text that was fed. Tags
in code, inline or fenced, are text. Where the vocabulary has the tags as tokens, only these
tokens are tags; text that looks like one is text. Knows no token ids and no model.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from inference.events import Channel, Recast
from inference.generation.code_spans import CodeSpans
from inference.prompt.rendered import RenderedPrompt

_BREAKS = "\r\n"

Piece = tuple[Channel, str] | Recast


class Markers(Protocol):
    """The tags around a family's thoughts."""

    @property
    def open(self) -> str:
        """Such as `<think>`."""

    @property
    def close(self) -> str:
        """Such as `</think>`."""


class Tag(StrEnum):
    """Which of the two a marker token is."""

    OPEN = "open"
    CLOSE = "close"


class _Phase(StrEnum):
    START = "start"  # nothing but white space so far: an opening tag may come
    THINKING = "thinking"
    ANSWER = "answer"


def thinking_is_open(rendered: RenderedPrompt, markers: Markers | None) -> bool:
    """Whether the prompt ends inside the thoughts: with an opening tag that nobody typed."""
    if markers is None:
        return False
    typed_until = rendered.typed_spans[-1][1] if rendered.typed_spans else 0
    return rendered.text[typed_until:].rstrip().endswith(markers.open)


class ReasoningParser:
    """One answer's text in, pieces of one channel each out.

    Without markers everything is the answer. `by_token`: tags come by `feed_tag` alone.
    """

    def __init__(self, markers: Markers | None, opened: bool, by_token: bool = False) -> None:
        self._markers = markers
        self._by_token = by_token
        self._phase = _Phase.THINKING if opened else _Phase.START
        if markers is None:
            self._phase = _Phase.ANSWER
        # A closing tag after what looked like the answer says that it was none, but only once.
        self._has_thought = opened
        self._takes_breaks = opened
        self._breaks = ""  # passed, and either a marker's or text
        self._partial = ""  # not passed: it may be the beginning of a tag
        self._code = CodeSpans()
        self._pieces: list[Piece] = []

    @property
    def is_thinking(self) -> bool:
        """Whether what comes next is a thought."""
        return self._phase is _Phase.THINKING

    @property
    def channel(self) -> Channel:
        """Where text goes now."""
        return Channel.REASONING if self.is_thinking else Channel.ANSWER

    @property
    def holds_partial_tag(self) -> bool:
        """Whether a tag may be half written."""
        return bool(self._partial)

    def leave_code(self) -> None:
        """What comes next counts as outside of code, whatever was left open."""
        self._code.reset()

    def feed(self, text: str) -> list[Piece]:
        """More text."""
        text = self._partial + text
        self._partial = ""
        if self._is_plain_answer():
            self._say(self.channel, text)
            self._code.feed(text)
            return self._told()
        position = 0
        while position < len(text):
            passed = self._pass(text, position)
            if not passed:
                self._partial = text[position:]
                break
            position += passed
        return self._told()

    def feed_tag(self, tag: Tag, text: str) -> list[Piece]:
        """A token that is one of the tags; it may still be text."""
        assert not self._partial  # tags of tokens and tags of text are not mixed
        if self._code.is_code(text[0]) or not self._take(tag, text, is_token=True):
            self._pass_plain(text)
        return self._told()

    def cut(self) -> list[Piece]:
        """What was held back, where more would have come: it may belong to a marker."""
        self._say_breaks(Channel.MARKER)
        self._say(Channel.MARKER, self._partial)
        self._partial = ""
        return self._told()

    def flush(self) -> list[Piece]:
        """What was held back, when no more comes."""
        self._say_breaks(self.channel)
        self._say(self.channel, self._partial)
        self._partial = ""
        return self._told()

    def _is_plain_answer(self) -> bool:
        return (
            self._phase is _Phase.ANSWER and not self._takes_breaks and not self._looks_for_tags()
        )

    def _looks_for_tags(self) -> bool:
        return self._markers is not None and not self._has_thought

    def _pass(self, text: str, position: int) -> int:
        """Deal with what stands at `position`; how many characters that was, 0: too few."""
        character = text[position]
        if self._takes_breaks and character in _BREAKS:
            self._say(Channel.MARKER, character)
            self._code.feed(character)
            return 1
        self._takes_breaks = False
        if not self._by_token:
            length = self._pass_tag(text, position)
            if length is not None:
                return length
        if self._may_belong_to_tag(character):
            self._breaks += character
            self._code.feed(character)
        else:
            self._pass_plain(character)
        return 1

    def _pass_tag(self, text: str, position: int) -> int | None:
        """As `_pass`; None where no tag begins."""
        for tag, written in self._wanted():
            here = text[position : position + len(written)]
            if not written.startswith(here) or self._code.is_code(here[0]):
                continue
            if here != written:
                return 0
            if self._take(tag, written, is_token=False):
                return len(written)
        return None

    def _wanted(self) -> list[tuple[Tag, str]]:
        if self._markers is None:
            return []
        opening, closing = (Tag.OPEN, self._markers.open), (Tag.CLOSE, self._markers.close)
        if self._phase is _Phase.START:
            return [opening, closing]
        return [closing] if self.is_thinking or self._looks_for_tags() else []

    def _take(self, tag: Tag, text: str, is_token: bool) -> bool:
        """Let a tag do its work; False where it has none and is text."""
        take: Callable[[str, bool], bool]
        take = self._take_opening if tag is Tag.OPEN else self._take_closing
        return take(text, is_token)

    def _take_opening(self, text: str, is_token: bool) -> bool:
        if self._phase is _Phase.START:
            self._say_breaks(Channel.MARKER)
        elif self.is_thinking or not (is_token and self._code.begins_line()):
            # In a sentence it is spoken of; on a line of its own the model thinks again.
            return False
        else:
            self._say_breaks(Channel.ANSWER)
        self._turn(_Phase.THINKING, text)
        self._has_thought = True
        return True

    def _take_closing(self, text: str, is_token: bool) -> bool:
        if self._phase is _Phase.ANSWER:
            if self._has_thought:
                if not (is_token and self._code.begins_line()):
                    return False
            else:
                self._pieces.append(Recast())
        self._say_breaks(Channel.MARKER)
        self._has_thought = True
        self._turn(_Phase.ANSWER, text)
        return True

    def _turn(self, phase: _Phase, marker: str) -> None:
        self._say(Channel.MARKER, marker)
        self._phase = phase
        self._takes_breaks = True
        self._code.reset()

    def _may_belong_to_tag(self, character: str) -> bool:
        if self._phase is _Phase.START:
            return character.isspace()
        return character in _BREAKS and (self.is_thinking or self._looks_for_tags())

    def _pass_plain(self, text: str) -> None:
        if self._phase is _Phase.START:
            self._phase = _Phase.ANSWER
        self._takes_breaks = False
        self._say_breaks(self.channel)
        self._say(self.channel, text)
        self._code.feed(text)

    def _say_breaks(self, channel: Channel) -> None:
        self._say(channel, self._breaks)
        self._breaks = ""

    def _say(self, channel: Channel, text: str) -> None:
        if not text:
            return
        last = self._pieces[-1] if self._pieces else None
        if isinstance(last, tuple) and last[0] is channel:
            self._pieces[-1] = (channel, last[1] + text)
        else:
            self._pieces.append((channel, text))

    def _told(self) -> list[Piece]:
        told, self._pieces = self._pieces, []
        return told
