"""Versions of messages: counted, walked, taken out and put back whole, moved up in a queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from app.chats.branches import Fork, TakenOut
from app.chats.chat_record import AnswerRecord, ChatRecord
from app.chats.database import Database
from app.chats.errors import DiskFullError, MissingError
from app.chats.history import TemporaryHistory
from app.chats.model import AttachmentPart, Message, MessageState, Provenance, Role, TextPart
from app.chats.recorder import answer_parts
from app.chats.schema import migrate
from app.chats.search_index import check_index
from app.chats.store import ChatStore

FULL = (apsw.FullError, apsw.SQLITE_FULL)
DONE = MessageState.DONE


@pytest.fixture
def history() -> Iterator[TemporaryHistory]:
    history = TemporaryHistory()
    yield history
    history.close()


def answered(history, chat: ChatRecord, question: str, answer: str) -> AnswerRecord:
    record = AnswerRecord()
    chat.ask(history, question, record)
    record.finish(history, DONE, answer_parts(answer), None)
    return record


def texts(messages: tuple[Message, ...]) -> list[str]:
    return [message.text for message in messages]


@pytest.fixture
def told(history) -> tuple[ChatRecord, list[AnswerRecord]]:
    chat = ChatRecord()
    return chat, [answered(history, chat, f"{n}?", f"{n}.") for n in ("one", "two", "three")]


def test_only_what_has_others_beside_it_is_counted(history, told):
    chat, (first, *_) = told
    branches = history.store.branches
    assert branches.forks(chat.conversation_id) == {}
    again, edited = AnswerRecord(), AnswerRecord()
    chat.ask_again(history, first, again)
    chat.ask_beside(history, first, edited, "uno?")
    assert branches.forks(chat.conversation_id) == {
        first.question_id: Fork(1, 2),
        edited.question_id: Fork(2, 2),
        first.message_id: Fork(1, 2),
        again.message_id: Fork(2, 2),
    }


def test_a_walk_shows_a_version_with_what_follows_it(history, told):
    chat, (_first, second, _) = told
    edited = AnswerRecord()
    chat.ask_beside(history, second, edited, "deux?", [AttachmentPart("a.txt", "words")])
    edited.finish(history, DONE, answer_parts("deux."), None)
    assert texts(chat.load(history).messages) == ["one?", "one.", "deux?", "deux."]
    loaded = chat.walk(history, edited.question_id, -1)
    assert texts(loaded.messages) == ["two?", "two.", "three?", "three."]
    assert texts(chat.load(history).messages)[2:] == ["two?", "two.", "three?", "three."]
    assert chat.walk(history, second.question_id, -5) == loaded, "the first stays"
    loaded = chat.walk(history, second.question_id, 1)
    assert loaded.messages[0].parts == (TextPart("deux?"), AttachmentPart("a.txt", "words"))
    with pytest.raises(MissingError):
        chat.walk(history, None, 1)
    with pytest.raises(MissingError):
        chat.walk(history, 4711, 1)


def test_a_message_is_found_on_its_branch(history, told):
    chat, (first, _, third) = told
    again = AnswerRecord()
    chat.ask_again(history, first, again)
    loaded = chat.load(history, third.message_id)
    assert texts(loaded.messages)[-1] == "three."
    assert loaded.messages == chat.load(history, first.question_id).messages
    with pytest.raises(MissingError):
        chat.load(history, 4711)


def test_what_is_taken_out_comes_back_as_it_was(history, told):
    chat, (_, second, third) = told
    chat.ask_again(history, second, AnswerRecord())
    chat.walk(history, third.message_id, 0)
    before = history.store.tree(chat.conversation_id)
    taken, loaded = chat.take_out(history, second)
    assert loaded.messages == ()
    assert texts(chat.load(history).messages) == ["one?", "one."]
    assert history.store.search("three") == ()
    loaded = chat.put_back(history, taken)
    assert texts(loaded.messages) == ["two?", "two.", "three?", "three."]
    after = history.store.tree(chat.conversation_id)
    assert after.conversation == before.conversation
    assert [m.id for m in after.messages] == [m.id for m in before.messages]
    assert len(history.store.search("three")) == 2
    check_index(history.store.database)


def test_an_answer_without_a_question_is_taken_out_alone(history):
    store = history.store
    chat_id = store.create("imported").id
    message = store.messages.add(chat_id, None, Role.ASSISTANT, [TextPart("hello")])
    chat = ChatRecord(chat_id)
    taken, loaded = chat.take_out(history, AnswerRecord(None, message.id))
    assert (taken, loaded.messages) == (TakenOut((message,), message.id), ())
    assert chat.load(history).is_whole


def test_what_was_never_stored_can_not_be_taken_out_changed_or_gone_on_with(history):
    chat, nothing = ChatRecord(), AnswerRecord()
    with pytest.raises(MissingError):
        chat.take_out(history, nothing)
    with pytest.raises(MissingError):
        chat.reword(history, nothing, "words")
    with pytest.raises(MissingError):
        chat.ask_beside(history, nothing, AnswerRecord(), "words")
    with pytest.raises(MissingError):
        nothing.resume(history)
    with pytest.raises(MissingError):
        history.store.branches.put_back(TakenOut((), None))
    assert chat.set_settings(history, (("top_k", 1),)) is None
    chat.cancel_waiting(history, nothing)


def test_nothing_comes_back_below_what_is_gone_itself(history, told):
    chat, (first, second, _) = told
    taken, _ = chat.take_out(history, second)
    chat.take_out(history, first)
    with pytest.raises(MissingError):
        chat.put_back(history, taken)
    assert history.store.messages.all(chat.conversation_id) == ()


def test_one_of_a_queue_goes_and_the_others_move_up(history):
    chat = ChatRecord()
    waiting = [AnswerRecord() for _ in range(3)]
    for record, text in zip(waiting, ("one?", "two?", "three?"), strict=True):
        chat.ask(history, text, record)
    chat.cancel_waiting(history, waiting[1])
    assert texts(chat.load(history).messages) == ["one?", "", "three?", ""]
    assert len(history.store.messages.all(chat.conversation_id)) == 4
    chat.cancel_waiting(history, waiting[0])
    assert texts(chat.load(history).messages) == ["three?", ""]
    waiting[2].finish(history, DONE, answer_parts("three."), None)
    assert texts(chat.load(history).messages) == ["three?", "three."]


def test_a_reworded_question_is_found_by_its_new_words(history, told):
    chat, (first, *_) = told
    chat.reword(history, first, "uno?")
    assert texts(chat.load(history).messages)[0] == "uno?"
    assert len(history.store.search("uno")) == 1
    check_index(history.store.database)


def test_an_answer_goes_on_in_its_place_and_is_stopped_by_a_kill(history, told):
    chat, (*_, third) = told
    record = AnswerRecord(third.question_id, third.message_id)
    record.resume(history)
    assert record.message_id == third.message_id
    record.grow(answer_parts("three. And"), 500)
    streaming = chat.load(history).messages[-1]
    assert (streaming.text, streaming.state) == ("three. And", MessageState.STREAMING)
    assert history.store.recover() == 1  # what the next start does
    found = chat.load(history).messages[-1]
    assert (found.id, found.text, found.state) == (
        third.message_id,
        "three. And",
        MessageState.STOPPED,
    )
    with pytest.raises(MissingError):
        record.finish(history, DONE, answer_parts("late"), None)
    check_index(history.store.database)


def test_an_answer_that_streams_can_not_be_gone_on_with(history):
    chat, answer = ChatRecord(), AnswerRecord()
    chat.ask(history, "one?", answer)
    with pytest.raises(MissingError):
        AnswerRecord(answer.question_id, answer.message_id).resume(history)


def test_an_answer_that_was_not_gone_on_with_after_all_is_as_it_was(history):
    chat, first = ChatRecord(), AnswerRecord()
    chat.ask(history, "one?", first)
    first.finish(history, DONE, answer_parts("one."), Provenance((("model", "m"),)))
    before = chat.load(history).messages
    record = AnswerRecord(first.question_id, first.message_id)
    record.resume(history)
    record.undo(history)
    record.undo(history)
    assert chat.load(history).messages == before


def test_another_version_that_was_not_asked_after_all_goes_and_all_is_shown_again(history, told):
    chat, (first, *_) = told
    before = chat.load(history).messages
    edited = AnswerRecord()
    chat.ask_beside(history, first, edited, "uno?")
    edited.undo(history)
    assert chat.load(history).messages == before


@pytest.mark.parametrize("act", ["ask beside", "take out", "put back", "cancel", "resume"])
def test_on_a_full_disk_nothing_is_half_done(tmp_path: Path, key: bytes, disk, act: str) -> None:
    database = Database.open(tmp_path / "breakable.db", key, create=True, vfs=disk.name)
    migrate(database)

    class Shelf(TemporaryHistory):
        def __init__(self) -> None:
            self.store = ChatStore(database)

    history, chat = Shelf(), ChatRecord()
    first = answered(history, chat, "one?", "one.")
    answered(history, chat, "two?", "two.")
    taken = chat.take_out(history, first)[0] if act == "put back" else None
    before = history.store.messages.all(chat.conversation_id or 0)
    acts = {
        "ask beside": lambda: chat.ask_beside(history, first, AnswerRecord(), "uno?"),
        "take out": lambda: chat.take_out(history, first),
        "put back": lambda: chat.put_back(history, taken),
        "cancel": lambda: chat.cancel_waiting(history, first),
        "resume": lambda: AnswerRecord(first.question_id, first.message_id).resume(history),
    }
    disk.breaks("write", FULL)
    with pytest.raises(DiskFullError):
        acts[act]()
    disk.mend()
    assert history.store.messages.all(chat.conversation_id or 0) == before
    acts[act]()
    assert history.store.messages.all(chat.conversation_id or 0) != before
    database.close()
