"""Exported chats (`json_format`) read in again, from a file that anyone may have written.

For: the window and the command line. `read` checks everything before anything is kept and
gives model objects with the file's own numbers; `add_to` gives them to a store, which numbers
them anew, in one transaction. An answer that was streaming is stopped, its text kept.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TextIO

from app.chats.errors import TransferError
from app.chats.model import AttachmentPart, ConversationTree, Message, Preset
from app.chats.store import ChatStore
from app.chats.transfer.json_checks import Fields, refused
from app.chats.transfer.json_format import FORMAT, VERSION
from app.chats.transfer.json_objects import (
    conversation_of,
    draft_files_of,
    message_of,
    preset_of,
)
from app.chats.transfer.json_stream import BadJsonError, JsonStream
from app.chats.transfer.message_tree import parents_first
from inference.sentence import ours, said, system_words

MAX_FILE_BYTES = 1 << 30
MAX_CHATS = 100_000
MAX_MESSAGES = 2_000_000
MAX_PRESETS = 10_000
# Of all messages together; each takes some 125 bytes of memory, and as few as 8 of the file.
MAX_VALUES = 20_000_000
_NO_DRAFT: tuple[str, tuple[AttachmentPart, ...]] = ("", ())
_CHAT_MEMBERS = {
    "id", "title", "created_at_ms", "updated_at_ms", "is_pinned", "draft", "preset_id", "leaf_id",
    "settings", "draft_files",
}  # fmt: skip


@dataclass(frozen=True)
class ImportedChats:
    """What a file held, checked, under the file's own numbers.

    Each chat's preset is one of `presets`; `draft` was for a chat not begun yet, and
    `draft_files` lay beside it.
    """

    chats: tuple[ConversationTree, ...]
    presets: tuple[Preset, ...] = ()
    draft: str = ""
    draft_files: tuple[AttachmentPart, ...] = ()


def read(path: Path) -> ImportedChats:
    """What `path` holds.

    Raises `TransferError` for a file that can't be read, is too large, of another kind or of
    a later version, or that holds anything but what the format allows.
    """
    with _opened(path) as file:
        try:
            return _Reading(JsonStream(file)).whole()
        except UnicodeDecodeError as error:
            raise refused("", "It is not text in UTF-8") from error
        except BadJsonError as error:
            raise refused(
                "", said("It is not JSON as Pitcher writes it: {error}", error=error)
            ) from error
        except OSError as error:
            raise TransferError(
                said(
                    "{path} could not be read to its end ({why}). Nothing was imported.",
                    path=path,
                    why=system_words(error),
                )
            ) from error


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """A plain file of a bearable size; a pipe or a device must not be waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise TransferError(
            said(
                "{path} can't be opened ({why}). Nothing was imported.",
                path=path,
                why=system_words(error),
            )
        ) from error
    try:
        _check_file(path, os.fstat(handle))
        with open(handle, encoding="utf-8-sig", newline="", closefd=False) as file:
            yield file
    finally:
        os.close(handle)


