"""Imported chats join those that are there, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.chats.database import Database
from app.chats.errors import DiskFullError
from app.chats.model import (
    AttachmentPart,
    Conversation,
    ConversationTree,
    Message,
    MessageState,
    Preset,
    Role,
    TextPart,
)
from app.chats.schema import migrate
from app.chats.store import ChatStore
from app.chats.transfer.json_import import ImportedChats, add_to


@pytest.fixture
def store(database: Database) -> ChatStore:
    migrate(database)
    return ChatStore(database)


def tree(number: int, text: str, preset_id: int | None = None) -> ConversationTree:
    message = Message(9, number, None, Role.USER, (TextPart(text),), MessageState.DONE, 5)
    chat = Conversation(number, "t", 5, 6, leaf_id=9, preset_id=preset_id)
    return ConversationTree(chat, (message, replace(message, id=10, parent_id=9)))


def test_an_import_joins_what_is_there_and_is_found(store: ChatStore):
    mine = store.start("mine", [TextPart("already here")])
    numbers = add_to(store, ImportedChats((tree(1, "pomegranate"), tree(2, "quince"))))
    assert {chat.id for chat in store.conversations()} == {mine.conversation_id, *numbers}
    assert [hit.conversation_id for hit in store.search("pomegranate")] == [numbers[0]] * 2
    again = add_to(store, ImportedChats((tree(1, "pomegranate"),)))
    assert set(again).isdisjoint(numbers)
    assert len(store.messages.path(store.get(numbers[0]).leaf_id)) == 1


def test_presets_are_shared_when_equal_and_renamed_when_not(store: ChatStore):
    equal = store.presets.create("calm", (("temperature", 0.2),))
    taken = store.presets.create("wild", (("temperature", 1.5),))
    store.presets.create("wild (2)")
    presets = (
        Preset(1, "calm", (("temperature", 0.2),)),
        Preset(2, "wild", (("temperature", 1.9),)),
        Preset(3, "new"),
    )
    chats = tuple(tree(preset.id, "x", preset.id) for preset in presets)
    numbers = add_to(store, ImportedChats(chats, presets))
    used = [store.get(number).preset_id for number in numbers]
    assert used[0] == equal.id
    assert [store.presets.get(number or 0).name for number in used] == ["calm", "wild (3)", "new"]
    assert store.presets.get(taken.id) == taken
    assert len(store.presets.all()) == 5


def test_many_presets_of_one_name_are_numbered_without_reading_all_for_each(
    store: ChatStore, monkeypatch: pytest.MonkeyPatch
):
    presets = tuple(Preset(number, "same", (("n", number),)) for number in range(300))
    reads: list[int] = []
    read_all = store.presets.all
    monkeypatch.setattr(store.presets, "all", lambda: reads.append(1) or read_all())
    add_to(store, ImportedChats((), (*presets, Preset(300, "same", (("n", 7),)))))
    names = {preset.name for preset in read_all()}
    assert names == {"same", *(f"same ({number})" for number in range(2, 302))}
    assert len(reads) == 1


def test_a_draft_never_writes_over_another(store: ChatStore):
    assert add_to(store, ImportedChats((), draft="imported")) == ()
    assert store.loose_draft() == "imported"
    assert add_to(store, ImportedChats((), draft="imported")) == ()
    (number,) = add_to(store, ImportedChats((), draft="another"))
    assert store.loose_draft() == "imported"
    assert store.get(number).draft == "another"


def test_files_beside_a_draft_come_with_it_and_never_take_anothers_place(store: ChatStore):
    one, other = AttachmentPart("a.txt", "1"), AttachmentPart("b.txt", "2")
    (number,) = add_to(store, ImportedChats((replace(tree(1, "x"), draft_files=(one, other)),)))
    assert store.draft_files.of(number) == (one, other)
    assert add_to(store, ImportedChats((), draft_files=(one,))) == ()
    assert store.draft_files.of(None) == (one,)
    assert add_to(store, ImportedChats((), draft_files=(one,))) == ()
    (added,) = add_to(store, ImportedChats((), draft_files=(other,)))
    assert (store.draft_files.of(None), store.draft_files.of(added)) == ((one,), (other,))


def test_when_one_cannot_be_added_none_is(store: ChatStore, monkeypatch: pytest.MonkeyPatch):
    real = store.add_tree
    added: Iterator[int] = iter(range(2))

    def add(tree: ConversationTree) -> Conversation:
        if next(added) == 1:
            raise DiskFullError("The disk is full.")
        return real(tree)

    monkeypatch.setattr(store, "add_tree", add)
    imported = ImportedChats((tree(1, "x"), tree(2, "y")), (Preset(1, "new"),), draft="imported")
    with pytest.raises(DiskFullError):
        add_to(store, imported)
    assert (store.conversations(), store.presets.all(), store.loose_draft()) == ((), (), "")
