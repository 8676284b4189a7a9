"""A chat as a Markdown file to read: title, who and when, thoughts folded, attachments named.

For: `chats export` and the window. It writes the messages it is given, in their order: the
branch that the caller chose, each answer with what made it. States and branches are JSON's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.chats.model import AttachmentPart, Conversation, Message, Part, ReasoningPart, TextPart
from app.chats.transfer.tame_markdown import fenced, pieces
from app.chats.transfer.wording import (
    MADE_BY,
    ROLE_NAMES,
    UNTITLED,
    Occasion,
    caption,
    one_line,
    provenance_lines,
    state_note,
    thought_summary,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|$#])")


def render(
    conversation: Conversation, messages: Iterable[Message], occasion: Occasion
) -> Iterator[str]:
    """The file in pieces, one message at a time; it holds no more than one."""
    shown = occasion.shown
    mark = f"**{_escaped(occasion.banner.words)}**\n" if occasion.banner else ""
    if mark:
        yield f"{mark}\n"
    yield f"# {_escaped(conversation.title) or UNTITLED}\n\n"
    yield f"*Begun {shown(conversation.created_at_ms)}, "
    yield f"last changed {shown(conversation.updated_at_ms)}. "
    yield f"Exported from Pitcher {shown(occasion.at_ms)}.*\n"
    for message in messages:
        yield f"\n## {ROLE_NAMES[message.role]}\n\n*{_escaped(caption(message, occasion))}*\n"
        for part in message.parts:
            yield from _part(part)
        if note := state_note(message):
            yield f"\n*{note}*\n"
        yield from _provenance(message)
    if mark:
        yield f"\n{mark}"


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, TextPart):
        yield "\n"
        yield from pieces(part.text)
        yield "\n"
    elif isinstance(part, ReasoningPart):
        yield f"\n<details>\n<summary>{thought_summary(part)}</summary>\n\n"
        yield from pieces(part.text)
        yield "\n\n</details>\n"
    else:
        yield from _attachment(part)


def _attachment(part: AttachmentPart) -> Iterator[str]:
    """Named, then its text as it was, in a fence longer than any that it holds."""
    yield f"\n**Attachment: {_escaped(part.name) or 'unnamed'}**\n\n"
    yield from fenced(part.text)
    yield "\n"


def _provenance(message: Message) -> Iterator[str]:
    if lines := provenance_lines(message):
        yield f"\n<details>\n<summary>{MADE_BY}</summary>\n\n"
        yield from (f"- {_escaped(line)}\n" for line in lines)
        yield "\n</details>\n"


def _escaped(text: str) -> str:
    """One line in which nothing is Markdown, and no direction is obeyed."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
