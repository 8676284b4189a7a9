"""Talking in the terminal: the prompt, a few commands, and what the keys do meanwhile."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from app.cli.idleness import IdleLimit, LeftAloneError, line_within
from app.cli.terminal import clear_screen, note, show
from inference.errors import CardFailedError

if TYPE_CHECKING:
    from inference.engine import Engine

_THINKING = {"on": True, "off": False, "auto": None}
_HELP = """\
/again               answer the last question once more
/edit TEXT           ask TEXT in place of the last question
/drop                leave out the oldest messages when they no longer fit
/think on|off|auto   let the model think first, or not
/budget N|off        end its thoughts after N tokens
/processor           go on without a graphics card that failed
/help                this list"""


class Conversation(Protocol):
    """What the commands change."""

    thinking: bool | None
    budget_tokens: int | None

    def answer(self, text: str) -> object:
        """Ask."""

    def take_back(self) -> str | None:
        """Forget the last question and its answer; the question."""

    def drop_oldest(self) -> None:
        """From now on leave out what does not fit."""

    def continue_on_processor(self) -> None:
        """After the card failed."""


def talk(chat: Conversation, *, thinks: bool, limit: IdleLimit | None = None) -> int:
    """Read lines and answer them until the end of the input, or until nobody has typed for as
    long as `limit` says; the exit code.
    """
    show(_hint(thinks) + "\n")
    with suppress(ImportError):
        # Line editing for `input`, where the system has it. Its history stays in memory.
        import readline  # noqa: F401
    with _quit_key_does_nothing():
        while True:
            try:
                line = line_within(limit, "> ")
            except EOFError:
                show("")
                return 0
            except LeftAloneError as error:
                clear_screen()
                note(str(error))
                return 0
            if line.strip() and not _obey(chat, line):
                _answer(chat, line)
                show("")


def _hint(thinks: bool) -> str:
    keys = "Ctrl-C stops an answer, Ctrl-D leaves."
    if thinks and hasattr(signal, "SIGQUIT"):
        keys = "Ctrl-C stops an answer, Ctrl-\\ ends its thoughts, Ctrl-D leaves."
    return f"{keys} /again answers once more, /help lists more."


def _obey(chat: Conversation, line: str) -> bool:
    """Whether the line was a command; what only looks like one is a message."""
    command, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    match command:
        case "/help":
            show(_HELP)
        case "/again" | "/drop" if not rest:
            if command == "/drop":
                chat.drop_oldest()
            _ask_again(chat, None)
        case "/processor" if not rest:
            chat.continue_on_processor()
            _ask_again(chat, None)
        case "/edit" if rest:
            _ask_again(chat, rest)
        case "/think" if rest in _THINKING:
            chat.thinking = _THINKING[rest]
            show(f"Thinking: {rest}.")
        case "/budget" if rest == "off" or rest.isdecimal():
            chat.budget_tokens = None if rest == "off" else int(rest)
            show("No budget for thoughts." if rest == "off" else f"Thoughts: {rest} tokens.")
        case _:
            return False
    return True


def _ask_again(chat: Conversation, instead: str | None) -> None:
    question = chat.take_back()
    if question is None:
        note("There is no question yet.")
        return
    _answer(chat, instead or question)
    show("")


def _answer(chat: Conversation, text: str) -> None:
    """An answer, or what a failed card asks of whoever sits here."""
    try:
        chat.answer(text)
    except CardFailedError as error:
        note(f"{error} /processor goes on there, and answers the question again.")


@contextmanager
def keys_steer(engine: Engine) -> Iterator[None]:
    """While an answer grows: the first Ctrl-C cancels it, the second leaves; Ctrl-\\ ends its
    thoughts."""
    interrupts = 0

    def on_interrupt(signum: int, frame: FrameType | None) -> None:
        nonlocal interrupts
        interrupts += 1
        if interrupts > 1:
            raise KeyboardInterrupt
        engine.cancel()

    def on_quit(signum: int, frame: FrameType | None) -> None:
        engine.answer_now()

    handlers = {signal.SIGINT: on_interrupt}
    if hasattr(signal, "SIGQUIT"):
        handlers[signal.SIGQUIT] = on_quit
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _quit_key_does_nothing() -> Iterator[None]:
    """At the prompt, where a late Ctrl-\\ would end the program with a core dump."""
    if not hasattr(signal, "SIGQUIT"):
        yield
        return
    before = signal.signal(signal.SIGQUIT, lambda signum, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGQUIT, before)
