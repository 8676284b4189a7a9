"""`chats`: the history on the command line. Listing, searching, taking out and in are here; what
keeps it whole or takes it away is in `chat_upkeep`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.airlock.report import LockReport
from app.chats.export_format import ExportFormat
from app.chats.exporting import export_json, export_readable, targets_in
from app.chats.history import History
from app.chats.model import Hit
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.transfer import json_import
from app.chats.transfer.wording import one_line
from app.cli import chat_keys, chat_upkeep, policing
from app.cli.chat_words import SHOWN_TIME, chosen, count, shown_title
from app.cli.opening import opened
from app.cli.passphrases import Passphrases
from app.cli.terminal import show, show_json


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Every action; raises ChatsError, CommandError, OSError."""
    if arguments.action == "export":
        policing.refuse_exports()
    with closing(Passphrases(arguments.passphrase_fd)) as passphrases:
        return _run(arguments, passphrases)


def _run(arguments: argparse.Namespace, passphrases: Passphrases) -> int:
    match arguments.action:
        case "restore":
            return chat_upkeep.restore(new_door(Holder.COMMAND), arguments, passphrases)
        case "wipe" if arguments.all:
            return chat_upkeep.wipe_all(new_door(Holder.COMMAND), arguments)
    with _history(passphrases, begins=arguments.action == "import") as history:
        match arguments.action:
            case "list":
                return _list(history, arguments.json)
            case "search":
                return _search(history, " ".join(arguments.words), arguments)
            case "export":
                return _export(history, arguments)
            case "import":
                return _import(history, arguments)
            case "verify":
                return chat_upkeep.verify(history, arguments.json)
            case "backup":
                return chat_upkeep.back_up(history, arguments.json)
            case "key":
                return chat_keys.run(history, arguments, passphrases)
        return chat_upkeep.wipe(history, arguments)


def new_door(holder: Holder) -> HistoryDoor:
    """The door of this user's history."""
    return HistoryDoor(Profile(), holder)


@contextmanager
def _history(passphrases: Passphrases, *, begins: bool) -> Iterator[History]:
    door = new_door(Holder.COMMAND)
    try:
        history = opened(door, door.open(begins=begins), passphrases)
        policing.delete_old(history)
        yield history
    finally:
        door.close()


# ---------------------------------------------------------------------- reading


def _list(history: History, as_json: bool) -> int:
    chats = history.store.conversations()
    for chat in chats:
        if as_json:
            show_json(
                {"id": chat.id, "title": chat.title, "created_at_ms": chat.created_at_ms,
                 "updated_at_ms": chat.updated_at_ms, "is_pinned": chat.is_pinned}
            )  # fmt: skip
        else:
            pin = "  (pinned)" if chat.is_pinned else ""
            when = SHOWN_TIME.shown(chat.updated_at_ms)
            show(f"{chat.id:>6}  {when}  {shown_title(chat.title)}{pin}")
    if not chats and not as_json:
        show("No chats yet.")
    return 0


def _search(history: History, words: str, arguments: argparse.Namespace) -> int:
    hits = history.store.search(words, arguments.limit)
    for hit in hits:
        if arguments.json:
            show_json(
                {"chat_id": hit.conversation_id, "message_id": hit.message_id, "title": hit.title,
                 "role": hit.role, "created_at_ms": hit.created_at_ms,
                 "excerpt": [{"text": text, "matched": matched} for text, matched in hit.excerpt]}
            )  # fmt: skip
        else:
            show(_found(hit))
    if not hits and not arguments.json:
        show("Nothing was found.")
    return 0


def _found(hit: Hit) -> str:
    excerpt = "".join(f"[{text}]" if matched else text for text, matched in hit.excerpt)
    when = SHOWN_TIME.shown(hit.created_at_ms)
    head = f"{hit.conversation_id:>6}  {when}  {shown_title(hit.title)}"
    return f"{head}\n        {one_line(excerpt)}"


# ---------------------------------------------------------------------- taking out and in


def _export(history: History, arguments: argparse.Namespace) -> int:
    chats = chosen(history, arguments.ids) if arguments.ids else history.store.conversations()
    target, form = Path(arguments.to).expanduser().absolute(), arguments.format
    replace, banner = arguments.replace, policing.banner()
    if form is ExportFormat.JSON:
        export_json(history.store, chats if arguments.ids else None, target, replace=replace)
        return _exported(target, len(chats), arguments.json)
    if len(arguments.ids) == 1 and not target.is_dir():
        export_readable(history.store, chats[0], form, target, replace=replace, banner=banner)
        return _exported(target, 1, arguments.json)
    for chat, file in targets_in(target, chats, form):
        export_readable(history.store, chat, form, file, replace=replace, banner=banner)
        _exported(file, 1, arguments.json)
    return 0


def _exported(file: Path, chats: int, as_json: bool) -> int:
    if as_json:
        show_json({"type": "exported", "path": str(file), "chats": chats})
    else:
        show(f"Exported, not encrypted: {file} ({count(chats, 'chat')})")
    return 0


def _import(history: History, arguments: argparse.Namespace) -> int:
    imported = json_import.read(Path(arguments.file).expanduser())
    ids = json_import.add_to(history.store, imported)
    if arguments.json:
        show_json({"type": "imported", "chat_ids": list(ids)})
    else:
        show(f"Imported: {count(len(ids), 'chat')}. Nothing that was there has changed.")
    return 0
