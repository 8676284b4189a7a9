"""`chat`: in the terminal, one answer with --prompt, or JSON lines for programs.

Nothing is stored. Ctrl-C stops the answer; a second one, or one at the prompt, leaves.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from app.airlock.report import LockReport, LockState
from app.cli.parser import with_flags
from app.cli.services import load_engine, template_worker
from app.cli.terminal import note, show, show_json, typed
from app.library.models import ModelChoice, resolve
from inference.events import Finished, FinishReason, Overflow, Token
from inference.request import GenerateRequest, Message, SamplerSettings

if TYPE_CHECKING:
    from inference.engine import Engine


class _Printer(Protocol):
    """Where an answer goes."""

    def token(self, token: Token) -> None:
        """One more token."""

    def finished(self, finished: Finished) -> None:
        """The answer has ended."""


class _JsonPrinter:
    """One object a line."""

    def token(self, token: Token) -> None:
        show_json({"type": "token", **asdict(token)})

    def finished(self, finished: Finished) -> None:
        show_json({"type": "finished", "reason": finished.reason, **asdict(finished.statistics)})


class _TextPrinter:
    """The answer's text as it grows."""

    def token(self, token: Token) -> None:
        show(token.text, end="")

    def finished(self, finished: Finished) -> None:
        show("")
        if finished.reason is FinishReason.CANCELLED:
            note("Stopped. The answer so far is kept.")


class TerminalChat:
    """A conversation with one model; keeps its messages, and nothing on disk."""

    def __init__(self, engine: Engine, arguments: argparse.Namespace, sampler: SamplerSettings):
        self._engine = engine
        self._sampler = sampler
        self._max_tokens: int | None = arguments.max_tokens
        self._printer: _Printer = _JsonPrinter() if arguments.json else _TextPrinter()
        self._messages: list[Message] = []
        if arguments.system is not None:
            self._messages.append(Message("system", typed(arguments.system)))

    def answer(self, text: str) -> FinishReason:
        """Ask and print; the turn is kept unless the prompt did not fit."""
        messages = (*self._messages, Message("user", text))
        request = GenerateRequest(messages, self._sampler, self._max_tokens)
        said: list[str] = []
        reason = FinishReason.CANCELLED
        with _interrupts_cancel(self._engine):
            for event in self._engine.generate(request):
                match event:
                    case Token():
                        said.append(event.text)
                        self._printer.token(event)
                    case Overflow():
                        note(_overflow_sentence(event))
                    case Finished():
                        reason = event.reason
                        self._printer.finished(event)
        if reason is not FinishReason.OVERFLOW:
            self._messages = [*messages, Message("assistant", "".join(said))]
        return reason


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Chat as the flags say; raises InferenceError and NoSuchModelError."""
    model = resolve(arguments.model)
    if arguments.prompt is None and not arguments.json:
        note(f"Loading {model.title or model.name}…")
    with template_worker() as worker:
        engine = load_engine(model.path, arguments.compute, arguments.threads, worker)
        sampler = with_flags(model.recommended or engine.recommended, arguments)
        chat = TerminalChat(engine, arguments, sampler)
        try:
            if arguments.prompt is not None:
                return _once(chat, typed(arguments.prompt))
            if arguments.json:
                return _lines(chat)
            return _interactive(chat, model, engine, lock)
        finally:
            engine.unload()


def _once(chat: TerminalChat, prompt: str) -> int:
    reason = chat.answer(prompt)
    if reason is FinishReason.CANCELLED:
        raise KeyboardInterrupt
    return 1 if reason is FinishReason.OVERFLOW else 0


def _lines(chat: TerminalChat) -> int:
    code = 0
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        if text and chat.answer(text) is FinishReason.OVERFLOW:
            code = 1
    return code


def _interactive(chat: TerminalChat, model: ModelChoice, engine: Engine, lock: LockReport) -> int:
    show(
        f"{model.title or engine.info.name}, {engine.info.parameters / 1e6:,.0f} million parameters"
    )
    if model.is_starter:
        show("A small model that shows that everything works; its answers are often wrong.")
    if lock.state is LockState.ENFORCED:
        show("What you type stays on this computer: the system blocks the network.")
    else:
        show(f"Not enforced: {lock.reason}")
    show("Ctrl-C stops an answer, Ctrl-D leaves.\n")
    with suppress(ImportError):
        # Line editing for `input`, where the system has it. Its history stays in memory.
        import readline  # noqa: F401
    while True:
        try:
            text = input("> ")
        except EOFError:
            show("")
            return 0
        if text.strip():
            chat.answer(text)
            show("")


@contextmanager
def _interrupts_cancel(engine: Engine) -> Iterator[None]:
    """While an answer grows, the first Ctrl-C cancels it and the second leaves."""
    interrupts = 0

    def on_interrupt(signum: int, frame: FrameType | None) -> None:
        nonlocal interrupts
        interrupts += 1
        if interrupts > 1:
            raise KeyboardInterrupt
        engine.cancel()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _overflow_sentence(event: Overflow) -> str:
    return (
        f"This no longer fits: the conversation has {event.prompt_tokens:,} tokens and the "
        f"context holds {event.context_tokens:,}. Start a new chat, or write less."
    )
