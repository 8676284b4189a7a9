"""`chat`: in the terminal, one answer with --prompt, or JSON lines for programs.

A chat that a person types is stored, each question before it is asked (`keeping`); one answer
and JSON lines never are. Ctrl-C stops the answer; a second one, or one at the prompt, leaves.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

from app.airlock.report import LockReport, LockState
from app.chats.errors import ChatsError
from app.cli import policing
from app.cli.parser import with_flags
from app.cli.printers import JsonPrinter, Printer, TextPrinter
from app.cli.services import load_engine, template_worker
from app.cli.talk import keys_steer, talk
from app.cli.terminal import note, show, typed
from app.library.models import ModelChoice, resolve
from inference.events import Channel, Event, Finished, FinishReason, Recast, Token
from inference.request import GenerateRequest, Message, OverflowChoice, SamplerSettings

if TYPE_CHECKING:
    from app.cli.keeping import Keeper
    from inference.engine import Engine


class TerminalChat:
    """A conversation with one model; what is on the disk of it is `keeper`'s."""

    def __init__(
        self,
        engine: Engine,
        arguments: argparse.Namespace,
        sampler: SamplerSettings,
        printer: Printer,
        keeper: Keeper | None = None,
    ) -> None:
        self._engine = engine
        self._keeper = keeper
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
        """Ask and print; the model reads the turn again unless there was no answer."""
        if self._keeper is not None:
            try:
                self._keeper.ask(text)
            except ChatsError as error:
                note(f"{error} The question was not asked.")
                return FinishReason.CANCELLED
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
        answering = nullcontext() if self._keeper is None else self._keeper.answering()
        with keys_steer(self._engine), answering as kept, _ended(self._engine, request) as events:
            for event in events:
                self._printer.take(event)
                if kept is not None:
                    kept.take(event)
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

    def continue_on_processor(self) -> None:
        """After the card failed."""
        self._engine.continue_on_processor()

    def take_back(self) -> str | None:
        """Forget the last question and its answer, if it got one; the question."""
        if self._is_answered:
            del self._messages[-2:]
            self._is_answered = False
        if self._keeper is not None:
            self._keeper.take_back()
        return self._question

    def drop_oldest(self) -> None:
        """From now on leave out what does not fit; each time it is said."""
        self._on_overflow = OverflowChoice.DROP_OLDEST


@contextmanager
def _ended(engine: Engine, request: GenerateRequest) -> Iterator[Iterator[Event]]:
    """An answer's events, which end with the block: the engine waits for that to be unloaded."""
    events = engine.generate(request)
    try:
        yield events
    finally:
        if isinstance(events, Generator):
            events.close()


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Chat as the flags say; raises InferenceError, NoSuchModelError, ChatsError."""
    model = resolve(arguments.model)
    with _kept(arguments) as keeper:
        return _run(arguments, lock, model, keeper)


@contextmanager
def _kept(arguments: argparse.Namespace) -> Iterator[Keeper | None]:
    """The history, open, where a person types; or None."""
    is_typed = arguments.prompt is None and not arguments.json
    if not is_typed or arguments.temporary or not _may_open(arguments):
        yield None
        return
    from app.chats.history import History
    from app.chats.profile import Holder
    from app.cli.chats import new_door
    from app.cli.keeping import Keeper
    from app.cli.opening import opened_for_chat
    from app.cli.passphrases import Passphrases

    policing.idle_limit()  # before the history is opened: it may be that it can't be kept to
    door = new_door(Holder.TERMINAL)
    try:
        with closing(Passphrases(arguments.passphrase_fd)) as passphrases:
            history = opened_for_chat(door, passphrases)
        if isinstance(history, History):
            policing.delete_old(history)
        system = None if arguments.system is None else typed(arguments.system)
        keeper = Keeper(history, system)
        in_haste = False
        try:
            yield keeper
        except SystemExit:  # asked to leave: within seconds
            in_haste = True
            raise
        finally:
            keeper.close(in_haste=in_haste)
    finally:
        door.close()


def _may_open(arguments: argparse.Namespace) -> bool:
    """Whether someone is there who could be asked, or the passphrase comes along."""
    if arguments.passphrase_fd is not None or sys.stdin.isatty():
        return True
    note("Input comes from no terminal: this chat is not stored.")
    return False


def _run(
    arguments: argparse.Namespace, lock: LockReport, model: ModelChoice, keeper: Keeper | None
) -> int:
    if arguments.prompt is None and not arguments.json:
        note(f"Loading {model.title or model.name}…")
    with template_worker() as worker:
        engine = load_engine(model.path, arguments, worker, model.title)
        try:
            recommended = model.recommended or engine.recommended_for(arguments.think)
            sampler = with_flags(recommended, arguments)
            if arguments.think and not engine.thinks:
                note("This model does not think aloud, so --think changes nothing.")
            chat = TerminalChat(engine, arguments, sampler, _printer(arguments, engine), keeper)
            if arguments.prompt is not None:
                return _once(chat, typed(arguments.prompt))
            if arguments.json:
                return _lines(chat)
            return _interactive(chat, model, engine, lock, keeper)
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


def _interactive(
    chat: TerminalChat,
    model: ModelChoice,
    engine: Engine,
    lock: LockReport,
    keeper: Keeper | None,
) -> int:
    if banner := policing.banner():
        show(banner.words)
    show(
        f"{model.title or engine.info.name}, {engine.info.parameters / 1e6:,.0f} million parameters"
    )
    if model.is_starter:
        show("A small model that shows that everything works; its answers are often wrong.")
    if lock.state is LockState.ENFORCED:
        show("What you type stays on this computer: the system blocks the network.")
    else:
        show(f"Not enforced: {lock.reason}")
    if keeper is None or keeper.is_temporary:
        show("This chat is temporary: nothing of it is stored.")
    else:
        show("This chat is kept, encrypted; “chats list” shows all of them.")
    is_kept = keeper is not None and not keeper.is_temporary
    return talk(chat, thinks=engine.thinks, limit=policing.idle_limit() if is_kept else None)
