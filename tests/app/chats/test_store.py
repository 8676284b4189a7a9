"""Chats: listed, named, pinned, drafted, deleted for good and put back."""

from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from app.chats import search_index
from app.chats.database import Database
from app.chats.errors import DiskFullError, MissingError, StoreError
from app.chats.model import (
    AttachmentPart,
    ConversationTree,
    MessageState,
    Provenance,
    ReasoningPart,
    Role,
    TextPart,
)
from app.chats.schema import migrate
from app.chats.search_index import check_index
from app.chats.store import MOST_TITLE_CHARS, ChatStore, now_ms
from app.chats.temporary import temporary_store

GONE = 4711


def titles(store: ChatStore) -> list[str]:
    return [chat.title for chat in store.conversations()]


def delete_and_fail(store: ChatStore, chat: int) -> None:
    with store.database.write():
        store.delete([chat])
        raise RuntimeError


def told(store: ChatStore) -> int:
    """A chat with two branches; its number."""
    question = store.start("Stars", [TextPart("why do stars shine"), AttachmentPart("a", "b")])
    store.messages.add(
        question.conversation_id,
        question.id,
        Role.ASSISTANT,
        [ReasoningPart("fusion", 10, 2), TextPart("hydrogen burns")],
        provenance=Provenance((("model", "tiny"), ("seed", 3), ("top_p", 0.9), ("fast", True)), 4),
    )
    store.messages.add(question.conversation_id, None, Role.USER, [TextPart("and planets")])
    return question.conversation_id


def test_a_chat_starts_with_its_message_and_an_empty_draft(store: ChatStore) -> None:
    store.set_loose_draft("hel")
    message = store.start("Hello", [TextPart("hello")])
    chat = store.get(message.conversation_id)
    assert (chat.title, chat.leaf_id, chat.draft) == ("Hello", message.id, "")
    assert (message.role, message.parent_id, message.text) == (Role.USER, None, "hello")
    assert store.loose_draft() == ""


def test_sending_goes_below_what_is_shown_and_empties_the_draft(store: ChatStore) -> None:
    first = store.start("Hello", [TextPart("one")])
    store.set_draft(first.conversation_id, "tw")
    second = store.send(first.conversation_id, [TextPart("two")])
    chat = store.get(first.conversation_id)
    assert (second.parent_id, chat.leaf_id, chat.draft) == (first.id, second.id, "")


def test_a_message_that_can_not_be_kept_leaves_the_draft(
    tmp_path: Path, key: bytes, disk: apsw.VFS
) -> None:
    database = Database.open(tmp_path / "history.db", key, create=True, vfs=disk.name)
    migrate(database)
    store = ChatStore(database)
    first = store.start("Hello", [TextPart("one")])
    store.set_draft(first.conversation_id, "two")
    store.set_loose_draft("three")
    disk.breaks("write", (apsw.FullError, apsw.SQLITE_FULL))
    with pytest.raises(DiskFullError):
        store.send(first.conversation_id, [TextPart("two")])
    with pytest.raises(DiskFullError):
        store.start("Again", [TextPart("three")])
    disk.mend()
    assert [message.text for message in store.messages.all(first.conversation_id)] == ["one"]
    assert store.get(first.conversation_id).draft == "two"
    assert store.loose_draft() == "three"
    assert store.send(first.conversation_id, [TextPart("two")]).parent_id == first.id
    check_index(database)
    database.close()


def test_the_list_is_pinned_ones_first_then_the_newest(store: ChatStore, clock) -> None:
    chats = {}
    for title in ("old", "middle", "new"):
        clock.now_ms += 10
        chats[title] = store.create(title)
    assert titles(store) == ["new", "middle", "old"]
    store.set_pinned(chats["old"].id, True)
    assert titles(store) == ["old", "new", "middle"]
    clock.now_ms += 10
    store.touch(chats["middle"].id)
    assert titles(store) == ["old", "middle", "new"]
    clock.now_ms += 10
    store.send(chats["new"].id, [TextPart("again")])
    store.set_pinned(chats["old"].id, False)
    assert titles(store) == ["new", "middle", "old"]


def test_chats_of_the_same_moment_are_newest_first(store: ChatStore) -> None:
    for title in "abc":
        store.create(title)
    assert titles(store) == ["c", "b", "a"]


def test_drafts_pins_names_and_presets_do_not_move_a_chat(store: ChatStore, clock) -> None:
    first, second = store.create("first"), store.create("second")
    preset = store.presets.create("calm")
    clock.now_ms += 10
    store.rename(first.id, "renamed")
    store.set_draft(first.id, "words")
    store.set_preset(first.id, preset.id)
    store.set_settings(first.id, (("top_k", 7), ("thinking", False)))
    assert [chat.id for chat in store.conversations()] == [second.id, first.id]
    assert store.get(first.id) == replace(
        first,
        title="renamed",
        draft="words",
        preset_id=preset.id,
        settings=(("top_k", 7), ("thinking", False)),
    )
    store.set_preset(first.id, None)
    assert store.get(first.id).preset_id is None


