"""`chat`: in the terminal, one answer with --prompt, or JSON lines for programs.

Nothing is stored. Ctrl-C stops the answer; a second one, or one at the prompt, leaves.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from app.airlock.report import LockReport, LockState
from app.cli.parser import with_flags
from app.cli.printers import JsonPrinter, Printer, TextPrinter
from app.cli.services import load_engine, template_worker
from app.cli.talk import keys_steer, talk
from app.cli.terminal import note, show, typed
from app.library.models import ModelChoice, resolve
from inference.events import Channel, Finished, FinishReason, Recast, Token
from inference.request import GenerateRequest, Message, OverflowChoice, SamplerSettings

if TYPE_CHECKING:
    from inference.engine import Engine


class TerminalChat:
    """A conversation with one model; keeps its messages, and nothing on disk."""

    def __init__(
        self,
        engine: Engine,
        arguments: argparse.Namespace,
        sampler: SamplerSettings,
        printer: Printer,
    ) -> None:
        self._engine = engine
        self._sampler = sampler
        self._printer = printer
        self._max_tokens: int | None = arguments.max_tokens
        self._keep_thoughts: bool | None = arguments.keep_thoughts
        self._on_overflow: OverflowChoice = arguments.on_overflow
        self.thinking: bool | None = arguments.think
        self.budget_tokens: int | None = arguments.thinking_budget
        self._messages: list[Message] = []
        if arguments.system is not None:
            self._messages.append(Message("system", typed(arguments.system)))
        self._question: str | None = None
        self._is_answered = False

    def answer(self, text: str) -> FinishReason:
        """Ask and print; the turn is kept unless there was no answer."""
        self._question = text
        messages = (*self._messages, Message("user", text))
        request = GenerateRequest(
            messages,
            self._sampler,
            self._max_tokens,
            thinking=self.thinking,
            thinking_budget_tokens=self.budget_tokens,
            keep_thoughts=self._keep_thoughts,
            on_overflow=self._on_overflow,
        )
        answer, reasoning = "", ""
        reason = FinishReason.CANCELLED
        with keys_steer(self._engine):
            for event in self._engine.generate(request):
                self._printer.take(event)
                match event:
                    case Token(channel=Channel.ANSWER):
                        answer += event.text
                    case Token(channel=Channel.REASONING):
                        reasoning += event.text
                    case Recast():
                        reasoning, answer = reasoning + answer, ""
                    case Finished():
                        reason = event.reason
        self._is_answered = bool(answer)
        if answer:
            self._messages = [*messages, Message("assistant", answer, reasoning)]
        return reason

    def take_back(self) -> str | None:
        """Forget the last question and its answer, if it got one; the question."""
        if self._is_answered:
            del self._messages[-2:]
            self._is_answered = False
        return self._question

    def drop_oldest(self) -> None:
        """From now on leave out what does not fit; each time it is said."""
        self._on_overflow = OverflowChoice.DROP_OLDEST


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Chat as the flags say; raises InferenceError and NoSuchModelError."""
    model = resolve(arguments.model)
    if arguments.prompt is None and not arguments.json:
        note(f"Loading {model.title or model.name}…")
    with template_worker() as worker:
        engine = load_engine(model.path, arguments, worker)
        try:
            recommended = model.recommended or engine.recommended_for(arguments.think)
            sampler = with_flags(recommended, arguments)
            if arguments.think and not engine.thinks:
                note("This model does not think aloud, so --think changes nothing.")
            chat = TerminalChat(engine, arguments, sampler, _printer(arguments, engine))
            if arguments.prompt is not None:
                return _once(chat, typed(arguments.prompt))
            if arguments.json:
                return _lines(chat)
            return _interactive(chat, model, engine, lock)
        finally:
            engine.unload()


def _printer(arguments: argparse.Namespace, engine: Engine) -> Printer:
    """With --prompt, standard output has the answer alone: it may go into a file."""
    if arguments.json:
        return JsonPrinter()
    if arguments.prompt is None:
        return TextPrinter(sys.stdout)
    return TextPrinter(sys.stderr, holds_back=engine.thinks and not sys.stdout.isatty())


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
    return talk(chat, thinks=engine.thinks)