def _check_file(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise TransferError(said("{path} is not a plain file. Nothing was imported.", path=path))
    if status.st_size > MAX_FILE_BYTES:
        raise TransferError(
            said(
                "{path} is larger than {max_file_bytes} GiB. Nothing was imported. Export "
                "fewer chats into each file.",
                path=path,
                max_file_bytes=MAX_FILE_BYTES >> 30,
            )
        )


class _Reading:
    """One document on its way; counts what it holds."""

    def __init__(self, stream: JsonStream) -> None:
        self._stream = stream
        self._chats: list[ConversationTree] = []
        self._presets: list[Preset] = []
        self._draft = ""
        self._draft_files: tuple[AttachmentPart, ...] = ()
        self._messages = self._values = 0
        self._checked: set[str] = set()

    def whole(self) -> ImportedChats:
        for name in self._stream.members():
            self._member(name)
        self._stream.end()
        if self._checked != {"format", "version"}:
            raise refused("", "It does not say that it holds chats of Pitcher")
        chats, presets = tuple(self._chats), tuple(self._presets)
        _check_unique(said("chats"), [chat.conversation.id for chat in chats])
        _check_unique(said("presets"), [preset.id for preset in presets])
        known = {None, *(preset.id for preset in presets)}
        for number, chat in enumerate(chats, 1):
            if chat.conversation.preset_id not in known:
                raise refused(said("Chat {number}", number=number), "Its preset is not in the file")
        return ImportedChats(chats, presets, self._draft, self._draft_files)

    def _member(self, name: str) -> None:
        if name in ("format", "version"):
            _check_kind(name, self._stream.value())
            self._checked.add(name)
        elif name == "draft":
            self._draft = Fields(said("The file"), {name: self._stream.value()}).text(name)
        elif name == "draft_files":
            self._draft_files = draft_files_of(
                Fields(said("The file"), {name: self._stream.value()})
            )
        elif name == "presets":
            self._read_presets()
        elif name == "chats":
            for _ in self._stream.items():
                if len(self._chats) == MAX_CHATS:
                    raise refused(
                        "", said("It holds more than {max_chats:,} chats", max_chats=MAX_CHATS)
                    )
                self._chats.append(self._chat(said("Chat {count}", count=len(self._chats) + 1)))
        else:
            self._stream.skip()

    def _read_presets(self) -> None:
        for _ in self._stream.items():
            if len(self._presets) == MAX_PRESETS:
                raise refused(
                    "", said("It holds more than {max_presets:,} presets", max_presets=MAX_PRESETS)
                )
            where = said("Preset {count}", count=len(self._presets) + 1)
            self._presets.append(preset_of(Fields(where, self._stream.value())))

    def _chat(self, where: str) -> ConversationTree:
        members: dict[str, object] = {}
        found: list[Message] = []
        for name in self._stream.members():
            if name == "messages":
                found = list(self._read_messages(where))
            elif name in _CHAT_MEMBERS:
                members[name] = self._stream.value()
            else:
                self._stream.skip()
        fields = Fields(where, members)
        conversation = conversation_of(fields)
        placed = parents_first(found, where)
        if conversation.leaf_id not in {None, *(message.id for message in placed)}:
            raise refused(where, "The end of its branch is not there")
        messages = (replace(message, conversation_id=conversation.id) for message in placed)
        return ConversationTree(conversation, tuple(messages), draft_files_of(fields))

    def _read_messages(self, where: str) -> Iterator[Message]:
        for number, _ in enumerate(self._stream.items(), 1):
            self._messages += 1
            if self._messages > MAX_MESSAGES:
                raise refused(
                    "",
                    said("It holds more than {max_messages:,} messages", max_messages=MAX_MESSAGES),
                )
            message = message_of(
                Fields(
                    said("{where}, message {number}", where=where, number=number),
                    self._stream.value(),
                )
            )
            self._values += len(message.parts)
            self._values += len(message.provenance.details) if message.provenance else 0
            if self._values > MAX_VALUES:
                raise refused(
                    "",
                    said(
                        "It holds more than {max_values:,} parts and values", max_values=MAX_VALUES
                    ),
                )
            yield message


def _check_kind(name: str, value: object) -> None:
    """That it is ours, and of a version that this program knows."""
    if name == "format" and value != FORMAT:
        raise refused("", "It does not hold chats of Pitcher")
    if name == "version" and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise refused("", "Its version is not a number")
    if name == "version" and isinstance(value, int) and value > VERSION:
        raise TransferError(
            said(
                "A later version of Pitcher wrote this file (format {value}, this one reads "
                "up to {version}). Nothing was imported. Update Pitcher, then import it "
                "again.",
                value=value,
                version=VERSION,
            )
        )


def _check_unique(what: str, ids: list[int]) -> None:
    if len(set(ids)) != len(ids):
        raise refused("", said("Two {what} have one number", what=ours(what)))


def add_to(store: ChatStore, imported: ImportedChats) -> tuple[int, ...]:
    """Add all of it to `store` under new numbers, in one transaction; the new chats' numbers.

    Nothing that is there is changed: a preset whose name is taken gets another name, unless
    it is the very same; a draft that finds one already becomes a chat of its own. Raises
    StoreError, with nothing added.
    """
    with store.database.write():
        preset_ids: dict[int | None, int | None] = {None: None}
        adding = _AddingPresets(store)
        for preset in imported.presets:
            preset_ids[preset.id] = adding.add(preset)
        added = [_added_chat(store, tree, preset_ids) for tree in imported.chats]
        if (imported.draft, imported.draft_files) not in (_NO_DRAFT, _loose_draft(store)):
            added += _added_draft(store, imported)
    return tuple(added)


class _AddingPresets:
    """Adds presets beside those that are there. Knows all names, also the next one to try: a
    file may hold ten thousand presets of one name.
    """

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._known = {preset.name: preset for preset in store.presets.all()}
        self._numbers: dict[str, Iterator[int]] = {}

    def add(self, preset: Preset) -> int:
        """The new preset's number, or that of the very same one."""
        same = self._known.get(preset.name)
        if same and same.settings == preset.settings:
            return same.id
        added = self._store.presets.create(self._free_name(preset.name), preset.settings)
        self._known[added.name] = added
        return added.id

    def _free_name(self, name: str) -> str:
        if name not in self._known:
            return name
        numbers = self._numbers.setdefault(name, count(2))
        return next(free for n in numbers if (free := f"{name} ({n})") not in self._known)


def _added_chat(
    store: ChatStore, tree: ConversationTree, preset_ids: dict[int | None, int | None]
) -> int:
    preset_id = preset_ids[tree.conversation.preset_id]
    chat = replace(tree.conversation, preset_id=preset_id)
    return store.add_tree(replace(tree, conversation=chat)).id


def _loose_draft(store: ChatStore) -> tuple[str, tuple[AttachmentPart, ...]]:
    return store.loose_draft(), store.draft_files.of(None)


def _added_draft(store: ChatStore, imported: ImportedChats) -> list[int]:
    if _loose_draft(store) == _NO_DRAFT:
        store.set_loose_draft(imported.draft)
        store.draft_files.put(None, imported.draft_files)
        return []
    chat = store.create("Imported draft")
    store.set_draft(chat.id, imported.draft)
    store.draft_files.put(chat.id, imported.draft_files)
    return [chat.id]