def test_of_a_name_of_a_million_signs_a_beginning_is_kept(store: ChatStore) -> None:
    chat = store.create("first")
    store.rename(chat.id, "name " * 200_000)
    assert store.get(chat.id).title == ("name " * 200_000)[:MOST_TITLE_CHARS]
    store.rename(chat.id, " " * 200_000 + "name")
    assert store.get(chat.id).title == "name"
    store.rename(chat.id, "\U0001f469\u200d\U0001f4bb" * 1_000)
    assert store.get(chat.id).title.endswith("\U0001f4bb\U0001f469"), "no joiner without a second"


def test_the_branch_that_is_shown_is_kept(store: ChatStore) -> None:
    chat = told(store)
    first_root = store.messages.children(chat, None)[0]
    leaf_id = store.messages.newest_leaf(first_root.id)
    store.set_leaf(chat, leaf_id)
    assert store.get(chat).leaf_id == leaf_id
    store.set_leaf(chat, None)
    assert store.get(chat).leaf_id is None


def test_a_branch_of_another_chat_can_not_be_shown(store: ChatStore) -> None:
    chat = told(store)
    other = store.start("Other", [TextPart("x")])
    with pytest.raises(MissingError):
        store.set_leaf(chat, other.id)


@pytest.mark.parametrize(
    "call",
    [
        lambda store: store.get(GONE),
        lambda store: store.rename(GONE, "x"),
        lambda store: store.set_pinned(GONE, True),
        lambda store: store.set_draft(GONE, "x"),
        lambda store: store.set_leaf(GONE, None),
        lambda store: store.set_preset(GONE, None),
        lambda store: store.touch(GONE),
        lambda store: store.tree(GONE),
        lambda store: store.send(GONE, [TextPart("x")]),
    ],
)
def test_a_chat_that_is_gone_says_so(store: ChatStore, call) -> None:
    with pytest.raises(MissingError, match="deleted"):
        call(store)


def test_a_preset_that_is_gone_can_not_be_chosen(store: ChatStore) -> None:
    chat = store.create("chat")
    with pytest.raises(MissingError, match="preset"):
        store.set_preset(chat.id, GONE)


def test_deleting_takes_all_of_some_chats_and_nothing_of_others(store: ChatStore) -> None:
    kept, gone = told(store), told(store)
    before = store.tree(kept)
    assert store.delete([gone, GONE]) == 1
    assert store.tree(kept) == before
    assert store.messages.all(gone) == ()
    assert store.delete([gone]) == 0
    check_index(store.database)


@pytest.mark.parametrize("merged_for_one", [0, 500], ids=["cut out", "merged"])
def test_a_deleted_word_is_in_no_page_of_the_index(
    store: ChatStore, monkeypatch: pytest.MonkeyPatch, merged_for_one: int
) -> None:
    for number in range(20):
        store.start("other", [TextPart(f"n{number}")])
    message = store.start("qqqtitleqqq", [TextPart("qqqtextqqq 鑫鑫鑫")])
    words = [b"qqqtitleqqq", b"qqqtextqqq", "鑫".encode()]

    def pages() -> bytes:
        return b"".join(
            row[0]
            for name in ("message_index", "title_index")
            for row in store.database.read(f"SELECT block FROM {name}_data")
        )

    assert all(word in pages() for word in words)
    with pytest.raises(RuntimeError):
        delete_and_fail(store, message.conversation_id)
    assert all(word in pages() for word in words)
    monkeypatch.setattr(search_index, "_MERGED_FOR_ONE", merged_for_one)
    store.delete([message.conversation_id])
    assert not any(word in pages() for word in words)
    check_index(store.database)


def test_a_deletion_that_fails_deletes_nothing(tmp_path: Path, key: bytes, disk: apsw.VFS) -> None:
    database = Database.open(tmp_path / "history.db", key, create=True, vfs=disk.name)
    migrate(database)
    store = ChatStore(database)
    chats = [told(store), told(store)]
    before = [store.tree(chat) for chat in chats]
    disk.breaks("write", (apsw.FullError, apsw.SQLITE_FULL))
    with pytest.raises(DiskFullError):
        store.delete(chats)
    disk.mend()
    assert [store.tree(chat) for chat in chats] == before
    assert store.search("hydrogen")
    check_index(database)
    assert store.delete(chats) == 2
    assert store.search("hydrogen") == ()
    check_index(database)
    database.close()


def test_numbers_are_never_used_again(store: ChatStore) -> None:
    chat = told(store)
    newest = store.messages.all(chat)[-1].id
    store.delete([chat])
    message = store.start("next", [TextPart("x")])
    assert message.conversation_id > chat
    assert message.id > newest


