"""Asking on a terminal: only what is typed after the question counts, and only y is yes."""

import os
import pty
import signal
import termios
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.airlock.courier import terminal
from app.airlock.courier.asking import AskingStoppedError, Option, Question, Reply, Row
from app.airlock.courier.errors import NoAskingError
from app.airlock.courier.terminal import TerminalAsker
from inference.sentence import said
from tests.flows.terminal import read_until

LIMIT_S = 30
ONE = Option(
    said("Q4"),
    (Row(said("Goes to"), said("{folder}", folder="/models/x"), is_name=True),),
    tuple(Row(said("{file}", file=f"file-{n}\x1b[2J"), said("1 KB")) for n in range(3)),
    said("Download 1 KB"),
)
QUESTION = Question(
    said("Download these files?"),
    said("Sent are their names."),
    (Row(said("Model"), said("{name}", name="owner/\u202ename"), is_name=True),),
    (ONE,),
    said(""),
    takes_token=False,
    takes_proxy=False,
)
TWO = replace(QUESTION, options=(ONE, replace(ONE, label=said("Q8"), action=said("Fetch Q8"))))


class Someone:
    """Who sits before the terminal."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        self.seen = ""

    def answers(self, *pairs: tuple[str, str]) -> threading.Thread:
        """Types each answer when its question is seen."""

        def type_them() -> None:
            for question, words in pairs:
                self.seen += read_until(self.master, LIMIT_S, question)
                os.write(self.master, words.encode())

        thread = threading.Thread(target=type_them)
        thread.start()
        return thread


@pytest.fixture
def someone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Someone]:
    made = Someone()
    monkeypatch.setattr(terminal, "_TERMINAL", os.ttyname(made.slave))
    yield made
    os.close(made.master)
    os.close(made.slave)


def ask(someone: Someone, question: Question, *pairs: tuple[str, str]) -> Reply | None:
    typist = someone.answers(*pairs)
    with TerminalAsker() as asker:
        reply = asker.ask(question, threading.Event())
    typist.join(LIMIT_S)
    return reply


@pytest.mark.parametrize("words", ["y\n", "Y\n", "yes\n", " y \n"])
def test_y_is_yes(someone: Someone, words: str) -> None:
    assert ask(someone, QUESTION, ("[y/N] ", words)) == Reply(0)


@pytest.mark.parametrize("words", ["\n", "n\n", "yep\n", "ja\n", "t\n", "p\n", "\x04"])
def test_anything_else_is_no(someone: Someone, words: str) -> None:
    assert ask(someone, QUESTION, ("[y/N] ", words)) is None


def test_all_of_it_is_shown_and_nothing_steers_the_terminal(someone: Someone) -> None:
    ask(someone, QUESTION, ("[y/N] ", "n\n"))
    for shown in ("Download these files?", "Sent are their names.", "Goes to: /models/x", "file-2"):
        assert shown in someone.seen
    assert "\x1b" not in someone.seen
    assert "\u202e" not in someone.seen
    assert "‹U+202E›" in someone.seen


def test_no_name_looks_like_another_line_of_the_question(someone: Someone) -> None:
    row = Row(said("Model"), said("{name}", name="a\n  Token sent: none"), is_name=True)
    file = Row(said("{file}", file="b\nc"), said("1 KB"))
    one = replace(ONE, label=said("{label}", label="d\r\ne"), files=(file,))
    ask(
        someone,
        replace(TWO, rows=(row,), options=(one, one)),
        ("Which one", "1\n"),
        ("[y/N]", "\n"),
    )
    for line in ("  Model: a Token sent: none", "    1  d e", "    b c  1 KB"):
        assert line in someone.seen.splitlines()


def test_what_was_typed_before_the_question_answers_nothing(someone: Someone) -> None:
    os.write(someone.master, b"y\n")
    assert ask(someone, QUESTION, ("[y/N] ", "n\n")) is None


def test_one_of_several_is_picked_by_its_number(someone: Someone) -> None:
    pairs = (("Which one, 1 to 2?", "2\n"), ("Fetch Q8? [y/N] ", "y\n"))
    assert ask(someone, TWO, *pairs) == Reply(1)
    assert "Q4" in someone.seen


@pytest.mark.parametrize("words", ["\n", "0\n", "3\n", "-1\n", "²\n", "1.0\n", "x\n"])
def test_a_number_that_there_is_not_is_no(someone: Someone, words: str) -> None:
    assert ask(someone, TWO, ("Which one", words)) is None


def test_a_token_is_not_shown_while_it_is_typed(someone: Someone) -> None:
    question = replace(QUESTION, takes_token=True)
    reply = ask(someone, question, ("[y/N]  t:", "t\n"), ("not stored): ", "hf_secret\n"))
    assert reply == Reply(0, token="hf_secret")
    os.set_blocking(someone.master, False)
    assert b"hf_secret" not in os.read(someone.master, 4096)


def test_a_token_that_is_pasted_at_once_is_neither_lost_nor_shown(
    someone: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = termios.tcsetattr

    def slowly(*arguments: Any) -> None:
        time.sleep(0.2)
        change(*arguments)

    monkeypatch.setattr(termios, "tcsetattr", slowly)
    question = replace(QUESTION, takes_token=True)
    reply = ask(someone, question, ("[y/N]  t:", "t\n"), ("not stored): ", "hf_secret\n"))
    assert reply == Reply(0, token="hf_secret")
    os.set_blocking(someone.master, False)
    assert b"hf_secret" not in os.read(someone.master, 4096)


def test_a_proxy_can_be_named(someone: Someone) -> None:
    question = replace(QUESTION, takes_proxy=True)
    pairs = (("p: name a proxy ", "p\n"), ("HOST:PORT: ", "http://p:3128\n"))
    assert ask(someone, question, *pairs) == Reply(0, proxy="http://p:3128")


@pytest.mark.parametrize(("letter", "prompt"), [("t", "not stored): "), ("p", "HOST:PORT: ")])
def test_an_empty_token_or_proxy_is_no(someone: Someone, letter: str, prompt: str) -> None:
    question = replace(QUESTION, takes_token=True, takes_proxy=True)
    pairs = (("name a proxy ", f"{letter}\n"), (prompt, "\n"))
    assert ask(someone, question, *pairs) is None


def test_a_question_that_is_taken_back_ends(someone: Someone) -> None:
    stopped = threading.Event()

    def stop() -> None:
        someone.seen += read_until(someone.master, LIMIT_S, "[y/N]")
        stopped.set()

    thread = threading.Thread(target=stop)
    thread.start()
    with TerminalAsker() as asker, pytest.raises(AskingStoppedError):
        asker.ask(QUESTION, stopped)
    thread.join(LIMIT_S)


def test_ctrl_c_is_no_while_it_is_asked_and_nothing_afterwards(someone: Someone) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        thread = _later(someone, lambda: os.kill(os.getpid(), signal.SIGINT))
        with TerminalAsker() as asker:
            assert asker.ask(QUESTION, threading.Event()) is None
        thread.join(LIMIT_S)
        os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def _later(someone: Someone, act: Callable[[], None]) -> threading.Thread:
    def wait() -> None:
        someone.seen += read_until(someone.master, LIMIT_S, "[y/N]")
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_why_stands_first(someone: Someone) -> None:
    ask(someone, replace(QUESTION, problem=said("A token is needed.")), ("[y/N] ", "n\n"))
    assert someone.seen.strip().startswith("A token is needed.")


def test_a_list_without_end_is_cut(someone: Someone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_MOST_FILES_SHOWN", 2)
    ask(someone, QUESTION, ("[y/N] ", "n\n"))
    assert "and 1 more" in someone.seen
    assert "file-2" not in someone.seen


def test_without_a_terminal_nobody_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_TERMINAL", "/no/terminal")
    with pytest.raises(NoAskingError, match="neither a display nor a terminal"):
        TerminalAsker()
