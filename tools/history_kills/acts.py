"""What a person does to chats: begun, written in, named, branched, deleted, put back.

For: `worker`, which draws from `ACTS`. Each changes the history by one call.
"""

from __future__ import annotations

from collections.abc import Callable

from app.chats.model import Role, TextPart
from tools.history_kills.texts import text, title
from tools.history_kills.work import Work


def start(work: Work) -> None:
    """A new chat with its first message."""
    name, said = title(work.draw), text(work.draw)
    with work.act("start", title=name, text=said) as done:
        message = work.store.start(name, [TextPart(said)])
        done.chats, done.messages = [message.conversation_id], [message.id]


def send(work: Work) -> None:
    """One more message."""
    chat = work.any_chat()
    if chat is None:
        return start(work)
    said = text(work.draw)
    with work.act("send", chat=chat.id, text=said) as done:
        done.messages = [work.store.send(chat.id, [TextPart(said)]).id]
    return None


def branch(work: Work) -> None:
    """A question asked anew: a message beside another one."""
    chat = work.any_chat()
    beside = None if chat is None else work.any_message(chat)
    if chat is None or beside is None:
        return
    said = text(work.draw)
    with work.act("branch", chat=chat.id, parent=beside.parent_id, text=said) as done:
        added = work.store.messages.add(chat.id, beside.parent_id, Role.USER, [TextPart(said)])
        done.messages = [added.id]


def rename(work: Work) -> None:
    """Another title."""
    if (chat := work.any_chat()) is not None:
        name = title(work.draw)
        with work.act("rename", chat=chat.id, title=name):
            work.store.rename(chat.id, name)


def pin(work: Work) -> None:
    """To the top of the list, or no longer."""
    if (chat := work.any_chat()) is not None:
        with work.act("pin", chat=chat.id, pinned=not chat.is_pinned):
            work.store.set_pinned(chat.id, not chat.is_pinned)


def draft(work: Work) -> None:
    """Typed and not sent."""
    if (chat := work.any_chat()) is not None:
        said = text(work.draw, 6)
        with work.act("draft", chat=chat.id, text=said):
            work.store.set_draft(chat.id, said)


def loose_draft(work: Work) -> None:
    """Typed where no chat is yet."""
    said = text(work.draw, 6)
    with work.act("loose draft", text=said):
        work.store.set_loose_draft(said)


def show_branch(work: Work) -> None:
    """Another branch."""
    if (chat := work.any_chat()) is not None and (message := work.any_message(chat)) is not None:
        leaf_id = work.store.messages.newest_leaf(message.id)
        with work.act("leaf", chat=chat.id, leaf=leaf_id):
            work.store.set_leaf(chat.id, leaf_id)


def preset(work: Work) -> None:
    """A preset is made, used, changed or deleted."""
    presets = work.store.presets
    known, chat = presets.all(), work.any_chat()
    if len(known) < 3 or chat is None:
        name = title(work.draw)
        with work.act("preset", title=name) as done:
            done.note = presets.create(name, (("temperature", 0.5),)).id
    elif work.draw.random() < 0.7:
        preset_id = work.draw.choice(known).id
        with work.act("use preset", chat=chat.id, preset=preset_id):
            work.store.set_preset(chat.id, preset_id)
    else:
        preset_id = work.draw.choice(known).id
        with work.act("delete preset", preset=preset_id):
            presets.delete(preset_id)


def delete_message(work: Work) -> None:
    """A message and all below it."""
    if (chat := work.any_chat()) is not None and (message := work.any_message(chat)) is not None:
        with work.act("delete message", chat=chat.id, message=message.id):
            work.store.messages.delete(message.id)


def delete_chats(work: Work) -> None:
    """A few chats at once."""
    chats = [chat.id for chat in work.store.conversations()]
    chosen = work.draw.sample(chats, min(len(chats), work.draw.randint(1, 4)))
    with work.act("delete chats", chats=chosen):
        work.store.delete(chosen)


def delete_and_undo(work: Work) -> None:
    """A chat is deleted, and the deletion taken back."""
    chats = work.chats()
    if not chats:
        return
    tree = work.store.tree(work.draw.choice(chats).id)
    with work.act("delete chats", chats=[tree.conversation.id]):
        work.store.delete([tree.conversation.id])
    with work.act("undo", chat=tree.conversation.id):
        work.store.restore(tree)


ACTS: dict[str, tuple[Callable[[Work], None], int]] = {
    "start": (start, 8),
    "send": (send, 20),
    "branch": (branch, 6),
    "rename": (rename, 4),
    "pin": (pin, 3),
    "draft": (draft, 6),
    "loose draft": (loose_draft, 3),
    "leaf": (show_branch, 4),
    "preset": (preset, 3),
    "delete message": (delete_message, 3),
    "delete chats": (delete_chats, 2),
    "undo": (delete_and_undo, 2),
}
