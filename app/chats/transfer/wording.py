"""The words, times and visible marks that readable exports share. Not translated: files travel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from app.chats.model import Message, MessageState, ReasoningPart, Role
from app.markup.visible import visible
from app.restrictions import Banner

ROLE_NAMES = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Assistant"}
STATE_NOTES = {
    MessageState.STREAMING: "Not finished.",
    MessageState.DONE: "",
    MessageState.STOPPED: "Stopped. The answer so far is kept.",
    MessageState.FAILED: "Failed.",
}
MADE_BY = "What made this answer"
UNTITLED = "Untitled chat"
# A text of this length takes the parser of Markdown 2 s and 50 MB; a longer one is shown as it
# is, and so is one of nothing but brackets, for which it takes a time that grows as their square.
MAX_PARSED_CHARS = 1 << 18
_MAX_BRACKETS = 10_000
_MAX_LINE_CHARS = 10_000
# No deeper than this; a parser leaves out what lies below its limit.
MAX_NESTING = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Occasion:
    """When an export is made, in milliseconds since 1970, and in whose time it shows times.

    Without a zone: this computer's. `banner` is the classification that stands above and below.
    """

    at_ms: int
    zone: tzinfo | None = None
    banner: Banner | None = None

    def shown(self, at_ms: int) -> str:
        """A time as "2025-03-04 14:05 UTC+01:00"."""
        try:
            local = (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(self.zone)
        except (OverflowError, ValueError, OSError):  # no calendar has it
            return f"{at_ms} ms after 1970"
        offset = timezone(local.utcoffset() or timedelta()).tzname(None)
        return f"{local.replace(tzinfo=None).isoformat(' ', 'minutes')} {offset}"


def one_line(text: str) -> str:
    """A title or a name on one line, with nothing in it that is obeyed; of an endless one its
    beginning, and how much more there is.
    """
    more = len(text) - _MAX_LINE_CHARS
    line = visible(re.sub(r"\s+", " ", text[:_MAX_LINE_CHARS]).strip())
    return f"{line}… ({more:,} more characters)" if more > 0 else line


def can_be_parsed(text: str) -> bool:
    """Whether a parser of Markdown is done with it in a bearable time, whatever it holds."""
    return len(text) <= MAX_PARSED_CHARS and text.count("[") <= _MAX_BRACKETS


def thought_summary(part: ReasoningPart) -> str:
    """What stands on folded thoughts."""
    words = f"Thought for {part.elapsed_ms / 1000:.0f} s" if part.elapsed_ms else "Thoughts"
    return f"{words}, {part.tokens:,} tokens" if part.tokens else words


def state_note(message: Message) -> str:
    """What is to be said of an answer that did not come to its end, or nothing."""
    if message.state is MessageState.STOPPED and not message.text.strip():
        return "Stopped before the answer began."
    return STATE_NOTES[message.state]


def caption(message: Message, occasion: Occasion) -> str:
    """When a message was written and, where that is known, by which model."""
    details = dict(message.provenance.details) if message.provenance else {}
    words = [occasion.shown(message.created_at_ms)]
    if isinstance(details.get("model"), str):
        words.append(one_line(str(details["model"])))
    return " · ".join(words)


def provenance_lines(message: Message) -> tuple[str, ...]:
    """What made an answer, a line for each thing that is recorded, beyond the model's name."""
    details = message.provenance.details if message.provenance else ()
    if all(key == "model" for key, _ in details):
        return ()
    return tuple(
        f"{one_line(key).replace('_', ' ')}: {one_line(f'{value}')}" for key, value in details
    )
