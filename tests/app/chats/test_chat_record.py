"""A chat as a window writes it: in order, both or neither, and nothing lost on a full disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from app.chats.chat_record import AnswerRecord, ChatRecord, joined
from app.chats.database import Database
from app.chats.errors import DiskFullError, MissingError
from app.chats.history import TemporaryHistory
from app.chats.model import MessageState, Provenance, Role, TextPart
from app.chats.recorder import AnswerRecorder, answer_parts
from app.chats.schema import migrate
from app.chats.store import ChatStore

FULL = (apsw.FullError, apsw.SQLITE_FULL)
DONE = MessageState.DONE


class Shelf:
    """What a record needs of an open history, over a disk that can be full."""

    def __init__(self, store: ChatStore) -> None:
        self.store = store

    def record_answer(self, conversation_id: int, parent_id: int) -> AnswerRecorder:
        return AnswerRecorder(self.store.messages, conversation_id, parent_id)


@pytest.fixture
def history() -> Iterator[TemporaryHistory]:
    history = TemporaryHistory()
    yield history
    history.close()


@pytest.fixture
def shelf(tmp_path: Path, key: bytes, disk) -> Iterator[Shelf]:
    database = Database.open(tmp_path / "breakable.db", key, create=True, vfs=disk.name)
    migrate(database)
    yield Shelf(ChatStore(database))
    disk.mend()
    database.close()


def answered(history, chat: ChatRecord, question: str, answer: str) -> AnswerRecord:
    record = AnswerRecord()
    chat.ask(history, question, record)
    record.finish(history, DONE, answer_parts(answer), None)
    return record


def texts(history, chat: ChatRecord) -> list[str]:
    return [message.text for message in chat.load(history).messages]


def test_the_first_question_begins_the_chat_and_its_answer(history):
    history.store.set_loose_draft("What is")
    chat, answer = ChatRecord(), AnswerRecord()
    assert chat.load(history).draft == "What is"
    conversation = chat.ask(history, "What is rain?", answer)
    assert conversation.title == "What is rain?"
    assert conversation.id == chat.conversation_id
    assert history.store.loose_draft() == ""
    loaded = chat.load(history)
    assert [m.state for m in loaded.messages] == [DONE, MessageState.STREAMING]
    ended = answer.finish(history, DONE, answer_parts("Water.", "Hm.", 1200, 3), Provenance())
    assert ended is not None
    assert ended.updated_at_ms >= conversation.updated_at_ms
    assert chat.load(history).messages[-1].parts == answer_parts("Water.", "Hm.", 1200, 3)


def test_questions_that_wait_follow_the_answers_that_are_to_come(history):
    chat = ChatRecord()
    first, second = AnswerRecord(), AnswerRecord()
    chat.ask(history, "one", first)
    chat.ask(history, "two", second)
    first.finish(history, DONE, answer_parts("1"), None)
    second.finish(history, DONE, answer_parts("2"), None)
    assert texts(history, chat) == ["one", "1", "two", "2"]


def test_asked_again_the_answer_before_stays_as_a_branch(history):
    chat = ChatRecord()
    first = answered(history, chat, "one", "1")
    again = AnswerRecord()
    chat.ask_again(history, first, again)
    again.finish(history, DONE, answer_parts("uno"), None)
    assert texts(history, chat) == ["one", "uno"]
    answered(history, chat, "two", "2")
    assert texts(history, chat) == ["one", "uno", "two", "2"]
    assert first.question_id is not None
    branches = history.store.messages.children(chat.conversation_id, first.question_id)
    assert [branch.text for branch in branches] == ["1", "uno"]


def test_an_answer_that_was_not_begun_after_all_goes_and_the_one_before_is_shown(history):
    chat = ChatRecord()
    first = answered(history, chat, "one", "1")
    again = AnswerRecord()
    chat.ask_again(history, first, again)
    again.undo(history)
    again.undo(history)
    assert texts(history, chat) == ["one", "1"]


def test_what_is_taken_back_becomes_what_is_typed(history):
    chat = ChatRecord()
    answered(history, chat, "one", "1")
    waiting = AnswerRecord(), AnswerRecord()
    for record, text in zip(waiting, ("two", "three"), strict=True):
        chat.ask(history, text, record)
    assert chat.take_back(history, waiting, "two\n\nthree") is None
    loaded = chat.load(history)
    assert [message.text for message in loaded.messages] == ["one", "1"]
    assert loaded.draft == "two\n\nthree"


def test_of_a_chat_whose_only_question_is_taken_back_nothing_is_left(history):
    chat, waiting = ChatRecord(), AnswerRecord()
    chat_id = chat.ask(history, "one", waiting).id
    assert chat.take_back(history, [waiting], "one") == chat_id
    assert history.store.conversations() == ()
    assert chat.load(history).draft == "one"
    assert chat.ask(history, "again", AnswerRecord()).title == "again"


def test_another_branch_at_the_root_is_left_where_a_question_is_taken_back(history):
    chat, waiting = ChatRecord(), AnswerRecord()
    chat_id = chat.ask(history, "one", waiting).id
    history.store.messages.add(chat_id, None, Role.USER, [TextPart("other")])
    assert chat.take_back(history, [waiting], "one") is None
    assert [m.text for m in history.store.messages.all(chat_id)] == ["other"]


def test_taking_back_what_was_never_stored_keeps_the_words(history):
    chat = ChatRecord()
    assert chat.take_back(history, [AnswerRecord()], "words") is None
    assert history.store.loose_draft() == "words"


def test_typed_text_belongs_to_the_chat_once_there_is_one(history):
    chat = ChatRecord()
    chat.set_draft(history, "a")
    assert history.store.loose_draft() == "a"
    answered(history, chat, "one", "1")
    chat.set_draft(history, "b")
    assert history.store.loose_draft() == ""
    assert chat.load(history).draft == "b"
    chat.add_to_draft(history, "c")
    assert chat.load(history).draft == "b\n\nc"


def test_what_was_typed_before_the_history_was_open_is_added_to_what_is_kept(history):
    history.store.set_loose_draft("kept")
    ChatRecord().add_to_draft(history, "new")
    assert history.store.loose_draft() == "kept\n\nnew"
    assert joined("", "new") == "new"
    assert joined("kept", " ") == "kept"


def test_a_forgotten_chat_is_gone(history):
    chat = ChatRecord()
    chat.forget(history)
    answered(history, chat, "one", "1")
    chat.forget(history)
    assert history.store.conversations() == ()
    assert chat.load(history).messages == ()


def test_an_answer_without_a_stored_question_goes_nowhere(history):
    answer = AnswerRecord()
    answer.grow(answer_parts("lost"), 1)
    answer.tick()
    answer.undo(history)
    assert answer.finish(history, DONE, answer_parts("lost"), None) is None
    with pytest.raises(MissingError, match="not in the history"):
        ChatRecord().ask_again(history, answer, AnswerRecord())


def test_a_question_that_finds_no_room_leaves_nothing_and_can_be_stored_later(shelf, disk):
    chat, answer = ChatRecord(), AnswerRecord()
    disk.breaks("write", FULL)
    with pytest.raises(DiskFullError):
        chat.ask(shelf, "one", answer)
    assert chat.conversation_id is None
    assert not answer.is_begun
    disk.mend()
    chat.ask(shelf, "one", answer)
    assert answer.is_begun
    assert len(shelf.store.conversations()) == 1


def test_an_answer_that_finds_no_room_is_finished_later(shelf, disk):
    chat, answer = ChatRecord(), AnswerRecord()
    chat.ask(shelf, "one", answer)
    disk.breaks("write", FULL)
    with pytest.raises(DiskFullError):
        answer.finish(shelf, DONE, answer_parts("1"), None)
    disk.mend()
    assert answer.finish(shelf, DONE, answer_parts("1"), None) is not None
    assert texts(shelf, chat) == ["one", "1"]


def test_what_cannot_be_taken_back_stays(shelf, disk):
    chat, answer = ChatRecord(), AnswerRecord()
    chat.ask(shelf, "one", answer)
    disk.breaks("write", FULL)
    with pytest.raises(DiskFullError):
        chat.take_back(shelf, [answer], "one")
    disk.mend()
    assert texts(shelf, chat) == ["one", ""]
