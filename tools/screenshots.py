"""Renders the window's main states into a folder, for eyes and for the README.

`python -m tools.screenshots OUT [--scale 2] [--scheme dark] [--real]`: by default every state,
light and dark, at 100 % and 200 %, from a scripted engine and without a display. `--real`
asks the starter model instead, one picture. Each scale runs in a process of its own: Qt reads
it once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.airlock.report import Attempt, LockReport, LockState
from app.application import Application, FileModelOpener
from app.bridge.engine_port import ModelOpener, OpenModel
from app.chats.history_states import Ready
from app.pages.privacy.lock_dialog import LockDialog
from app.settings import THEME, Settings, ThemeChoice
from app.theme.assets import load_fonts
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
    Statistics,
    Token,
)
from inference.request import GenerateRequest, SamplerSettings
from tools.screenshot_home import Home

QUESTION = "A pitcher is 4 cm in radius and the water must rise by 4 cm. How much water is that?"
ANSWER = (
    "The water fills a cylinder of that height:\n\n"
    "V = π · r² · h = π · 4² · 4 ≈ 201 cm³, which is about 0.2 litres.\n\n"
    "The crow in the fable reaches it with pebbles instead: each one displaces its own volume, "
    "so 34 pebbles of 6 cm³ lift the water as far. 乌鸦喝水 is the same story in Chinese. 🐦"
)
THOUGHTS = (
    "The pitcher is a cylinder, so the volume is the area of the base times the height. The base "
    "has a radius of 4 cm, so its area is π · 16 ≈ 50.27 cm². The water must rise by 4 cm, so "
    "that is 50.27 · 4 ≈ 201.06 cm³. In litres: 0.201.\n\nWait, does it say that the water stands "
    "below the rim? Not here. The crow drops pebbles of 6 cm³ in the fable: 201.06 / 6 = 33.5, so "
    "34 pebbles. 乌鸦喝水. Packed loosely they leave gaps, but the question asks for the water "
    "alone, so that does not matter. I can answer now, and mention the pebbles as a"
)
SECOND = "And if the pitcher were a cone?\nIt is 5 cm wide at the rim."
REAL_QUESTION = "What is the capital of France?"
_WAIT_S = 60.0
_NAMES = ("TCP", "UDP", "TCP over IPv6", "netlink", "packet", "vsock", "io_uring", "ping")
ENFORCED = LockReport(
    LockState.ENFORCED,
    "Every attempt was refused.",
    tuple(Attempt(name, True, "EPERM: Operation not permitted") for name in _NAMES),
)
NOT_ENFORCED = LockReport(
    LockState.NOT_ENFORCED,
    "This kernel cannot filter system calls: the system does not block the network.",
)


@dataclass(frozen=True)
class ScriptedInfo:
    """What the scripted engine says of itself."""

    name: str = "SmolLM2-135M-Instruct"
    architecture: str = "llama"
    quantization: str = "Q4_1"
    parameters: int = 134_515_008
    file_bytes: int = 98_000_000


class ScriptedEngine:
    """Answers with a fixed text; `pause_after` tokens it waits until it is cancelled.

    With `thinks` it thinks first, and with `pauses_thinking` it does not stop thinking.
    """

    def __init__(self, pause_after: int | None = None) -> None:
        self.info = ScriptedInfo()
        self.context_tokens = 8192
        self.thinks = False
        self.pauses_thinking = False
        self.pause_after = pause_after
        self.overflow: Overflow | None = None
        self._is_cancelled = False

    def generate(self, request: GenerateRequest) -> Iterator[Event]:
        """The fixed text, word by word."""
        self._is_cancelled = False
        size = sum(len(message.content) for message in request.messages) // 4
        if self.overflow is not None:
            yield self.overflow
            yield self._finished(FinishReason.OVERFLOW, self.overflow.prompt_tokens, 0)
            return
        yield ContextUse(self.context_tokens, 0, size, 20, 12, 1024)
        yield PrefillProgress(size, size, 0)
        yield from self._thoughts()
        words = ANSWER.split(" ")
        for count, word in enumerate(words):
            while self.pause_after is not None and count >= self.pause_after:
                if self._is_cancelled:
                    break
                time.sleep(0.01)
            if self._is_cancelled:
                break
            yield Token(count, word if count == 0 else f" {word}", Channel.ANSWER)
        reason = FinishReason.CANCELLED if self._is_cancelled else FinishReason.STOP
        yield self._finished(reason, size, len(words))

    def _thoughts(self) -> Iterator[Event]:
        for count, word in enumerate(THOUGHTS.split(" ") if self.thinks else ()):
            yield Token(count, word if count == 0 else f" {word}", Channel.REASONING)
        while self.pauses_thinking and not self._is_cancelled:
            time.sleep(0.01)

    def _finished(self, reason: FinishReason, prompt: int, generated: int) -> Finished:
        statistics = Statistics(prompt, 0, generated, 120.0, 410.0, 46.2, 300_000_000)
        provenance = Provenance(1, self.info.name, "llama", "Q4_1", "1", "fast", 2, 1)
        return Finished(reason, statistics, provenance)

    @property
    def default_threads(self) -> int:
        """As on a small computer."""
        return 2

    def use_threads(self, threads: int) -> None:
        """It computes nothing."""

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        """About as many as a real one counts."""
        return tuple(len(text) // 4 for text in texts)

    def answer_now(self) -> None:
        """End the thoughts."""
        self.pauses_thinking = False

    def cancel(self) -> None:
        """End the answer."""
        self._is_cancelled = True

    def unload(self) -> None:
        """Nothing to let go of."""


class ScriptedOpener:
    """Opens the scripted engine, or never ends, or fails."""

    def __init__(self, engine: ScriptedEngine, problem: str = "") -> None:
        self._engine = engine
        self._problem = problem

    def __call__(self, on_progress: Callable[[LoadProgress], None]) -> OpenModel:
        """Load."""
        on_progress(LoadProgress("Mapping the weights", 2, 3))
        if self._problem:
            raise RuntimeError(self._problem)
        return OpenModel(
            self._engine,
            self._engine.info.name,
            not self._engine.thinks,
            SamplerSettings(),
            lambda: None,
        )


def _render(out: Path, scale: str, scheme: str, *, is_real: bool) -> None:
    """All states of one scale and scheme."""
    qt = QApplication([])
    load_fonts()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.change(THEME, ThemeChoice(scheme))
        stage = _Stage(qt, out, f"{scheme}-{scale}x", settings)
        if is_real:
            stage.real_chat(FileModelOpener(None))
        else:
            stage.empty()
            stage.chat()
            stage.thinking()
            stage.small()
            stage.states()


class _Stage:
    """Plays the states one after the other and takes the pictures."""

    def __init__(self, qt: QApplication, out: Path, suffix: str, settings: Settings) -> None:
        self._qt = qt
        self._out = out
        self._suffix = suffix
        self._settings = settings

    def empty(self) -> None:
        application = self._open(ScriptedOpener(ScriptedEngine()))
        self._until(lambda: application.page.header.model.text().startswith("Smol"))
        self._take(application, "empty")
        application.window.lock_requested.emit()
        self._settle()
        dialog = application.window.findChildren(LockDialog)[-1]
        dialog.grab().save(str(self._out / f"lock-{self._suffix}.png"))
        dialog.close()
        self._close(application)

    def chat(self) -> None:
        engine = ScriptedEngine()
        application = self._open(ScriptedOpener(engine))
        application.chat.send(QUESTION)
        self._until(lambda: bool(application.chat.turns) and not application.chat.is_busy())
        self._take(application, "done")
        engine.pause_after = 31
        application.chat.send(SECOND)
        self._until(lambda: "litres" in application.chat.turns[-1].answer)
        application.page.composer.edit.replace_text("Is the difference worth the trouble?")
        self._take(application, "chat")
        self._close(application)

    def thinking(self) -> None:
        engine = ScriptedEngine()
        engine.thinks = True
        application = self._open(ScriptedOpener(engine))
        application.chat.send(QUESTION)
        self._until(lambda: bool(application.chat.turns) and not application.chat.is_busy())
        transcript = application.page.transcript
        bar = transcript.thoughts(transcript.turn_ids()[0])
        assert bar is not None
        bar.head.click()
        self._take(application, "thought")
        bar.head.click()
        engine.pauses_thinking = True
        application.chat.send(SECOND)
        self._until(lambda: "pebbles as a" in application.chat.turns[-1].reasoning)
        self._take(application, "thinking")
        engine.pauses_thinking = False
        self._until(lambda: not application.chat.is_busy())
        menu = application.page.composer.think.menu_now()
        menu.popup(application.window.mapToGlobal(QPoint(0, 0)))
        self._settle()
        menu.grab().save(str(self._out / f"think-menu-{self._suffix}.png"))
        menu.close()
        engine.overflow = Overflow(9210, 8192, (0, 1, 2, 3))
        application.chat.send(SECOND)
        self._until(application.page.overflow.isVisible)
        self._take(application, "overflow")
        self._close(application)

    def small(self) -> None:
        application = self._open(ScriptedOpener(ScriptedEngine()), width=900, height=600)
        application.chat.send(QUESTION)
        self._until(lambda: bool(application.chat.turns) and not application.chat.is_busy())
        application.page.composer.edit.replace_text(
            "Now the same for a conical pitcher: 5 cm radius at the rim, 3 cm at the base, "
            "24 cm high. Is the difference worth the trouble?"
        )
        self._take(application, "small")
        application.window.shell.toggle()
        self._take(application, "small-sidebar")
        self._close(application)
        application = self._open(ScriptedOpener(ScriptedEngine()), width=640, height=480)
        self._until(lambda: application.page.header.model.text().startswith("Smol"))
        self._take(application, "smallest")
        self._close(application)

    def states(self) -> None:
        failing = ScriptedOpener(
            ScriptedEngine(),
            "model.gguf: the file ends at 41 MB and its header promises 98 MB. Copy it again.",
        )
        application = self._open(failing, report=NOT_ENFORCED)
        self._until(lambda: bool(application.page.toasts.toasts()))
        application.notices.warning("The settings were not saved. The disk is full.")
        application.page.header.more.setFocus(Qt.FocusReason.TabFocusReason)
        self._take(application, "failed")
        self._close(application)

    def real_chat(self, opener: ModelOpener) -> None:
        application = self._open(opener, sampler=SamplerSettings(temperature=0.0))
        application.chat.send(REAL_QUESTION)
        self._until(lambda: bool(application.chat.turns) and not application.chat.is_busy())
        self._take(application, "real")
        self._close(application)

    def _open(
        self,
        opener: ModelOpener,
        report: LockReport = ENFORCED,
        width: int = 1280,
        height: int = 800,
        sampler: SamplerSettings | None = None,
    ) -> Application:
        self._home = Home()
        application = Application(
            self._qt, report, self._settings, opener, sampler, door=self._home.door()
        )
        application.window.resize(width, height)
        application.start()
        self._until(lambda: isinstance(application.history.state, Ready))
        return application

    def _take(self, application: Application, name: str) -> None:
        self._settle()
        application.window.grab().save(str(self._out / f"{name}-{self._suffix}.png"))

    def _settle(self) -> None:
        settle(self._qt)

    def _until(self, holds: Callable[[], bool]) -> None:
        until(self._qt, holds)

    def _close(self, application: Application) -> None:
        application.close()
        application.window.close()
        application.window.deleteLater()
        application.deleteLater()
        self._settle()
        self._home.close()


def settle(qt: QApplication) -> None:
    """Let what moves come to rest."""
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        qt.processEvents()
        time.sleep(0.01)


def until(qt: QApplication, holds: Callable[[], bool]) -> None:
    """Let the window live until something holds."""
    end = time.monotonic() + _WAIT_S
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("A state did not come.")
        qt.processEvents()
        time.sleep(0.01)


def render_each(module: str, out: Path, scale: str | None, scheme: str | None, *more: str) -> None:
    """Start `module` once for each scale and scheme, or for the given ones."""
    for one_scale in [scale] if scale else ["1", "2"]:
        for one_scheme in [scheme] if scheme else ["light", "dark"]:
            command = [sys.executable, "-m", module, str(out)]
            command += ["--scale", one_scale, "--scheme", one_scheme, *more]
            given = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
            environment = {**given, "QT_SCALE_FACTOR": one_scale}
            subprocess.run(command, env=environment, check=True)


def main() -> None:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", choices=["1", "2", "3"])
    parser.add_argument("--scheme", choices=["light", "dark"])
    parser.add_argument("--real", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.scale and options.scheme:
        _render(options.out, options.scale, options.scheme, is_real=options.real)
    else:
        more = ["--real"] if options.real else []
        render_each("tools.screenshots", options.out, options.scale, options.scheme, *more)


if __name__ == "__main__":
    main()
