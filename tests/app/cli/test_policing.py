"""What an administrator locked holds in the terminal too, and it says who decided."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pty
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.chats.history_states import Ready
from app.chats.model import TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep.notes import write_numbers
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from app.cli import policing
from app.cli.failure import CommandError
from app.cli.idleness import IdleLimit, LeftAloneError, line_within
from app.cli.talk import talk

CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
DAY_MS = 86_400_000
LOCK = LockReport(LockState.NOT_TESTED, "a test")


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """policy(text): what the administrator wrote; the file."""
    file: Path = tmp_path / "policy.toml"
    monkeypatch.setattr("app.paths.policy_file", lambda: file)

    def write(text: str) -> Path:
        file.write_text(text, encoding="utf-8")
        return file

    return write


def flags(command: str = "chat", threads: int | None = None) -> argparse.Namespace:
    return argparse.Namespace(command=command, threads=threads)


def test_without_a_policy_everything_is_the_users(policy, capsys):
    arguments = flags(threads=3)
    policing.obey(arguments)
    assert arguments.threads == 3
    assert policing.idle_limit() is None
    assert capsys.readouterr().err == ""


def test_the_users_own_settings_are_the_windows(policy, tmp_path):
    settings = tmp_path / "home" / "config" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"threads": 2, "auto_lock_minutes": 5}')
    arguments = flags()
    policing.obey(arguments)
    assert arguments.threads is None
    assert policing.idle_limit() is None


@pytest.mark.parametrize(("locked", "asked", "wanted"), [(2, None, 2), (2, 2, 2), (0, None, None)])
def test_locked_threads_hold(policy, locked, asked, wanted):
    policy(f"[settings]\nthreads = {locked}\n")
    arguments = flags(threads=asked)
    policing.obey(arguments)
    assert arguments.threads == wanted


@pytest.mark.parametrize(("locked", "named"), [(2, "2"), (0, "as many as fit")])
def test_other_threads_are_refused_with_the_file(policy, locked, named):
    file = policy(f"[settings]\nthreads = {locked}\n")
    with pytest.raises(CommandError, match=rf"organisation in {file}: {named}\. "):
        policing.obey(flags(threads=5))


def test_whether_cards_are_used_holds_and_the_other_is_refused_with_the_file(policy):
    arguments = argparse.Namespace(command="chat", gpu=False)
    policing.obey(arguments)
    assert arguments.gpu is False, "without a policy the terminal goes by its flag alone"
    policy("[settings]\ngraphics_card = true\n")
    policing.obey(arguments)
    assert arguments.gpu is True
    file = policy("[settings]\ngraphics_card = false\n")
    with pytest.raises(CommandError, match="not used, as set by your organisation") as raised:
        policing.obey(arguments)
    assert str(file) in str(raised.value)
    arguments.gpu = False
    policing.obey(arguments)
    assert arguments.gpu is False


def test_a_command_without_threads_is_let_be(policy):
    policy("[settings]\nthreads = 2\n")
    policing.obey(argparse.Namespace(command="tokenize"))


@pytest.mark.parametrize(
    ("command", "is_told"), [("chat", True), ("chats", True), ("models", True), ("template", False)]
)
def test_a_policy_that_can_not_be_read_is_told_and_the_strictest_holds(
    policy, capsys, command, is_told
):
    file = policy("[settings\n")
    policing.obey(argparse.Namespace(command=command))
    told = capsys.readouterr().err
    assert (str(file) in told) is is_told
    limit = policing.idle_limit()
    assert limit is not None
    assert limit.seconds == 60
    assert str(file) in limit.why


def test_the_time_for_locking_is_the_terminals_too(policy):
    file = policy("[settings]\nauto_lock_minutes = 15\n")
    limit = policing.idle_limit()
    assert limit is not None
    assert limit.seconds == 15 * 60
    assert "15 minutes" in limit.why
    assert str(file) in limit.why
    policy("[settings]\nauto_lock_minutes = 0\n")
    assert policing.idle_limit() is None


def test_where_it_can_not_be_kept_to_nothing_is_opened(policy, monkeypatch):
    policy("[settings]\nauto_lock_minutes = 1\n")
    monkeypatch.delattr(signal, "setitimer")
    with pytest.raises(CommandError, match=r"after 1 minute, .* Use the window"):
        policing.idle_limit()


@pytest.fixture
def history():
    door = HistoryDoor(Profile(), Holder.COMMAND, Keyrings({}), CHEAP)
    door.open()
    state = door.begin_under_passphrase("rain on the roof")
    assert isinstance(state, Ready)
    yield state.history
    door.close()


def age(history, chat_id: int, days: int) -> None:
    now_ms = time.time_ns() // 1_000_000
    with history.store.database.write() as cursor:
        cursor.execute(
            "UPDATE conversation SET created_at_ms = ?1, updated_at_ms = ?1 WHERE id = ?2",
            (now_ms - days * DAY_MS, chat_id),
        )


def trust_clock(history) -> None:
    """As if this program had run an hour ago: a clock that jumped deletes nothing."""
    now_ms = time.time_ns() // 1_000_000
    with history.store.database.write() as cursor:
        write_numbers(cursor, "retention_clock", [[now_ms - DAY_MS // 24, 0]])


def test_old_chats_go_as_soon_as_the_history_is_open(policy, history, capsys):
    old, young = (
        history.store.start(title, [TextPart("x")]).conversation_id for title in ("old", "young")
    )
    age(history, old, 31)
    age(history, young, 29)
    trust_clock(history)
    policing.delete_old(history)
    assert len(history.store.conversations()) == 2, "nothing is locked"
    file = policy("[settings]\ndelete_after_days = 30\n")
    policing.delete_old(history)
    assert [chat.title for chat in history.store.conversations()] == ["young"]
    told = capsys.readouterr().err
    assert "1 chat" in told
    assert str(file) in told


def test_a_damaged_policy_deletes_nothing(policy, history):
    old = history.store.start("old", [TextPart("x")]).conversation_id
    age(history, old, 4000)
    trust_clock(history)
    policy("[settings\n")
    policing.delete_old(history)
    assert len(history.store.conversations()) == 1


# ---------------------------------------------------------------------- what is forbidden

HASH = "5f" * 32
UNUSABLE = "[restrictions]\nexport_off = true\n"


@pytest.mark.parametrize("text", ["[restrictions]\nexports_off = true\n", UNUSABLE])
def test_exports_are_refused_before_the_history_is_opened(policy, capsys, text):
    file = policy(text)
    assert cli.main(["chats", "export", "--to", "nowhere.json"], LOCK) == 1
    assert f"Exports are off, as set by your organisation in {file}." in capsys.readouterr().err


def test_without_that_line_exports_are_allowed(policy):
    policing.refuse_exports()
    policy("[restrictions]\nexports_off = false\n")
    policing.refuse_exports()


@pytest.mark.parametrize(
    "argv",
    [
        ("chat", "--prompt", "Hello"),
        ("bench", "--model", "starter", "--decode", "1"),
        ("tokenize", "--model", "starter", "x"),
        ("models", "inspect", "starter"),
        ("models", "prepare", "starter"),
    ],
)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"[restrictions]\nallowed_model_sha256 = ['{HASH}']\n", "not among the models that"),
        ("[restrictions]\nallowed_model_sha256 = []\n", "Your organisation allows no model"),
        (UNUSABLE, "No model is opened until the policy"),
    ],
)
def test_a_model_that_is_not_allowed_is_opened_by_no_command(policy, capsys, argv, text, why):
    file = policy(text)
    assert cli.main(list(argv), LOCK) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert why in told.err
    assert str(file) in told.err


def test_a_model_that_is_allowed_is_opened(policy, capsys, starter_path):
    found = hashlib.sha256(starter_path.read_bytes()).hexdigest()
    policy(f"[restrictions]\nallowed_model_sha256 = ['{found}']\n")
    assert cli.main(["tokenize", "--model", "starter", "x"], LOCK) == 0
    assert capsys.readouterr().out.strip()


def test_the_classification_is_asked_for_at_each_command(policy):
    assert policing.banner() is None
    policy("[restrictions]\nbanner_text = 'SECRET\u202e'\n")
    found = policing.banner()
    assert found is not None
    assert found.words == "SECRET‹U+202E›"
    policy("")
    assert policing.banner() is None


def test_doctor_and_audit_say_what_was_decided(policy, capsys):
    assert cli.main(["doctor"], LOCK) == 0
    told = capsys.readouterr().out
    assert "policy     none" in told
    file = policy(
        "[settings]\nthreads = 2\n[restrictions]\nair_gapped = true\nexports_off = true\n"
        "updates_off = true\n"
        f"allowed_model_sha256 = ['{HASH}']\nbanner_text = 'SECRET'\n"
    )
    assert cli.main(["doctor"], LOCK) == 0
    told = capsys.readouterr().out
    air_gap = f"Air-gapped, as set by your organisation in {file}: nothing is downloaded."
    for words in (
        f"policy     {file}",
        "locked settings: threads",
        "exports are off",
        "updates are off",
        "models allowed by their SHA-256: 1",
        "classification: SECRET",
        air_gap,
    ):
        assert words in told
    cli.main(["audit"], LOCK)
    assert air_gap in capsys.readouterr().out
    cli.main(["audit", "--json"], LOCK)
    assert json.loads(capsys.readouterr().out)["policy"] == {
        "file": str(file),
        "problem": None,
        "locked": ["threads"],
        "air_gapped": True,
        "exports_off": True,
        "updates_off": True,
        "allowed_models": 1,
        "banner": "SECRET",
    }
    policy(UNUSABLE)
    assert cli.main(["doctor", "--json"], LOCK) == 0
    found = json.loads(capsys.readouterr().out)["policy"]
    assert str(file) in found["problem"]
    assert (found["air_gapped"], found["exports_off"], found["allowed_models"]) == (True, True, 0)


# ---------------------------------------------------------------------- nobody types


@pytest.fixture
def keyboard(monkeypatch):
    """A terminal's other end; what is written there is typed."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        yield lambda text: os.write(ours, text.encode())
    os.close(ours)


