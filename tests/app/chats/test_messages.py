"""The tree: walked, branched, grown and cut."""

import pytest

from app.chats.errors import DamagedError, MissingError, StoreError
from app.chats.model import Message, MessageState, Provenance, ReasoningPart, Role, TextPart
from app.chats.search_index import check_index
from app.chats.store import ChatStore

GONE = 4711


def say(store: ChatStore, chat: int, parent: int | None, text: str, role: Role = Role.USER) -> int:
    return store.messages.add(chat, parent, role, [TextPart(text)]).id


@pytest.fixture
def chat(store: ChatStore) -> int:
    return store.create("chat").id


@pytest.fixture
def tree(store: ChatStore, chat: int) -> dict[str, int]:
    """a ─ b ─ c, b ─ d ─ e, and a second root r."""
    ids = {"a": say(store, chat, None, "a")}
    for name, parent in (("b", "a"), ("c", "b"), ("d", "b"), ("e", "d")):
        ids[name] = say(store, chat, ids[parent], name)
    ids["r"] = say(store, chat, None, "r")
    return ids


def letters(messages: tuple[Message, ...]) -> str:
    return "".join(message.text for message in messages)


def test_a_new_message_is_shown_and_dated(store: ChatStore, chat: int, clock) -> None:
    clock.now_ms += 50
    first = say(store, chat, None, "one")
    second = store.messages.add(chat, first, Role.ASSISTANT, [ReasoningPart("hm"), TextPart("two")])
    found = store.get(chat)
    assert (found.leaf_id, found.updated_at_ms) == (second.id, clock.now_ms)
    assert second == Message(
        second.id,
        chat,
        first,
        Role.ASSISTANT,
        (ReasoningPart("hm"), TextPart("two")),
        MessageState.DONE,
        clock.now_ms,
    )
    assert (second.text, second.reasoning) == ("two", "hm")


def test_a_path_leads_from_the_root_to_its_leaf(store: ChatStore, tree: dict[str, int]) -> None:
    assert letters(store.messages.path(tree["e"])) == "abde"
    assert letters(store.messages.path(tree["c"])) == "abc"
    assert letters(store.messages.path(tree["r"])) == "r"
    assert store.messages.path(None) == ()


def test_branches_are_ordered_by_age(store: ChatStore, chat: int, tree: dict[str, int]) -> None:
    assert letters(store.messages.children(chat, None)) == "ar"
    assert letters(store.messages.children(chat, tree["b"])) == "cd"
    assert letters(store.messages.siblings(tree["d"])) == "cd"
    assert letters(store.messages.siblings(tree["r"])) == "ar"
    assert store.messages.children(chat, tree["e"]) == ()


def test_a_branch_ends_at_its_newest_leaf(store: ChatStore, tree: dict[str, int]) -> None:
    assert store.messages.newest_leaf(tree["a"]) == tree["e"]
    assert store.messages.newest_leaf(tree["c"]) == tree["c"]


def test_all_branches_come_parents_first(store: ChatStore, chat: int, tree: dict[str, int]) -> None:
    assert letters(store.messages.all(chat)) == "abcder"


@pytest.mark.parametrize(
    ("cut", "shown", "left", "shown_after"),
    [
        ("e", "e", "abcdr", "d"),
        ("d", "e", "abcr", "c"),
        ("b", "c", "ar", "a"),
        ("a", "e", "r", "r"),
        ("r", "r", "abcde", "e"),
        ("c", "e", "abder", "e"),
    ],
)
def test_cutting_takes_all_below_and_shows_what_is_near(
    store: ChatStore,
    chat: int,
    tree: dict[str, int],
    cut: str,
    shown: str,
    left: str,
    shown_after: str,
) -> None:
    store.set_leaf(chat, tree[shown])
    store.messages.delete(tree[cut])
    assert letters(store.messages.all(chat)) == left
    assert store.get(chat).leaf_id == tree[shown_after]
    check_index(store.database)


def test_cutting_the_only_root_leaves_an_empty_chat(store: ChatStore, chat: int) -> None:
    store.messages.delete(say(store, chat, None, "only"))
    assert store.get(chat).leaf_id is None
    assert store.messages.all(chat) == ()


def test_a_chat_of_thousands_of_turns_is_walked_and_cut(store: ChatStore, chat: int) -> None:
    parent = None
    with store.database.write():
        for number in range(3000):
            parent = say(store, chat, parent, f"{number} ")
    path = store.messages.path(parent)
    assert len(path) == 3000
    assert store.messages.newest_leaf(path[0].id) == parent
    store.messages.delete(path[1].id)
    assert letters(store.messages.all(chat)) == "0 "
    assert store.delete([chat]) == 1


