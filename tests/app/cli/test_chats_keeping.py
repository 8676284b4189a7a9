"""The terminal chat stores: what, when, and what happens where it can't."""

from __future__ import annotations

import io
import os
import signal

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.chats.errors import DiskFullError
from app.chats.history_states import Ready
from app.chats.model import Message, MessageState, Role
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep.backup_list import BackupKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from app.cli.terminal import note
from inference.errors import CardFailedError
from inference.events import Token
from inference.prompt.families import UNKNOWN, Family, ThinkingMarkers
from tests.inference.scripted import scripted_engine

LOCK = LockReport(LockState.NOT_TESTED, "a test")
R1 = Family("r1", ThinkingMarkers(), "\n</think>\n\n")
THOUGHTS = ["the hand is in it\n", "</think>", "\n\n"]
WORDS = "rain on the roof"
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)


def new_door(holder: Holder) -> HistoryDoor:
    return HistoryDoor(Profile(), holder, Keyrings({}), CHEAP)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("app.cli.chats.new_door", new_door)
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)


@pytest.fixture
def script(monkeypatch):
    """script(**changes): what the next `chat` runs on; before each answer `seen` is taken."""
    made = {"seen": []}

    def make(family=R1, **changes):
        said = {"thoughts": THOUGHTS, "answer": ["and hello."]} | changes

        def load(path, arguments, worker, title=""):
            engine, _ = scripted_engine(family, context_tokens=4096, **said)
            generate = engine.generate

            def kept(request):
                made["seen"].append(request)
                yield from made.get("around", lambda events: events)(generate(request))

            engine.generate = kept
            made["engine"] = engine
            return engine

        monkeypatch.setattr("app.cli.chat.load_engine", load)
        return made

    return make


@pytest.fixture
def talk(capsys, monkeypatch):
    """talk(lines, *flags): typed at the prompt; the passphrase comes by a pipe."""

    def call(lines, *flags):
        waiting = iter(lines)

        def typed(prompt):
            try:
                line = next(waiting)
            except StopIteration:
                raise EOFError from None
            return line() if callable(line) else line

        reader, writer = os.pipe()
        os.write(writer, f"{WORDS}\n".encode())
        os.close(writer)
        monkeypatch.setattr("builtins.input", typed)
        argv = ["chat", "--temperature", "0", f"--passphrase-fd={reader}", *flags]
        code = cli.main(argv, LOCK)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def kept() -> list[list[Message]]:
    """Every chat's messages, all branches, the oldest chat first."""
    door = new_door(Holder.COMMAND)
    door.open()
    state = door.try_passphrase(WORDS)
    assert isinstance(state, Ready)
    store = state.history.store
    chats = sorted(store.conversations(), key=lambda chat: chat.id)
    found = [list(store.messages.all(chat.id)) for chat in chats]
    assert [backup.kind for backup in state.history.backups()].count(BackupKind.DAILY) <= 1
    door.close()
    return found


def told(messages: list[Message]) -> list[tuple[str, str, str]]:
    return [(message.role.value, message.text, message.state.value) for message in messages]


def test_a_chat_is_kept_with_thoughts_and_provenance(script, talk):
    script()
    code, out, _ = talk(["hello", "is it?"], "--system", "Be brief.")
    assert code == 0
    assert "This chat is kept, encrypted" in out
    (messages,) = kept()
    assert told(messages) == [
        ("system", "Be brief.", "done"),
        ("user", "hello", "done"),
        ("assistant", "and hello.", "done"),
        ("user", "is it?", "done"),
        ("assistant", "and hello.", "done"),
    ]
    assert [m.parent_id for m in messages[1:]] == [m.id for m in messages[:-1]]
    answer = messages[2]
    assert answer.reasoning == "the hand is in it"
    assert answer.provenance is not None
    details = dict(answer.provenance.details)
    assert details["finish_reason"] == "stop"
    assert details["generated_tokens"] > 0
    assert {"model", "seed", "engine_version", "decode_tokens_per_s"} <= set(details)


