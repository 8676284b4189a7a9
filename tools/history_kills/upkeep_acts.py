"""What keeps a history whole, or takes of it away: backups, wipes, exports, the passphrase.

For: `worker`, which draws from `UPKEEP`. A backup is made beside everything else, in a thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.chats.exporting import export_json
from app.chats.model import Conversation, ConversationTree, Message, MessageState, Role, TextPart
from app.chats.store import now_ms
from app.chats.transfer import json_import
from app.chats.upkeep.backups import Backups
from app.chats.upkeep.retention import apply_retention, expired
from tools.history_kills.texts import text, title
from tools.history_kills.work import Work

KEPT_DAYS = 30
_OLD_DAYS = 60
_HOUR_MS = 3_600_000
_BACKUP_THREAD = "backup"


def back_up(work: Work) -> None:
    """A backup, while all else goes on; one at a time."""
    if any(thread.name == _BACKUP_THREAD for thread in threading.enumerate()):
        return
    history = work.history

    def make() -> None:
        with work.act("backup") as done:
            done.note = history.back_up().folder.name

    threading.Thread(target=make, name=_BACKUP_THREAD, daemon=True).start()


def wipe(work: Work) -> None:
    """Chats deleted for good."""
    chats = [chat.id for chat in work.store.conversations()]
    chosen = work.draw.sample(chats, min(len(chats), work.draw.randint(1, 3)))
    with work.act("wipe", chats=chosen) as done:
        wiped = work.history.wipe(chosen)
        done.note = [str(path) for path in (*wiped.removed_backups, *wiped.not_reached)]


def old_chat(work: Work) -> None:
    """A chat as an import may bring it: last touched long ago."""
    then_ms = now_ms() - _OLD_DAYS * 24 * _HOUR_MS
    chat = Conversation(1, title(work.draw), then_ms, then_ms, leaf_id=1)
    said = text(work.draw)
    message = Message(1, 1, None, Role.USER, (TextPart(said),), MessageState.DONE, then_ms)
    with work.act("old chat", title=chat.title, text=said) as done:
        added = work.store.add_tree(ConversationTree(chat, (message,)))
        done.chats = [added.id]
        done.messages = [m.id for m in work.store.messages.all(added.id)]


def retention(work: Work) -> None:
    """Chats that are too old go, by a clock that the parent sets forward."""
    moment_ms = now_ms() + work.orders.clock_hours * _HOUR_MS
    due = expired(work.store.database, KEPT_DAYS, moment_ms)
    key = work.door._opening.key
    if key is None:
        return
    backups = Backups(work.history.profile, key)
    with work.act("retention", chats=due) as done:
        done.note = apply_retention(work.store, backups, KEPT_DAYS, lambda: moment_ms).chats


def export_and_import(work: Work) -> None:
    """Chats go out as JSON, and come in again as copies."""
    chats = work.chats()
    chosen = work.draw.sample(chats, min(len(chats), 3))
    target = work.orders.folder.parent.parent / "exported.json"
    with work.act("export", chats=[chat.id for chat in chosen]):
        export_json(work.store, chosen, target, replace=True)
    imported = json_import.read(target)
    with work.act("import", chats=[tree.conversation.id for tree in imported.chats]) as done:
        done.chats = list(json_import.add_to(work.store, imported))
        done.messages = [m.id for chat in done.chats for m in work.store.messages.all(chat)]


def change_passphrase(work: Work) -> None:
    """Another passphrase, in the backups' envelopes too."""
    words = f"{text(work.draw, 3).strip().split()[0]} {work.draw.getrandbits(64):016x}"
    with work.act("passphrase", words=words):
        work.history.set_passphrase(words)
        work.words = [words]


def reopen(work: Work) -> None:
    """Locked, and unlocked again."""
    with work.act("reopen"):
        work.history.lock_now()
    work.open()


def restore(work: Work) -> None:
    """A backup comes in the history's place; from then on nothing is changed."""
    backups = work.history.backups()
    if not backups:
        return back_up(work)
    chosen = work.draw.choice(backups)
    with work.act("restore", backup=chosen.folder.name):
        work.take(work.door.restore(chosen))
    return open_and_close(work)


def wipe_everything(work: Work) -> None:
    """The whole history goes, and a new one is begun."""
    with work.act("everything") as done:
        done.note = work.door.wipe_everything()
    work.open()


def verify(work: Work) -> None:
    """Every byte is read, and the search is used."""
    with work.act("verify"):
        work.history.verify()
        work.store.search(text(work.draw, 1))


def open_and_close(work: Work) -> None:
    """Again and again, until the kill: starts and ends of a program that does nothing."""
    while True:
        work.door.close()
        work.teller.tell("left")
        time.sleep(0.002)
        work.open()


UPKEEP: dict[str, tuple[Callable[[Work], None], int]] = {
    "backup": (back_up, 3),
    "wipe": (wipe, 2),
    "old chat": (old_chat, 2),
    "retention": (retention, 1),
    "export": (export_and_import, 1),
    "passphrase": (change_passphrase, 1),
    "reopen": (reopen, 2),
    "verify": (verify, 1),
    # Only where they are the focus: they end what a life has gathered.
    "restore": (restore, 0),
    "everything": (wipe_everything, 0),
}