def test_a_parent_must_be_in_the_same_chat(store: ChatStore, chat: int) -> None:
    other = store.start("other", [TextPart("x")])
    with pytest.raises(MissingError):
        say(store, chat, other.id, "lost")
    with pytest.raises(MissingError):
        say(store, chat, GONE, "lost")
    with pytest.raises(MissingError):
        say(store, GONE, None, "lost")
    assert store.messages.all(chat) == ()


@pytest.mark.parametrize(
    "call",
    [
        lambda messages: messages.get(GONE),
        lambda messages: messages.path(GONE),
        lambda messages: messages.siblings(GONE),
        lambda messages: messages.newest_leaf(GONE),
        lambda messages: messages.delete(GONE),
        lambda messages: messages.grow(GONE, []),
        lambda messages: messages.finish(GONE, MessageState.DONE, []),
    ],
)
def test_a_message_that_is_gone_says_so(store: ChatStore, call) -> None:
    with pytest.raises(MissingError, match="deleted"):
        call(store.messages)


def test_an_answer_grows_and_is_found_when_it_is_finished(
    store: ChatStore, chat: int, clock
) -> None:
    answer = store.messages.add(chat, None, Role.ASSISTANT, [], state=MessageState.STREAMING)
    store.messages.grow(answer.id, [TextPart("grow")])
    store.messages.grow(answer.id, [TextPart("growing wheat")])
    assert store.messages.get(answer.id).text == "growing wheat"
    assert store.search("wheat") == ()
    clock.now_ms += 99
    made = Provenance((("model", "tiny"),))
    done = store.messages.finish(answer.id, MessageState.DONE, [TextPart("ripe wheat")], made)
    assert (done.text, done.state, done.provenance) == ("ripe wheat", MessageState.DONE, made)
    assert store.get(chat).updated_at_ms == clock.now_ms
    assert len(store.search("ripe")) == 1
    check_index(store.database)


def test_growing_leaves_the_index_alone(store: ChatStore, chat: int) -> None:
    answer = store.messages.add(chat, None, Role.ASSISTANT, [], state=MessageState.STREAMING)
    sql = "SELECT id, block FROM message_index_data ORDER BY id"
    before = store.database.read(sql)
    store.messages.grow(answer.id, [TextPart("many words " * 100)])
    assert store.database.read(sql) == before


def test_a_finished_message_does_not_change_any_more(store: ChatStore, chat: int) -> None:
    message = say(store, chat, None, "finished")
    with pytest.raises(MissingError, match="ended"):
        store.messages.grow(message, [TextPart("more")])
    with pytest.raises(MissingError, match="ended"):
        store.messages.finish(message, MessageState.FAILED, [])
    assert store.messages.get(message).text == "finished"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("parts", "no JSON"),
        ("parts", "{}x"),
        ("parts", "[1]"),
        ("parts", '[{"kind": "text"}]'),
        ("parts", '[{"kind": "text", "text": 1}]'),
        ("parts", '[{"kind": "film", "text": "x"}]'),
        ("provenance", "[]"),
        ("provenance", '{"version": 1, "details": [["a", null]]}'),
        ("provenance", '{"version": 1, "details": [[1, 2]]}'),
    ],
)
def test_a_row_that_is_not_ours_is_damage(
    store: ChatStore, chat: int, column: str, value: str
) -> None:
    message = store.messages.add(chat, None, Role.ASSISTANT, [], state=MessageState.STREAMING)
    with store.database.write() as cursor:
        cursor.execute(f"UPDATE message SET {column} = ? WHERE id = ?", (value, message.id))
    with pytest.raises(DamagedError, match="understood"):
        store.messages.get(message.id)


def test_a_message_that_can_not_be_understood_can_still_be_deleted(
    store: ChatStore, chat: int
) -> None:
    message = say(store, chat, None, "fine")
    with store.database.write() as cursor:
        cursor.execute("UPDATE message SET parts = '[1' WHERE id = ?", (message,))
    with pytest.raises(DamagedError):
        store.messages.get(message)
    assert store.search("fine") == ()
    assert store.delete([chat]) == 1
    check_index(store.database)


def test_an_own_number_that_is_taken_is_refused(store: ChatStore, chat: int) -> None:
    message = store.messages.get(say(store, chat, None, "one"))
    with pytest.raises(StoreError):
        store.messages.add_copy(message, keeps_id=True)
    assert letters(store.messages.all(chat)) == "one"