def test_the_question_is_stored_before_the_answer_begins(script, talk, monkeypatch):
    made = script()
    stored = []

    def around(events):
        database = made["door"]._history.store.database
        stored.extend(database.read("SELECT role, state FROM message ORDER BY id"))
        return events

    def door(holder):
        made["door"] = new_door(holder)
        return made["door"]

    monkeypatch.setattr("app.cli.chats.new_door", door)
    made["around"] = around
    talk(["hello"])
    assert stored == [("user", "done"), ("assistant", "streaming")]


def test_again_is_another_answer_and_edit_another_question(script, talk):
    script()
    talk(["hello", "/again", "/edit is it?", "and?"])
    (messages,) = kept()
    question, first, second, edited, answer, last, _ = messages
    assert first.parent_id == second.parent_id == question.id
    assert (edited.role, edited.parent_id) == (Role.USER, None)
    assert (answer.parent_id, last.parent_id) == (edited.id, answer.id)


def test_an_answer_that_is_stopped_is_kept_as_far_as_it_came(script, talk):
    made = script(UNKNOWN, thoughts=[], answer=["and hello " * 40])

    def interrupted(events):
        for count, event in enumerate(events):
            if count == 12:
                os.kill(os.getpid(), signal.SIGINT)
            yield event

    made["around"] = interrupted
    talk(["hello"], "--max-tokens", "60")
    ((question, answer),) = kept()
    assert question.text == "hello"
    assert answer.state is MessageState.STOPPED
    assert 0 < len(answer.text) < len("and hello " * 40)


def test_a_failing_engine_leaves_the_question_and_a_failed_answer(script, talk):
    made = script()

    def broken(events):
        yield next(events)
        events.close()
        raise MemoryError

    made["around"] = broken
    code, _, err = talk(["hello"])
    assert code == 1
    assert "not enough memory" in err
    assert told(kept()[0]) == [("user", "hello", "done"), ("assistant", "", "failed")]


def test_a_question_that_cant_be_stored_is_not_asked(script, talk, monkeypatch):
    made = script()

    def full(*arguments, **named):
        raise DiskFullError("The disk is full.")

    def breaks():
        monkeypatch.setattr("app.chats.messages.Messages.add", full)
        return "is it?"

    code, _, err = talk(["hello", breaks])
    assert code == 0
    assert "The disk is full. The question was not asked." in err
    assert len(made["seen"]) == 1


def test_an_answer_that_cant_be_stored_is_told_once_and_tried_again(script, talk, monkeypatch):
    from app.chats.messages import Messages

    script()
    real = {name: getattr(Messages, name) for name in ("grow", "finish")}

    def full(*arguments, **named):
        raise DiskFullError("The disk is full.")

    def breaks():
        for name in real:
            monkeypatch.setattr(Messages, name, full)
        monkeypatch.setattr("app.chats.recorder._FLUSH_TOKENS", 1)
        return "hello"

    def mends():
        for name, method in real.items():
            monkeypatch.setattr(Messages, name, method)
        return "is it?"

    _, out, err = talk([breaks, mends])
    assert out.count("and hello.") == 2
    assert err.count("The answer goes on.") == 1
    assert "stored when that is possible again" in err
    assert told(kept()[0]) == [
        ("user", "hello", "done"),
        ("assistant", "and hello.", "done"),
        ("user", "is it?", "done"),
        ("assistant", "and hello.", "done"),
    ]


def test_temporary_prompt_json_and_no_terminal_store_nothing(script, capsys, monkeypatch):
    script()
    monkeypatch.setattr("builtins.input", lambda prompt: (_ for _ in ()).throw(EOFError))
    monkeypatch.setattr("sys.stdin", io.StringIO("hello\n"))
    for flags in (["--temporary"], ["--prompt", "hello"], ["--json"], []):
        assert cli.main(["chat", *flags], LOCK) == 0
    assert "no terminal: this chat is not stored" in capsys.readouterr().err
    assert not Profile().folder.exists()


