"""Checked members become model objects: a preset, a chat, a message with its parts.

For: `json_import`. What a member may be stands in `json_format`.
"""

from __future__ import annotations

from app.chats.model import (
    AttachmentPart,
    Conversation,
    Message,
    MessageState,
    Part,
    Preset,
    Provenance,
    ReasoningPart,
    Role,
    TextPart,
)
from app.chats.transfer.json_checks import Fields
from app.chats.transfer.json_format import MAX_ID
from inference.sentence import said

MAX_PARTS = 10_000
# The window's line takes half of it.
MAX_TITLE_CHARS = 1 << 16


def preset_of(fields: Fields) -> Preset:
    """A preset under the file's number."""
    name = fields.text("name", most_chars=MAX_TITLE_CHARS)
    return Preset(fields.whole("id", MAX_ID), name, fields.values("settings"))


def conversation_of(fields: Fields) -> Conversation:
    """A chat under the file's numbers; whether they name anything is the caller's to check."""
    return Conversation(
        id=fields.whole("id", MAX_ID),
        title=fields.text("title", most_chars=MAX_TITLE_CHARS),
        created_at_ms=fields.time_ms("created_at_ms"),
        updated_at_ms=fields.time_ms("updated_at_ms"),
        is_pinned=fields.flag("is_pinned"),
        leaf_id=fields.link("leaf_id"),
        draft=fields.text("draft", ""),
        preset_id=fields.link("preset_id"),
        settings=fields.values("settings", {}),
    )


def message_of(fields: Fields) -> Message:
    """A message of no chat yet. Nobody writes on at one that was streaming: it is stopped."""
    state = fields.choice("state", MessageState)
    parts = fields.items("parts", MAX_PARTS)
    return Message(
        id=fields.whole("id", MAX_ID),
        conversation_id=0,
        parent_id=fields.link("parent_id"),
        role=fields.choice("role", Role),
        parts=tuple(
            _part(Fields(said("{where}, part {number}", where=fields.where, number=number), part))
            for number, part in enumerate(parts, 1)
        ),
        state=MessageState.STOPPED if state is MessageState.STREAMING else state,
        created_at_ms=fields.time_ms("created_at_ms"),
        provenance=_provenance(fields),
    )


def draft_files_of(fields: Fields) -> tuple[AttachmentPart, ...]:
    """The files beside what was written and not sent."""
    found = fields.items("draft_files", MAX_PARTS, [])
    return tuple(
        _file(Fields(said("{where}, file {number}", where=fields.where, number=number), item))
        for number, item in enumerate(found, 1)
    )


def _part(fields: Fields) -> Part:
    kind = fields.text("kind")
    if kind == "text":
        return TextPart(fields.text("text"))
    if kind == "reasoning":
        elapsed_ms, tokens = (
            fields.whole("elapsed_ms", MAX_ID, 0),
            fields.whole("tokens", MAX_ID, 0),
        )
        return ReasoningPart(fields.text("text"), elapsed_ms, tokens)
    if kind == "attachment":
        return _file(fields)
    raise fields.refused("kind", "is none of text, reasoning, attachment")


def _file(fields: Fields) -> AttachmentPart:
    return AttachmentPart(fields.text("name", most_chars=MAX_TITLE_CHARS), fields.text("text"))


def _provenance(fields: Fields) -> Provenance | None:
    inner = fields.inner("provenance")
    if inner is None:
        return None
    return Provenance(inner.values("details"), inner.whole("version", MAX_ID))