def test_a_line_that_comes_in_time_is_a_line(keyboard):
    threading.Timer(0.1, keyboard, ("hello\n",)).start()
    assert line_within(IdleLimit(5, "late"), "> ") == "hello"
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_nobody_types_and_the_waiting_ends(keyboard):
    before, since_s = signal.getsignal(signal.SIGALRM), time.monotonic()
    with pytest.raises(LeftAloneError, match="late"):
        line_within(IdleLimit(0.3, "late"), "> ")
    assert 0.3 <= time.monotonic() - since_s < 3
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_whoever_types_is_there(keyboard, monkeypatch):
    import readline

    started_s = time.monotonic()

    def typed() -> str:
        return "x" * int((time.monotonic() - started_s) / 0.1) if still_types() else "done"

    def still_types() -> bool:
        return time.monotonic() - started_s < 1.0

    monkeypatch.setattr(readline, "get_line_buffer", typed)
    with pytest.raises(LeftAloneError):
        line_within(IdleLimit(0.4, "late"), "> ")
    assert time.monotonic() - started_s >= 1.3


class Nothing:
    thinking = budget_tokens = None

    def answer(self, text):
        raise AssertionError(text)

    def take_back(self):
        return None

    def drop_oldest(self):
        pass


def test_a_chat_that_is_left_alone_ends_and_says_why(keyboard, capsys):
    assert talk(Nothing(), thinks=False, limit=IdleLimit(0.2, "Nobody typed.")) == 0
    assert "Nobody typed." in capsys.readouterr().err