def test_a_deleted_chat_can_be_put_back_as_it_was(store: ChatStore) -> None:
    chat = told(store)
    store.set_pinned(chat, True)
    store.set_draft(chat, "words")
    before = store.tree(chat)
    store.delete([chat])
    store.restore(before)
    assert store.tree(chat) == before
    assert [hit.conversation_id for hit in store.search("hydrogen")] == [chat]
    check_index(store.database)


def test_what_streamed_when_it_was_deleted_comes_back_stopped(store: ChatStore) -> None:
    message = store.start("chat", [TextPart("question")])
    chat = message.conversation_id
    store.messages.add(
        chat, message.id, Role.ASSISTANT, [TextPart("half")], state=MessageState.STREAMING
    )
    before = store.tree(chat)
    store.delete([chat])
    store.restore(before)
    assert [each.state for each in store.messages.all(chat)] == ["done", "stopped"]


def test_a_chat_that_is_there_is_not_put_back_a_second_time(store: ChatStore) -> None:
    chat = told(store)
    before = store.tree(chat)
    with pytest.raises(StoreError):
        store.restore(before)
    assert store.tree(chat) == before


def test_a_copy_gets_numbers_of_its_own(store: ChatStore) -> None:
    chat = told(store)
    original = store.tree(chat)
    copy = store.tree(store.add_tree(original).id)
    assert copy.conversation.id != chat
    assert {message.id for message in copy.messages}.isdisjoint(
        message.id for message in original.messages
    )
    assert [message.parts for message in copy.messages] == [
        message.parts for message in original.messages
    ]
    shown = [message.text for message in store.messages.path(copy.conversation.leaf_id)]
    assert shown == ["and planets"]
    assert store.tree(chat) == original


def test_a_copy_without_its_preset_and_leaf_is_still_a_chat(store: ChatStore) -> None:
    tree = store.tree(told(store))
    lost = replace(tree.conversation, preset_id=GONE, leaf_id=GONE)
    copy = store.add_tree(replace(tree, conversation=lost))
    assert (copy.preset_id, copy.leaf_id) == (None, None)


def test_a_tree_that_hangs_together_badly_is_refused_whole(store: ChatStore) -> None:
    tree = store.tree(told(store))
    before = store.conversations()
    backwards = ConversationTree(tree.conversation, tree.messages[::-1])
    with pytest.raises(MissingError, match="before its parent"):
        store.add_tree(backwards)
    assert store.conversations() == before


def test_starting_again_stops_what_streamed_and_keeps_its_text(store: ChatStore) -> None:
    message = store.start("chat", [TextPart("question")])
    answer = store.messages.add(
        message.conversation_id, message.id, Role.ASSISTANT, [], state=MessageState.STREAMING
    )
    store.messages.grow(answer.id, [TextPart("unfinished symphony")])
    assert store.search("symphony") == ()
    assert store.recover() == 1
    assert store.messages.get(answer.id).state is MessageState.STOPPED
    assert store.messages.get(answer.id).text == "unfinished symphony"
    assert [hit.message_id for hit in store.search("symphony")] == [answer.id]
    assert store.recover() == 0


@pytest.mark.parametrize(
    "text",
    ["", "a\0b", "\ud83d\ude00", "lone \ud83d end", "\ufdd0\ufdd1 é \x9f", "'\"; DROP", "é世🎉"],
)
def test_any_text_is_kept(store: ChatStore, text: str) -> None:
    expected = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    message = store.start(text, [TextPart(text), AttachmentPart(text, text)])
    store.set_draft(message.conversation_id, text)
    store.set_loose_draft(text)
    chat = store.get(message.conversation_id)
    assert (chat.title, chat.draft, store.loose_draft()) == (expected, expected, expected)
    assert message.parts == (TextPart(expected), AttachmentPart(expected, expected))
    store.search(text)
    store.rename(chat.id, "x")
    assert store.delete([chat.id]) == 1
    check_index(store.database)


def test_the_clock_counts_milliseconds() -> None:
    assert 1.7e12 < now_ms() < 1e13


def test_a_temporary_chat_touches_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoFiles(apsw.VFS):
        def __init__(self) -> None:
            super().__init__("no-files", "", makedefault=True)

        def xOpen(self, name, flags):
            raise AssertionError(f"opened {name}")

    default = apsw.vfs_names()[0]
    monkeypatch.chdir(tmp_path)
    refusing = NoFiles()
    try:
        assert apsw.vfs_names()[0] == "no-files"
        store = temporary_store()
        chat = told(store)
        with store.database.write():
            for number in range(100):
                store.send(chat, [TextPart(f"{number} " + "words " * 2000)])
        assert store.search("hydrogen")
        assert store.search("words")
        assert store.delete([chat]) == 1
        store.database.close()
    finally:
        apsw.set_default_vfs(default)
        refusing.unregister()
    assert list(tmp_path.iterdir()) == []


def test_two_temporary_chats_know_nothing_of_each_other() -> None:
    one, other = temporary_store(), temporary_store()
    one.start("mine", [TextPart("secret")])
    assert other.conversations() == ()
    one.database.close()
    other.database.close()
