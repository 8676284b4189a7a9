"""Asking on the terminal that the program was started from.

For: `role`, where there is no display or the user came by a terminal. It talks to the terminal
itself (`/dev/tty`), whatever input and output are connected to. What was typed before the question
stood there answers nothing. Only y is yes.
"""

from __future__ import annotations

import os
import select
import signal
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from app.airlock.courier.asking import AskingStoppedError, Option, Question, Reply, Row
from app.airlock.courier.errors import NoAskingError
from app.markup.visible import visible
from inference.sentence import said

_TERMINAL = "/dev/tty"
_SLICE_S = 0.2
_MOST_LINE_BYTES = 1_000
_MOST_FILES_SHOWN = 1_000
_YES = ("y", "yes")
_TOKEN, _PROXY = ("t", "token"), ("p", "proxy")


class TerminalAsker:
    """Asks there; a context manager that lets go of it."""

    def __init__(self) -> None:
        """Raises NoAskingError where the program has no terminal."""
        try:
            self._terminal = os.open(_TERMINAL, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise NoAskingError(
                said(
                    "There is neither a display nor a terminal to ask on, and nothing is "
                    "downloaded unasked."
                )
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._terminal)

    def ask(self, question: Question, stopped: threading.Event) -> Reply | None:
        """As `Asker.ask`; Ctrl-C and the end of the input are a no."""
        with _interrupts():
            try:
                return self._ask(question, stopped)
            except KeyboardInterrupt:
                self._write("\n")
                return None

    def _ask(self, question: Question, stopped: threading.Event) -> Reply | None:
        self._write("\n".join(_lines(question)) + "\n")
        option = self._pick(question, stopped)
        if option is None:
            return None
        chosen = question.options[option]
        if len(question.options) > 1:
            self._write("\n".join(_told(chosen)) + "\n")
        return self._answer(question, option, stopped)

    def _answer(self, question: Question, option: int, stopped: threading.Event) -> Reply | None:
        more = "  t: enter a token" if question.takes_token else ""
        more += "  p: name a proxy" if question.takes_proxy else ""
        answer = self._line(
            f"{question.options[option].action}? [y/N]{more} ", stopped, is_secret=False
        ).lower()
        if answer in _TOKEN and question.takes_token:
            typed = self._line("Token (not shown, not stored): ", stopped, is_secret=True)
            return Reply(option, token=typed) if typed else None
        if answer in _PROXY and question.takes_proxy:
            typed = self._line("Proxy, as http://HOST:PORT: ", stopped, is_secret=False)
            return Reply(option, proxy=typed) if typed else None
        return Reply(option) if answer in _YES else None

    def _pick(self, question: Question, stopped: threading.Event) -> int | None:
        count = len(question.options)
        if count == 1:
            return 0
        typed = self._line(f"Which one, 1 to {count}? (none: Enter) ", stopped, is_secret=False)
        fits = typed.isascii() and typed.isdecimal() and len(typed) < 5 and 0 < int(typed) <= count
        return int(typed) - 1 if fits else None

    # ---------------------------------------------------------------------- terminal

    def _line(self, prompt: str, stopped: threading.Event, *, is_secret: bool) -> str:
        """One line that was typed after the prompt stood there."""
        # Hidden first: what is pasted as soon as the prompt stands there is neither lost nor shown.
        with _hidden(self._terminal) if is_secret else _shown():
            with suppress(termios.error):
                termios.tcflush(self._terminal, termios.TCIFLUSH)
            self._write(prompt)
            typed = self._read(stopped)
        if is_secret:
            self._write("\n")
        return typed.decode("utf-8", "replace").strip()

    def _read(self, stopped: threading.Event) -> bytes:
        while not stopped.is_set():
            if select.select([self._terminal], [], [], _SLICE_S)[0]:
                return os.read(self._terminal, _MOST_LINE_BYTES)
        self._write("\n")
        raise AskingStoppedError

    def _write(self, text: str) -> None:
        """All of it, with nothing in it that could steer the terminal."""
        left = visible(text).encode("utf-8", "replace")
        while left:
            left = left[os.write(self._terminal, left) :]


def _lines(question: Question) -> Iterator[str]:
    yield ""
    if question.problem:
        yield question.problem
        yield ""
    yield str(question.title)
    yield str(question.words)
    yield from (_row(row) for row in question.rows)
    if len(question.options) == 1:
        yield from _told(question.options[0])
        return
    for number, option in enumerate(question.options, 1):
        yield f"  {number:>3}  {_on_one_line(option.label)}"


def _told(option: Option) -> Iterator[str]:
    yield from (_row(row) for row in option.rows)
    shown = option.files[:_MOST_FILES_SHOWN]
    yield from (f"    {_on_one_line(row.what)}  {row.value}" for row in shown)
    if len(option.files) > len(shown):
        yield f"    and {len(option.files) - len(shown):,} more"


def _row(row: Row) -> str:
    return f"  {row.what}: {_on_one_line(row.value)}"


def _on_one_line(words: str) -> str:
    """No name may look like another line of the question."""
    return " ".join(words.split())


@contextmanager
def _interrupts() -> Iterator[None]:
    """Ctrl-C is for the question while it stands; else it is the chat process's."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _hidden(terminal: int) -> Iterator[None]:
    """What is typed is not shown."""
    try:
        before = termios.tcgetattr(terminal)
    except termios.error:
        yield
        return
    quiet = [*before]
    quiet[3] = before[3] & ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSAFLUSH, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


@contextmanager
def _shown() -> Iterator[None]:
    yield