@pytest.fixture
def person(script, monkeypatch):
    """person(key, *passphrases): someone at a terminal without a keyring."""
    script()

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    def sit_down(key, *passphrases, lines=("hello",)):
        typed, waiting = iter(passphrases), iter(lines)

        def one_key(offer, keys):
            note(offer)
            return key

        def line(prompt):
            try:
                return next(waiting)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("sys.stdin", Terminal())
        monkeypatch.setattr("app.cli.opening.is_terminal", lambda: True)
        monkeypatch.setattr("app.cli.passphrases.is_terminal", lambda: True)
        monkeypatch.setattr("app.cli.opening.one_key", one_key)
        monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
        monkeypatch.setattr("builtins.input", line)
        return cli.main(["chat", "--temperature", "0"], LOCK)

    return sit_down


def test_without_a_keyring_one_key_chooses_a_passphrase(person, capsys):
    assert person("p", "short", "short", "mistyped one", "another", WORDS, WORDS) == 0
    err = capsys.readouterr().err
    assert "t  a temporary chat: nothing is stored" in err
    assert "at least 8 characters" in err
    assert "not the same" in err
    assert told(kept()[0])[0] == ("user", "hello", "done")


def test_without_a_keyring_one_key_chooses_a_temporary_chat(person, capsys):
    assert person("t") == 0
    assert "This chat is temporary" in capsys.readouterr().out
    assert not Profile().envelope.exists()


def test_without_a_keyring_one_key_leaves(person):
    assert person("q") == 130
    assert not Profile().envelope.exists()


@pytest.fixture
def lost_database():
    """A history under a passphrase, with a backup, whose database is gone."""
    door = new_door(Holder.COMMAND)
    door.open()
    state = door.begin_under_passphrase(WORDS)
    assert isinstance(state, Ready)
    state.history.store.create("before")
    state.history.back_up()
    state.history.close()
    Profile().database.unlink()


def test_what_cant_be_opened_comes_back_by_one_key(person, lost_database, capsys):
    assert person("b", WORDS, WORDS, WORDS) == 0
    err = capsys.readouterr().err
    assert "is missing" in err
    assert "b  put the newest backup in its place" in err
    assert [told(chat)[:1] for chat in kept()] == [[], [("user", "hello", "done")]]


def test_what_cant_be_opened_leaves_a_temporary_chat(person, lost_database, capsys):
    assert person("t", WORDS) == 0
    assert "This chat is temporary" in capsys.readouterr().out
    assert not Profile().database.exists()


def test_a_history_in_use_leaves_a_temporary_chat_or_another_try(person, capsys):
    with Profile().lock(Holder.WINDOW):
        assert person("t") == 0
        shown = capsys.readouterr()
    assert "Pitcher's window has this history open" in shown.err
    assert "r  try again" in shown.err
    assert "This chat is temporary" in shown.out


def test_a_card_that_fails_takes_nothing_of_the_chat_and_the_processor_goes_on(script, talk):
    made = script()

    def failing(events):
        """As the engine ends an answer whose card is lost, after some of it was said."""
        if getattr(made["engine"], "card_failed", False):
            for event in events:
                yield event
                if isinstance(event, Token) and "hello" in event.text:
                    raise CardFailedError("The graphics card stopped answering (X).")
        yield from events

    made["around"] = failing
    load = make_failing(made)
    code, _, err = talk(["hello", load, "is it?", "/processor"])
    assert code == 0
    assert "The graphics card stopped answering (X). The chat is kept as it is" in err
    assert "/processor goes on there" in err
    (messages,) = kept()
    assert [(role, text) for role, text, state in told(messages) if state == "done"] == [
        ("user", "hello"), ("assistant", "and hello."),
        ("user", "is it?"), ("assistant", "and hello."),
    ]  # fmt: skip


def make_failing(made):
    """Typed between two questions: from now on the card fails, until the processor goes on."""

    def fail():
        engine = made["engine"]
        engine.card_failed = True
        engine.continue_on_processor = lambda: setattr(engine, "card_failed", False)
        return "/help"

    return fail
