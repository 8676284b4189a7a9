"""A scripted engine and a window around it, for every test of the window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inference.card_use import CardUse
from inference.events import (
    Channel,
    ContextUse,
    Event,
    Finished,
    FinishReason,
    LoadProgress,
    Overflow,
    PrefillProgress,
    Provenance,
    Recast,
    Statistics,
    Token,
)
from inference.request import GenerateRequest, OverflowChoice, SamplerSettings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.airlock.report import LockReport
    from app.application import Application
    from app.bridge.engine_port import OpenModel
    from app.chats.profile_opening import HistoryDoor

PROVENANCE = Provenance(1, "fake", "llama", "Q4_1", "1", "fast", 1, 7)


@dataclass(frozen=True)
class FakeInfo:
    name: str = "Fake-135M"
    architecture: str = "llama"
    quantization: str = "Q4_1"
    parameters: int = 134_515_008
    file_bytes: int = 98_000_000


def finished(reason: FinishReason, prompt: int = 10, generated: int = 5) -> Finished:
    return Finished(reason, Statistics(prompt, 0, generated, 1.0, 2.0, 12.34, 4), PROVENANCE)


@dataclass
class FakeEngine:
    """Answers with `words`. With `gate` set it waits after the first word until it opens, with
    `thinking_gate` after the thoughts, until it opens or the answer is wanted now."""

    words: tuple[str, ...] = ("Paris", " is", " the", " capital.")
    reasoning: tuple[str, ...] = ()
    recast_words: tuple[str, ...] = ()
    thinks: bool = True
    reason: FinishReason = FinishReason.STOP
    overflow: Overflow | None = None
    failure: BaseException | None = None
    gate: threading.Event | None = None
    thinking_gate: threading.Event | None = None
    context_tokens: int = 4096
    info: FakeInfo = FakeInfo()
    card_use: CardUse | None = None
    requests: list[GenerateRequest] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    used_threads: list[int] = field(default_factory=list)
    is_unloaded: bool = False
    forgotten: int = 0
    cancelled: threading.Event = field(default_factory=threading.Event)
    hurried: threading.Event = field(default_factory=threading.Event)

    def generate(self, request: GenerateRequest) -> Iterator[Event]:
        self.cancelled.clear()
        self.hurried.clear()
        self.requests.append(request)
        self.threads.add(threading.get_ident())
        if self.overflow is not None:
            drops = request.on_overflow is OverflowChoice.DROP_OLDEST
            yield replace(self.overflow, dropped=drops)
            if not drops:
                yield finished(FinishReason.OVERFLOW, self.overflow.prompt_tokens, 0)
                return
        yield ContextUse(self.context_tokens, 1, 2, 3, 4, 512)
        yield PrefillProgress(10, 10, 0)
        yield from self._think()
        if self.recast_words:
            for number, text in enumerate(self.recast_words):
                yield Token(number, text, Channel.ANSWER)
            yield Recast()
            yield Token(99, "\n</think>\n", Channel.MARKER)
        for number, text in enumerate(self.words):
            if self.cancelled.is_set():
                yield finished(FinishReason.CANCELLED, generated=number)
                return
            yield Token(number, text, Channel.ANSWER)
            if number == 0 and self.gate is not None:
                while not self.gate.wait(0.005):
                    if self.cancelled.is_set():
                        break
        if self.failure is not None:
            raise self.failure
        yield finished(self.reason)

    def _think(self) -> Iterator[Event]:
        for number, text in enumerate(self.reasoning):
            if self.cancelled.is_set():
                return
            yield Token(number, text, Channel.REASONING)
        while self.thinking_gate is not None and not self.thinking_gate.wait(0.005):
            if self.cancelled.is_set() or self.hurried.is_set():
                break
        if self.reasoning:
            yield Token(98, "\n</think>\n\n", Channel.MARKER)

    @property
    def default_threads(self) -> int:
        return 4

    def continue_on_processor(self) -> None:
        if self.card_use is not None and self.failure is not None:
            self.card_use = self.card_use.without(str(self.failure))
        self.failure = None

    def use_threads(self, threads: int) -> None:
        self.used_threads.append(threads)

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        return tuple(len(text.split()) for text in texts)

    def cancel(self) -> None:
        self.cancelled.set()

    def answer_now(self) -> None:
        self.hurried.set()

    def forget(self) -> None:
        self.forgotten += 1

    def unload(self) -> None:
        self.is_unloaded = True


@dataclass
class FakeOpener:
    """Opens a fake engine; with `gate` set, not before it opens."""

    engine: FakeEngine = field(default_factory=FakeEngine)
    name: str = "Fake-135M"
    is_starter: bool = True
    gate: threading.Event | None = None
    failure: BaseException | None = None
    is_closed: bool = False
    loads: int = 0

    def __call__(self, on_progress: Callable[[LoadProgress], None]) -> OpenModel:
        from app.bridge.engine_port import OpenModel

        self.loads += 1
        on_progress(LoadProgress("Mapping the weights", 1, 2))
        while self.gate is not None and not self.gate.wait(0.005):
            on_progress(LoadProgress("Mapping the weights", 1, 2))
        if self.failure is not None:
            raise self.failure
        return OpenModel(
            self.engine, self.name, self.is_starter, SamplerSettings(seed=3), self._close
        )

    def _close(self) -> None:
        self.is_closed = True


@pytest.fixture
def fake_engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def fake_opener(fake_engine: FakeEngine) -> FakeOpener:
    return FakeOpener(fake_engine)


@pytest.fixture
def enforced() -> LockReport:
    from app.airlock.report import Attempt, LockReport, LockState

    attempts = (Attempt("TCP, IPv4", True, "EPERM"), Attempt("io_uring", True, "EPERM"))
    return LockReport(LockState.ENFORCED, "Every attempt was refused.", attempts)


@pytest.fixture
def open_window(
    qtbot, qapp, tmp_path: Path, enforced, fake_opener, history_door
) -> Iterator[Callable]:
    """Makes a window with the scripted engine; ends its threads after the test."""
    from app.application import Application
    from app.bridge.history_states import Opening
    from app.settings import SUGGEST_TITLES, WELCOMED, Settings
    from app.theme.assets import load_fonts

    load_fonts()
    opened: list[Application] = []

    def make(
        opener=None,
        lock=None,
        width: int = 1280,
        height: int = 800,
        waits: bool = True,
        door: HistoryDoor | None = None,
        passphrase: str | None = None,
        suggests_titles: bool = False,
        is_new: bool = False,
    ) -> Application:
        settings = Settings(tmp_path / "settings.json")
        settings.change(WELCOMED, not is_new)
        settings.change(SUGGEST_TITLES, suggests_titles)
        chosen = opener or fake_opener
        application = Application(
            qapp,
            lock or enforced,
            settings,
            chosen,
            door=door or history_door,
            passphrase=passphrase,
        )
        opened.append(application)
        application.window.resize(width, height)
        application.start()
        qtbot.waitExposed(application.window)
        application.window.activateWindow()
        qtbot.waitUntil(application.window.isActiveWindow)
        if waits or door is None:
            # What was typed before a history is open has no place yet.
            qtbot.waitUntil(lambda: not isinstance(application.history.state, Opening))
        application.window.page_now().take_focus()
        if waits:
            qtbot.waitUntil(lambda: application.page.header.model.text() == "Fake-135M")
        return application

    yield make
    for application in opened:
        application.theme.set_text(100, is_system_font=False)  # the process's, not the window's
        application.close()
        application.window.hide()
        application.window.deleteLater()
        application.deleteLater()
    qtbot.wait(1)


@pytest.fixture
def bare_window(qtbot) -> Callable[[int, int], QWidget]:
    """Shows an empty window of a width and a height."""
    from PySide6.QtWidgets import QWidget

    def show(width: int, height: int) -> QWidget:
        made = QWidget()
        qtbot.addWidget(made)
        made.resize(width, height)
        made.show()
        return made

    return show


@pytest.fixture
def speak() -> Iterator[Callable[[str], None]]:
    """Change the language of numbers and dates until the test is over."""
    from PySide6.QtCore import QLocale

    before = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(before)


@pytest.fixture
def application(qapp, monkeypatch):
    """Takes translators, and is as it was when the test is over."""
    from PySide6.QtCore import QLocale

    before, installed = QLocale(), []
    monkeypatch.delenv("PITCHER_LANGUAGE", raising=False)
    install = qapp.installTranslator

    def kept(translator):
        installed.append(translator)
        return install(translator)

    monkeypatch.setattr(qapp, "installTranslator", kept)
    yield qapp
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(before)


@pytest.fixture
def german(application):
    """The window's words are German until the test is over."""
    from app import translations
    from app.settings import Language

    translations.install(application, Language.GERMAN)
    return application
