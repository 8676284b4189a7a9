"""Chats of a history written to files that the user chose.

For: `chats export` and the window. Which formats there are is `transfer`'s; here they meet the
store. Files are whole or not there, and none is replaced unasked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from app.chats.errors import TransferError
from app.chats.export_format import ExportFormat
from app.chats.model import AttachmentPart, Conversation, Message
from app.chats.store import ChatStore, now_ms
from app.chats.transfer import json_export
from app.chats.transfer.names import suggested_name
from app.chats.transfer.wording import Occasion
from app.chats.transfer.writing import write_file
from app.restrictions import Banner
from inference.sentence import said


def export_json(
    store: ChatStore,
    chats: Sequence[Conversation] | None,
    target: Path,
    *,
    replace: bool = False,
) -> int:
    """Write chats with every branch into one file; its bytes.

    None: everything, with all presets and what is typed for a new chat. Of chosen chats the
    file has only the presets that they use: it may be meant for someone else.
    Raises TransferError, StoreError.
    """
    chosen = store.conversations() if chats is None else chats
    used = {chat.preset_id for chat in chosen}
    presets = [preset for preset in store.presets.all() if chats is None or preset.id in used]
    whole = ((chat, store.messages.all(chat.id)) for chat in chosen)
    draft = store.loose_draft() if chats is None else ""

    def files_of(chat_id: int | None) -> Sequence[AttachmentPart]:
        is_chosen = chats is None or chat_id is not None
        return store.draft_files.of(chat_id) if is_chosen else ()

    pieces = json_export.render(
        whole, presets, exported_at_ms=now_ms(), draft=draft, draft_files=files_of
    )
    return write_file(target, pieces, replace=replace)


def export_readable(
    store: ChatStore,
    chat: Conversation,
    form: ExportFormat,
    target: Path,
    *,
    replace: bool = False,
    banner: Banner | None = None,
) -> int:
    """Write the branch that a chat shows as Markdown or HTML, under `banner`; the file's bytes.

    Raises TransferError, StoreError.
    """
    messages = store.messages.path(chat.leaf_id)
    occasion = Occasion(now_ms(), banner=banner)
    return write_file(target, _rendered(chat, messages, form, occasion), replace=replace)


def targets_in(
    folder: Path, chats: Sequence[Conversation], form: ExportFormat
) -> tuple[tuple[Conversation, Path], ...]:
    """A file in `folder` for each chat, named by its title; no two the same on any system.

    Raises TransferError where there is no such folder.
    """
    if not folder.is_dir():
        raise TransferError(
            said("There is no folder {folder}. Nothing was exported.", folder=folder)
        )
    taken: set[str] = set()
    named = []
    for chat in chats:
        names = (suggested_name(chat.title, form.suffix, mark) for mark in _marks(chat.id))
        name = next(name for name in names if name.casefold() not in taken)
        taken.add(name.casefold())
        named.append((chat, folder / name))
    return tuple(named)


def _marks(chat_id: int) -> Iterator[str]:
    """Nothing, the chat's number, and more where another chat's title ends in just that."""
    yield ""
    yield f" {chat_id}"
    yield from (f" {chat_id}-{number}" for number in count(2))


def _rendered(
    chat: Conversation, messages: Sequence[Message], form: ExportFormat, occasion: Occasion
) -> Iterator[str]:
    # Late: a Markdown parser, which no start of the window needs to wait for.
    from app.chats.transfer import html, markdown

    render = html.render if form is ExportFormat.HTML else markdown.render
    return render(chat, messages, occasion)
