"""A chat as one HTML page that asks for nothing: no script, no picture, no font, no link.

For: `chats export` and the window. The page's own policy forbids all but its one stylesheet.
It writes the messages it is given, in their order: the branch that the caller chose.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from app.chats.model import (
    AttachmentPart,
    Conversation,
    Message,
    Part,
    ReasoningPart,
    Role,
    TextPart,
)
from app.chats.transfer.html_markdown import escaped, rendered
from app.chats.transfer.html_style import source_hash, stylesheet
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
from app.restrictions import Banner

# Words of others: no language is promised for them, and they turn nothing around them.
_FOREIGN = 'lang="" dir="auto"'


def render(
    conversation: Conversation, messages: Iterable[Message], occasion: Occasion
) -> Iterator[str]:
    """The page in pieces, one message at a time; it holds no more than one."""
    title = html.escape(one_line(conversation.title) or UNTITLED)
    yield from _head(title, occasion.banner)
    mark = _classification(occasion.banner)
    yield f"<body>\n{mark}<main>\n<header>\n<h1 {_FOREIGN}>{title}</h1>\n"
    yield f'<p class="caption">Begun {occasion.shown(conversation.created_at_ms)}, '
    yield f"last changed {occasion.shown(conversation.updated_at_ms)}. "
    yield f"Exported from Pitcher {occasion.shown(occasion.at_ms)}.</p>\n</header>\n"
    for message in messages:
        yield from _turn(message, occasion)
    yield f"</main>\n{mark}</body>\n</html>\n"


def _classification(banner: Banner | None) -> str:
    """What an administrator has above and below every page, or nothing."""
    if banner is None:
        return ""
    words = html.escape(banner.words)
    return f'<p class="classification" {_FOREIGN}>{words}</p>\n'


def _head(title: str, banner: Banner | None) -> Iterator[str]:
    sheet = stylesheet(banner)
    policy = (
        f"default-src 'none'; style-src {source_hash(sheet)}; base-uri 'none'; form-action 'none'"
    )
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="referrer" content="no-referrer">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{title}</title>\n<style>{sheet}</style>\n</head>\n"


def _turn(message: Message, occasion: Occasion) -> Iterator[str]:
    kind = "answered" if message.role is Role.ASSISTANT else "typed"
    yield f'<article class="{kind}">\n<h2>{ROLE_NAMES[message.role]}</h2>\n'
    yield f'<p class="caption">{html.escape(caption(message, occasion))}</p>\n<div class="body">\n'
    for part in message.parts:
        yield from _part(part, message.role)
    if note := state_note(message):
        yield f'<p class="note">{note}</p>\n'
    yield from _provenance(message)
    yield "</div>\n</article>\n"


def _part(part: Part, role: Role) -> Iterator[str]:
    """Answers are Markdown; what was typed, and thoughts, are shown as they are."""
    if isinstance(part, AttachmentPart):
        yield from _attachment(part)
    elif isinstance(part, ReasoningPart):
        yield f'<details class="thoughts">\n<summary>{thought_summary(part)}</summary>\n'
        yield f'<div class="plain" {_FOREIGN}>'
        yield from escaped(part.text)
        yield "</div>\n</details>\n"
    elif isinstance(part, TextPart) and role is Role.ASSISTANT:
        yield f'<div class="text" {_FOREIGN}>\n'
        yield from rendered(part.text)
        yield "</div>\n"
    else:
        yield f'<div class="plain" {_FOREIGN}>'
        yield from escaped(part.text)
        yield "</div>\n"


def _attachment(part: AttachmentPart) -> Iterator[str]:
    name = html.escape(one_line(part.name)) or "unnamed"
    yield f'<details>\n<summary>Attachment: <bdi class="name">{name}</bdi></summary>\n<pre>\n'
    yield from escaped(part.text)
    yield "</pre>\n</details>\n"


def _provenance(message: Message) -> Iterator[str]:
    if lines := provenance_lines(message):
        yield f"<details>\n<summary>{MADE_BY}</summary>\n<ul>\n"
        yield from (f"<li>{html.escape(line)}</li>\n" for line in lines)
        yield "</ul>\n</details>\n"
