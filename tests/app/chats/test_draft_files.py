"""Files beside what is typed: kept with the draft, gone with it, put back with its chat."""

from __future__ import annotations

import pytest

from app.chats.answer_record import AnswerRecord
from app.chats.chat_record import ChatRecord
from app.chats.errors import MissingError
from app.chats.history import TemporaryHistory
from app.chats.model import AttachmentPart, TextPart
from app.chats.store import ChatStore

ONE, OTHER = AttachmentPart("notes.txt", "rain"), AttachmentPart("ü.txt", "größe 世界")


class Asked:
    """A question that was asked in a record's chat."""

    def __init__(self, history: TemporaryHistory, record: ChatRecord) -> None:
        self.record = AnswerRecord()
        self.chat_id = record.ask(history, "asked", self.record).id


def count(store: ChatStore) -> int:
    return int(store.database.read("SELECT count(*) FROM draft_file")[0][0])


def test_each_draft_has_its_own_in_their_order(store: ChatStore) -> None:
    chat = store.create("a chat").id
    store.draft_files.put(chat, [OTHER, ONE])
    store.draft_files.put(None, [ONE])
    assert store.draft_files.of(chat) == (OTHER, ONE)
    assert store.draft_files.of(None) == (ONE,)
    store.draft_files.put(chat, [ONE])
    store.draft_files.add(chat, [OTHER])
    assert store.draft_files.of(chat) == (ONE, OTHER)
    assert count(store) == 3


def test_what_no_text_can_hold_is_replaced(store: ChatStore) -> None:
    store.draft_files.put(None, [AttachmentPart("a\ud800", "b\udfff")])
    assert store.draft_files.of(None) == (AttachmentPart("a\ufffd", "b\ufffd"),)


def test_what_was_sent_is_no_draft_any_more(store: ChatStore) -> None:
    store.draft_files.put(None, [ONE])
    chat = store.start("new", [TextPart("a")]).conversation_id
    assert count(store) == 0
    store.draft_files.put(chat, [OTHER])
    store.send(chat, [TextPart("b")])
    assert count(store) == 0


def test_they_go_with_their_chat_and_come_back_with_it(store: ChatStore) -> None:
    chat = store.start("a chat", [TextPart("a")]).conversation_id
    store.draft_files.put(chat, [ONE, OTHER])
    store.draft_files.put(None, [ONE])
    tree = store.tree(chat)
    store.delete([chat])
    assert count(store) == 1
    with pytest.raises(MissingError):
        store.draft_files.put(chat, [ONE])
    with pytest.raises(MissingError):
        store.draft_files.add(chat, [ONE])
    store.restore(tree)
    assert store.draft_files.of(chat) == (ONE, OTHER)
    assert store.draft_files.of(store.add_tree(tree).id) == (ONE, OTHER)


def test_a_record_keeps_text_and_files_at_once_or_text_alone() -> None:
    history, record = TemporaryHistory(), ChatRecord()
    record.set_draft(history, "words", [ONE])
    record.set_draft(history, "other words")
    loaded = record.load(history)
    assert (loaded.draft, loaded.draft_files) == ("other words", (ONE,))
    record.add_to_draft(history, "more", [OTHER])
    loaded = record.load(history)
    assert (loaded.draft, loaded.draft_files) == ("other words\n\nmore", (ONE, OTHER))
    record.forget(history)
    loaded = record.load(history)
    assert (loaded.draft, loaded.draft_files) == ("", ())
    history.close()


def test_what_is_taken_back_brings_its_files() -> None:
    history, record = TemporaryHistory(), ChatRecord()
    answer = Asked(history, record)
    assert record.take_back(history, [answer.record], "asked", [ONE]) == answer.chat_id
    assert record.load(history).draft_files == (ONE,)
    first = Asked(history, record)
    second = Asked(history, record)
    assert record.take_back(history, [second.record], "asked", [OTHER]) is None
    assert record.load(history).draft_files == (OTHER,)
    assert first.chat_id == second.chat_id == record.conversation_id
    history.close()
