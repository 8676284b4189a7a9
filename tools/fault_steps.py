"""What people do with a history, in steps that can be refused and tried again.

For: `fault_scenarios`. Each step says to the ledger what it tries before it tries it, and what
was acknowledged after; it raises ChatsError where the history refused.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from app.chats.errors import ChatsError, StoreError
from app.chats.export_format import ExportFormat
from app.chats.exporting import export_json, export_readable
from app.chats.model import MessageState, TextPart
from app.chats.store import ChatStore, now_ms
from app.chats.upkeep.retention import apply_retention
from tools.fault_ledger import Kept
from tools.fault_life import FIRST_WORDS, NEXT_WORDS, Life

Step = Callable[[Life], None]

_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
_WORDS = ("river", "stone", "lamp", "green", "seven", "paper", "cloud", "night", "grain", "salt")


def words(seed: int, count: int) -> str:
    """A text, the same one every time."""
    return " ".join(random.Random(seed).choices(_WORDS, k=count))


def start(name: str, text: str) -> Step:
    """A new chat with its first message."""

    def step(life: Life) -> None:
        title, said = f"{name} {life.attempt}", f"{text} {life.attempt}"
        life.trying(title, said)
        message = life.store.start(title, [TextPart(said)])
        life.ledger.keep(message)
        life.ledger.titles[message.conversation_id] = [title]
        life.ledger.chats[name] = message.conversation_id
        life.say()

    return step


def send(name: str, text: str) -> Step:
    """Another message of the user."""

    def step(life: Life) -> None:
        said = f"{text} {life.attempt}"
        life.trying(said)
        life.ledger.keep(life.store.send(life.ledger.chats[name], [TextPart(said)]))
        life.say()

    return step


def answer(name: str, text: str) -> Step:
    """An answer that grows; what is refused is tried again, as a program does it."""

    def step(life: Life) -> None:
        whole = f"{text} {life.attempt}"
        life.trying(whole)
        chat = life.store.get(life.ledger.chats[name])
        assert chat.leaf_id is not None
        recorder = life.history.record_answer(chat.id, chat.leaf_id)
        kept = life.ledger.kept[recorder.message.id] = Kept(chat.id, "", whole)
        life.say()
        for number in range(1, 4):
            part = whole[: len(whole) * number // 4]
            try:
                recorder.grow([TextPart(part)], 200 * number)
            except StoreError as error:
                _tell(error)
                continue
            kept.at_least = part
            life.say()
        message = recorder.finish(MessageState.DONE, [TextPart(whole)])
        life.ledger.keep(message)
        life.say()

    return step


def _tell(error: ChatsError) -> None:
    """A refusal that the program itself tries again is told to the user all the same."""
    assert str(error).endswith("."), error


def rename(name: str, title: str) -> Step:
    """Another title."""

    def step(life: Life) -> None:
        number, said = life.ledger.chats[name], f"{title} {life.attempt}"
        life.ledger.titles[number].append(said)
        life.say()
        life.store.rename(number, said)
        life.ledger.titles[number] = [said]
        life.say()

    return step


def settle(name: str) -> Step:
    """A pin, a draft, a preset."""

    def step(life: Life) -> None:
        number = life.ledger.chats[name]
        life.store.set_pinned(number, True)
        life.store.set_draft(number, words(1, 20))
        assert life.store.get(number).draft == words(1, 20)
        preset = life.store.presets.create(f"preset {life.attempt}", (("temperature", 0.5),))
        life.store.set_preset(number, preset.id)

    return step


def delete_message(name: str) -> Step:
    """The last message goes."""

    def step(life: Life) -> None:
        leaf_id = life.store.get(life.ledger.chats[name]).leaf_id
        assert leaf_id is not None
        gone = life.ledger.kept.pop(leaf_id, None)
        if gone is not None:
            life.trying(gone.at_most)
        life.store.messages.delete(leaf_id)

    return step


def _leaving(name: str, goes: Callable[[Life, int], None]) -> Step:
    def step(life: Life) -> None:
        number = life.ledger.chats[name]
        life.ledger.leaving.append(number)
        life.say()
        goes(life, number)
        life.ledger.forget_chat(number)
        life.say()

    return step


def delete(name: str) -> Step:
    """A chat goes."""
    return _leaving(name, lambda life, number: _ignored(life.store.delete([number])))


def wipe_chat(name: str) -> Step:
    """A chat goes for good, from the backups too."""

    def goes(life: Life, number: int) -> None:
        titles = life.ledger.titles[number]
        life.history.wipe([number])
        life.ledger.wiped += titles

    return _leaving(name, goes)


def _ignored(_: object) -> None:
    pass


def start_old(life: Life) -> None:
    """A chat that was last touched three days ago."""
    store = ChatStore(life.store.database, lambda: now_ms() - 3 * _DAY_MS)
    title = f"old {life.attempt}"
    life.trying(title, "old words")
    message = store.start(title, [TextPart("old words")])
    life.ledger.keep(message)
    life.ledger.titles[message.conversation_id] = [title]
    life.ledger.chats["old"] = message.conversation_id
    life.say()


def retain(life: Life) -> None:
    """Chats that are older than a day go, now that the clock went steadily."""

    def goes(life: Life, number: int) -> None:
        for ago_ms in (21 * _HOUR_MS, 0):
            clock = partial(int, now_ms() - ago_ms)
            apply_retention(life.store, life.history._backups, 1, clock)
        life.ledger.wiped += life.ledger.titles[number]

    _leaving("old", goes)(life)


def back_up(life: Life) -> None:
    """A backup that was asked for."""
    backup = life.history.back_up()
    life.ledger.backups.append(backup.folder.name)
    life.say()


def set_passphrase(life: Life) -> None:
    """Another passphrase, and one for recovery."""
    life.ledger.passphrases = [FIRST_WORDS, NEXT_WORDS]
    life.say()
    life.history.set_passphrase(NEXT_WORDS)
    life.history.set_recovery("a passphrase for later")
    life.ledger.passphrases = [NEXT_WORDS]
    life.say()


def export(life: Life) -> None:
    """Everything as JSON, and the first chat in the other forms, over older files."""
    chats = life.store.conversations()
    folder = life.folder / "exports"
    for form in ExportFormat:
        target = folder / f"chats{form.suffix}"
        if form is ExportFormat.JSON:
            export_json(life.store, chats, target, replace=True)
        else:
            export_readable(life.store, chats[0], form, target, replace=True)
        life.ledger.exports.append(str(target))
        life.say()


def verify(life: Life) -> None:
    """Every byte of the history and of its backups."""
    life.history.verify()
    for backup in life.history.backups():
        life.history.verify_backup(backup)


def lock(life: Life) -> None:
    """Locked, and unlocked again."""
    if life.opened is not None:
        history, life.opened = life.opened, None
        history.lock_now()
    life.enter()


def restore(life: Life) -> None:
    """The newest backup in the history's place, in one action."""
    if life.is_left:
        life.enter()
    life.opened = None
    life.take(life.door.restore())


def rescue(life: Life) -> None:
    """What is damaged is restored, whether it shows at opening or when all is read."""
    try:
        enter(life)
        verify(life)
    except ChatsError as error:
        if "damaged" not in str(error):
            raise
        restore(life)


def wipe_everything(life: Life) -> None:
    """All of it goes, and a new history begins."""
    life.ledger.leaving += list(life.ledger.titles)
    life.ledger.is_begun = False
    life.ledger.passphrases = list({*life.ledger.passphrases, FIRST_WORDS})
    life.say()
    life.opened = None
    life.door.wipe_everything()
    life.ledger.wiped += [title for titles in life.ledger.titles.values() for title in titles]
    for number in list(life.ledger.titles):
        life.ledger.forget_chat(number)
    life.say()


def enter(life: Life) -> None:
    """Open, or begin."""
    if life.opened is None:
        life.enter()


def leave(life: Life) -> None:
    """Close everything."""
    life.leave()


# What opens the history by itself, or needs it closed.
OPENS_ITSELF: tuple[Step, ...] = (enter, leave, lock, rescue, restore, wipe_everything)
