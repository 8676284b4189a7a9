"""What an act makes of a world: worked out from its `begin` line, without asking the history.

For: the oracle. Numbers of new chats and messages are the only thing that the history says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.chats.model import MessageState, Role
from tools.history_kills.worlds import Chat, Parts, Said, World, answered, typed

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Numbers:
    """Those that the history gave to what is new, in rising order, and what an act noted."""

    chats: Sequence[int] = ()
    messages: Sequence[int] = ()
    note: Any = None


def after(world: World, act: str, asked: Arguments, new: Numbers) -> World:
    """The world after an act that was done. KeyError for an act that changes nothing."""
    return _OUTCOMES[act](world, asked, new)


def changes(act: str) -> bool:
    """Whether an act makes another world."""
    return act in _OUTCOMES


def _start(world: World, asked: Arguments, new: Numbers) -> World:
    return replace(_old_chat(world, asked, new), loose_draft="")


def _old_chat(world: World, asked: Arguments, new: Numbers) -> World:
    said = Said(None, Role.USER, MessageState.DONE, typed(asked["text"]))
    chat = Chat(asked["title"], new.messages[0], messages={new.messages[0]: said})
    return world.with_chat(new.chats[0], chat)


def _send(world: World, asked: Arguments, new: Numbers) -> World:
    asked = asked | {"parent": world.chats[asked["chat"]].leaf}
    return _changed(_branch(world, asked, new), asked, draft="")


def _branch(world: World, asked: Arguments, new: Numbers) -> World:
    said = Said(asked["parent"], Role.USER, MessageState.DONE, typed(asked["text"]))
    return _added(world, asked["chat"], new.messages[0], said)


def _answer(world: World, asked: Arguments, new: Numbers) -> World:
    said = Said(asked["parent"], Role.ASSISTANT, MessageState.STREAMING, ())
    return _added(world, asked["chat"], new.messages[0], said)


def ended(world: World, chat_id: int, message_id: int, state: str, parts: Parts) -> World:
    """The world after an answer has ended."""
    if chat_id not in world.chats or message_id not in world.chats[chat_id].messages:
        return world
    chat = world.chats[chat_id]
    said = replace(chat.messages[message_id], state=MessageState(state), parts=parts)
    return world.with_chat(chat_id, replace(chat, messages={**chat.messages, message_id: said}))


def answer_parts(asked: Arguments, chars: int) -> Parts:
    """What has come of the answer that a `begin` line told."""
    return answered(asked["thoughts"], asked["text"], chars)


def _added(world: World, chat_id: int, message_id: int, said: Said) -> World:
    chat = world.chats[chat_id]
    messages = {**chat.messages, message_id: said}
    return world.with_chat(chat_id, replace(chat, leaf=message_id, messages=messages))


def _changed(world: World, asked: Arguments, **fields: Any) -> World:
    return world.with_chat(asked["chat"], replace(world.chats[asked["chat"]], **fields))


def _preset(world: World, asked: Arguments, new: Numbers) -> World:
    # Cut off, its number is the one that nobody knows yet: the judge finds it by its name.
    return replace(world, presets={**world.presets, new.note: asked["title"]})


def _delete_preset(world: World, asked: Arguments, new: Numbers) -> World:
    gone = asked["preset"]
    presets = {number: name for number, name in world.presets.items() if number != gone}
    chats = {
        number: replace(chat, preset=None) if chat.preset == gone else chat
        for number, chat in world.chats.items()
    }
    return replace(world, presets=presets, chats=chats)


def _delete_message(world: World, asked: Arguments, new: Numbers) -> World:
    chat = world.chats[asked["chat"]]
    doomed = {asked["message"]}
    for number in sorted(chat.messages):
        if chat.messages[number].parent in doomed:
            doomed.add(number)
    kept = {number: said for number, said in chat.messages.items() if number not in doomed}
    leaf = chat.leaf
    if leaf in doomed:
        above = chat.messages[asked["message"]].parent
        beside = [number for number, said in kept.items() if said.parent == above]
        leaf = _newest_leaf(kept, max(beside)) if beside else above
    return world.with_chat(asked["chat"], replace(chat, messages=kept, leaf=leaf))


def _newest_leaf(messages: dict[int, Said], number: int) -> int:
    while below := [child for child, said in messages.items() if said.parent == number]:
        number = max(below)
    return number


def _without(world: World, asked: Arguments, new: Numbers) -> World:
    return world.without_chats(asked["chats"])


def _retention(world: World, asked: Arguments, new: Numbers) -> World:
    # Where a clock has jumped, nothing goes.
    return world if new.note == 0 else world.without_chats(asked["chats"])


def _undo(world: World, asked: Arguments, new: Numbers) -> World:
    chat: Chat = asked["as it was"]
    preset = chat.preset if chat.preset in world.presets else None
    return world.with_chat(asked["chat"], replace(chat, preset=preset))


def _import(world: World, asked: Arguments, new: Numbers) -> World:
    messages = iter(new.messages)
    for source_id, chat_id in zip(asked["chats"], new.chats, strict=True):
        source = world.chats[source_id]
        numbers: dict[int | None, int | None] = {None: None}
        copies = {}
        for number in sorted(source.messages):
            numbers[number] = copy_id = next(messages)
            said = source.messages[number]
            copies[copy_id] = replace(said, parent=numbers[said.parent])
        copy = replace(source, leaf=numbers[source.leaf], messages=copies)
        world = world.with_chat(chat_id, copy)
    return world


_OUTCOMES: dict[str, Callable[[World, Arguments, Numbers], World]] = {
    "start": _start,
    "old chat": _old_chat,
    "send": _send,
    "branch": _branch,
    "answer": _answer,
    "rename": lambda world, asked, new: _changed(world, asked, title=asked["title"]),
    "pin": lambda world, asked, new: _changed(world, asked, is_pinned=asked["pinned"]),
    "draft": lambda world, asked, new: _changed(world, asked, draft=asked["text"]),
    "loose draft": lambda world, asked, new: replace(world, loose_draft=asked["text"]),
    "leaf": lambda world, asked, new: _changed(world, asked, leaf=asked["leaf"]),
    "preset": _preset,
    "use preset": lambda world, asked, new: _changed(world, asked, preset=asked["preset"]),
    "delete preset": _delete_preset,
    "delete message": _delete_message,
    "delete chats": _without,
    "wipe": _without,
    "retention": _retention,
    "undo": _undo,
    "import": _import,
}
