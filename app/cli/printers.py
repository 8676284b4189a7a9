"""Where an answer goes: a person's terminal, a program's pipe, or JSON lines.

For `chat`. Thoughts are dimmed on a terminal, and stand apart where there is none; markers
are shown nowhere but in JSON, whose token texts, joined, are what the model wrote.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Protocol, TextIO

from app.cli.terminal import note, plain, show_json
from inference.events import (
    Channel,
    ContextUse,
    Event,
    Finished,
    FinishReason,
    Overflow,
    Recast,
    Token,
)

_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"


class Printer(Protocol):
    """Takes an answer's events."""

    def take(self, event: Event) -> None:
        """One more event; the last is Finished."""


class JsonPrinter:
    """One object a line: `context`, `token`…, `recast`, `overflow`, `finished`."""

    def take(self, event: Event) -> None:
        """Print what a program may want to know."""
        match event:
            case ContextUse():
                show_json({"type": "context", "used_tokens": event.used_tokens, **asdict(event)})
            case Token():
                show_json({"type": "token", **asdict(event)})
            case Recast():
                show_json({"type": "recast"})
            case Overflow():
                show_json({"type": "overflow", **asdict(event)})
                note(overflow_sentence(event))
            case Finished():
                figures = asdict(event.statistics)
                show_json({"type": "finished", "reason": event.reason, **figures})


class TextPrinter:
    """The answer on standard output; the thoughts beside it, or before it, in `thoughts_to`.

    `holds_back`: an answer that may still turn out to be thoughts waits until it can't.
    """

    def __init__(self, thoughts_to: TextIO, *, holds_back: bool = False) -> None:
        self._thoughts_to = thoughts_to
        self._dims = thoughts_to.isatty()
        self._may_hold_back = holds_back
        self._begin()

    def _begin(self) -> None:
        self._holds_back = self._may_hold_back
        self._held = ""
        self._is_thinking = False
        self._has_answer = False

    def take(self, event: Event) -> None:
        """Print as it grows."""
        match event:
            case Token(channel=Channel.REASONING):
                self._think(event.text)
            case Token(channel=Channel.ANSWER):
                self._answer(event.text)
            case Token(channel=Channel.MARKER):
                self._holds_back = False
            case Recast():
                self._recast()
            case Overflow():
                note(overflow_sentence(event))
            case Finished():
                self._finish(event)

    def _think(self, text: str) -> None:
        if not text:
            return
        if not self._is_thinking:
            self._is_thinking = True
            self._write(self._thoughts_to, _DIM if self._dims else "Thinking:\n")
        self._write(self._thoughts_to, plain(text))

    def _end_thoughts(self) -> None:
        if self._is_thinking:
            self._is_thinking = False
            self._write(self._thoughts_to, f"{_PLAIN if self._dims else ''}\n\n")

    def _answer(self, text: str) -> None:
        if not text:
            return
        self._end_thoughts()
        if self._holds_back:
            self._held += text
        else:
            self._has_answer = True
            self._write(sys.stdout, plain(text))

    def _recast(self) -> None:
        """What is on a terminal already can't be moved, only named."""
        if self._held:
            self._think(self._held)
            self._held = ""
        elif self._has_answer:
            self._write(sys.stdout, "\n")
            note("(What stands above were thoughts. The answer follows.)")
        self._holds_back = False

    def _finish(self, finished: Finished) -> None:
        held, self._held, self._holds_back = self._held, "", False
        self._answer(held)
        has_answer = self._has_answer
        self._end_thoughts()
        if finished.reason is not FinishReason.OVERFLOW:
            self._write(sys.stdout, "\n")
        if finished.reason is FinishReason.CANCELLED:
            kept, nothing = "The answer so far is kept.", "The answer had not begun."
            note(f"Stopped. {kept if has_answer else nothing}")
        self._begin()

    @staticmethod
    def _write(stream: TextIO, text: str) -> None:
        stream.write(text)
        stream.flush()


def overflow_sentence(event: Overflow) -> str:
    """What no longer fits, and what can be done."""
    count = len(event.turns)
    if event.dropped:
        return f"Left out, as they no longer fit: the first {count} messages."
    sizes = (
        f"This no longer fits: the conversation has {event.prompt_tokens:,} tokens and the "
        f"context holds {event.context_tokens:,}."
    )
    if not event.turns:
        return f"{sizes} Start a new chat, or write less."
    return (
        f"{sizes} It fits without the first {count} messages: /drop (or --on-overflow drop) "
        "leaves them out."
    )
