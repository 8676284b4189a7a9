"""Chats with everything that is known of them, as JSON (`json_format`), to keep or take along.

For: `chats export` and the window. Written piece by piece: of a long text only a slice is
held twice. Presets come first, so that a chat can name those of the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from app.chats.model import (
    AttachmentPart,
    Conversation,
    Message,
    Part,
    Preset,
    Provenance,
    ReasoningPart,
    TextPart,
)
from app.chats.transfer.json_format import FORMAT, NOT_FINITE, VERSION

_SLICE_CHARS = 1 << 16
Values = tuple[tuple[str, str | int | float | bool], ...]


def render(
    chats: Iterable[tuple[Conversation, Iterable[Message]]],
    presets: Iterable[Preset] = (),
    *,
    exported_at_ms: int,
    draft: str = "",
    draft_files: Callable[[int | None], Iterable[AttachmentPart]] = lambda _chat_id: (),
) -> Iterator[str]:
    """The file in pieces; each chat comes with all its messages, of every branch.

    A chat whose preset is not among `presets` is written without one. `draft_files` says which
    files lie beside a chat's draft, or beside `draft`: None.
    """
    yield f'{{"format": {_plain(FORMAT)}, "version": {VERSION},\n'
    yield f' "exported_at_ms": {exported_at_ms},\n "draft": '
    yield from _text(draft)
    yield from _draft_files(draft_files(None))
    kept = {preset.id: preset for preset in presets}
    yield ',\n "presets": ['
    yield ",".join(f"\n  {_preset(preset)}" for preset in kept.values())
    yield '],\n "chats": ['
    for number, (conversation, messages) in enumerate(chats):
        yield ",\n  " if number else "\n  "
        has_preset = conversation.preset_id in kept
        yield from _chat(
            conversation, messages, draft_files(conversation.id), has_preset=has_preset
        )
    yield "]}\n"


def _preset(preset: Preset) -> str:
    return _plain({"id": preset.id, "name": preset.name, "settings": _values(preset.settings)})


def _chat(
    conversation: Conversation,
    messages: Iterable[Message],
    draft_files: Iterable[AttachmentPart],
    *,
    has_preset: bool,
) -> Iterator[str]:
    yield f'{{"id": {conversation.id}, "title": '
    yield from _text(conversation.title)
    known = {
        "created_at_ms": conversation.created_at_ms,
        "updated_at_ms": conversation.updated_at_ms,
        "is_pinned": conversation.is_pinned,
        "preset_id": conversation.preset_id if has_preset else None,
        "leaf_id": conversation.leaf_id,
        "settings": _values(conversation.settings),
    }
    yield f', {_members(known)}, "draft": '
    yield from _text(conversation.draft)
    yield from _draft_files(draft_files)
    yield ',\n   "messages": ['
    for number, message in enumerate(messages):
        yield ",\n    " if number else "\n    "
        yield from _message(message)
    yield "]}"


def _draft_files(files: Iterable[AttachmentPart]) -> Iterator[str]:
    yield ', "draft_files": ['
    for number, file in enumerate(files):
        yield ", " if number else ""
        yield from _part(file)
    yield "]"


def _message(message: Message) -> Iterator[str]:
    known = {
        "id": message.id,
        "parent_id": message.parent_id,
        "role": message.role.value,
        "state": message.state.value,
        "created_at_ms": message.created_at_ms,
        "provenance": _provenance(message.provenance),
    }
    yield f'{{{_members(known)}, "parts": ['
    for number, part in enumerate(message.parts):
        yield ", " if number else ""
        yield from _part(part)
    yield "]}"


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, TextPart):
        yield '{"kind": "text"'
    elif isinstance(part, ReasoningPart):
        figures = {"elapsed_ms": part.elapsed_ms, "tokens": part.tokens}
        yield f'{{"kind": "reasoning", {_members(figures)}'
    else:
        yield f'{{"kind": "attachment", "name": {_plain(part.name)}'
    yield ', "text": '
    yield from _text(part.text)
    yield "}"


def _provenance(provenance: Provenance | None) -> object:
    if provenance is None:
        return None
    return {"version": provenance.version, "details": _values(provenance.details)}


def _values(values: Values) -> dict[str, object]:
    """By name; JSON has no word for a number that is none, so it is written as one."""
    return {
        name: {NOT_FINITE: str(value)}
        if isinstance(value, float) and not math.isfinite(value)
        else value
        for name, value in values
    }


def _text(text: str) -> Iterator[str]:
    """A JSON string in slices: no character's escape depends on its neighbour's."""
    yield '"'
    for start in range(0, len(text), _SLICE_CHARS):
        yield _plain(text[start : start + _SLICE_CHARS])[1:-1]
    yield '"'


def _members(values: Mapping[str, object]) -> str:
    return _plain(values)[1:-1]


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
