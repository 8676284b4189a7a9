"""An answer as it grows: what is at risk, and what a full disk or a deletion does to it."""

from pathlib import Path

import apsw
import pytest

from app.chats.database import Database
from app.chats.errors import DiskFullError, MissingError
from app.chats.model import MessageState, Provenance, TextPart
from app.chats.recorder import AnswerRecorder, monotonic_ms
from app.chats.schema import migrate
from app.chats.store import ChatStore

FULL = (apsw.FullError, apsw.SQLITE_FULL)


@pytest.fixture
def recorder(store: ChatStore, clock) -> AnswerRecorder:
    question = store.start("chat", [TextPart("question")])
    return AnswerRecorder(store.messages, question.conversation_id, question.id, clock)


def kept(store: ChatStore, recorder: AnswerRecorder) -> str:
    return store.messages.get(recorder.message.id).text


def test_an_answer_is_there_before_its_first_token(
    store: ChatStore, recorder: AnswerRecorder
) -> None:
    message = store.messages.get(recorder.message.id)
    assert (message.state, message.parts) == (MessageState.STREAMING, ())
    assert store.get(message.conversation_id).leaf_id == message.id


def test_a_second_is_never_lost(store: ChatStore, recorder: AnswerRecorder, clock) -> None:
    recorder.grow([TextPart("a")], 1)
    assert kept(store, recorder) == ""
    clock.now_ms += 800
    recorder.grow([TextPart("a b")], 2)
    assert kept(store, recorder) == "a b"
    clock.now_ms += 100
    recorder.grow([TextPart("a b c")], 3)
    assert kept(store, recorder) == "a b"
    clock.now_ms += 800
    recorder.tick()
    assert kept(store, recorder) == "a b c"


def test_two_hundred_tokens_are_never_lost(store: ChatStore, recorder: AnswerRecorder) -> None:
    for tokens in range(1, 1000):
        recorder.grow([TextPart("x" * tokens)], tokens)
        assert tokens - len(kept(store, recorder)) < 200


def test_nothing_is_written_while_nothing_comes(
    store: ChatStore, recorder: AnswerRecorder, clock
) -> None:
    clock.now_ms += 5000
    before = store.database.connection.total_changes()
    recorder.tick()
    assert store.database.connection.total_changes() == before


@pytest.mark.parametrize("state", [MessageState.DONE, MessageState.STOPPED, MessageState.FAILED])
def test_the_end_is_written_at_once(
    store: ChatStore, recorder: AnswerRecorder, state: MessageState
) -> None:
    made = Provenance((("seed", 1),))
    recorder.grow([TextPart("half")], 1)
    done = recorder.finish(state, [TextPart("half and whole")], made)
    assert store.messages.get(done.id) == done == recorder.message
    assert (done.text, done.state, done.provenance) == ("half and whole", state, made)


def test_an_end_without_parts_keeps_what_has_come(
    store: ChatStore, recorder: AnswerRecorder
) -> None:
    recorder.grow([TextPart("half")], 1)
    recorder.finish(MessageState.STOPPED)
    assert kept(store, recorder) == "half"


def test_a_full_disk_is_said_and_costs_nothing_once_there_is_room(
    tmp_path: Path, key: bytes, disk: apsw.VFS, clock
) -> None:
    database = Database.open(tmp_path / "history.db", key, create=True, vfs=disk.name)
    migrate(database)
    store = ChatStore(database, clock)
    question = store.start("chat", [TextPart("question")])
    recorder = AnswerRecorder(store.messages, question.conversation_id, question.id, clock)
    disk.breaks("write", FULL)
    clock.now_ms += 1000
    with pytest.raises(DiskFullError):
        recorder.grow([TextPart("one")], 1)
    recorder.grow([TextPart("one two")], 2)  # not due again yet: the disk is not asked
    with pytest.raises(DiskFullError):
        recorder.finish(MessageState.DONE, [TextPart("one two three")])
    assert kept(store, recorder) == ""
    disk.mend()
    clock.now_ms += 1000
    recorder.tick()
    assert kept(store, recorder) == "one two three"
    recorder.finish(MessageState.DONE)
    assert store.messages.get(recorder.message.id).state is MessageState.DONE
    assert len(store.search("three")) == 1
    database.close()


def test_an_answer_whose_chat_was_deleted_has_no_place(
    store: ChatStore, recorder: AnswerRecorder, clock
) -> None:
    store.delete([recorder.message.conversation_id])
    clock.now_ms += 1000
    with pytest.raises(MissingError):
        recorder.grow([TextPart("late")], 1)
    with pytest.raises(MissingError):
        recorder.finish(MessageState.DONE)


def test_an_answer_ends_once(recorder: AnswerRecorder) -> None:
    recorder.finish(MessageState.STOPPED, [TextPart("end")])
    with pytest.raises(MissingError):
        recorder.finish(MessageState.DONE, [TextPart("another")])


def test_the_clock_runs_in_milliseconds() -> None:
    assert monotonic_ms() > 1000
