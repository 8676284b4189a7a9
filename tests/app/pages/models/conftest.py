"""A home with a few models, a window whose engine is scripted, and a hand for the models page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from app import paths
from app.airlock.courier.door import CourierDoor
from tests.app.conftest import FakeEngine, FakeOpener
from tests.app.pages.models.played_launcher import Launcher
from tests.inference.prepared.making import quantized_llama

if TYPE_CHECKING:
    from app.application import Application
    from app.pages.models.downloads import DownloadsSection
    from app.pages.models.row import ModelRow

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """With one model of two layers in the models folder."""
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    for name in ("OLLAMA_MODELS", "HF_HUB_CACHE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
    paths.models_dir().mkdir(parents=True)
    quantized_llama(paths.models_dir() / "tiny.gguf", {"weight": "Q8_0"}, layers=1)
    return tmp_path


@dataclass
class Openers:
    """Makes openers by name; `fails` are those that can't be loaded."""

    made: list[str | None] = field(default_factory=list)
    engines: list[FakeEngine] = field(default_factory=list)
    openers: list[FakeOpener] = field(default_factory=list)
    fails: set[str | None] = field(default_factory=set)

    def __call__(self, name: str | None) -> FakeOpener:
        failure = ValueError("It is broken.") if name in self.fails else None
        engine = FakeEngine(words=(f"I am {name}.",))
        opener = FakeOpener(engine, name or "first", is_starter=name is None, failure=failure)
        self.made.append(name)
        self.engines.append(engine)
        self.openers.append(opener)
        return opener


class ModelsHand:
    """Uses the page as a person does."""

    def __init__(self, application: Application, until: Callable[[Callable[[], bool]], None]):
        self.application = application
        self._until = until

    @property
    def page(self):
        return self.application.models.page

    def open(self) -> None:
        QTest.keyClick(self.application.window, Qt.Key.Key_M, CTRL_SHIFT)
        assert self.application.models.is_open
        self._until(lambda: bool(self.page.rows))

    def row(self, name: str) -> ModelRow:
        return next(row for row in self.page.rows.values() if row.model.name == name)

    def has(self, name: str) -> bool:
        return any(row.model.name == name for row in self.page.rows.values())

    def press(self, button) -> None:
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, name: str, words: str) -> None:
        """A line of the row's menu, by keyboard."""
        row = self.row(name)
        row.more.setFocus()
        QTest.keyClick(row.more, Qt.Key.Key_Space)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(each for each in menu.actions() if each.text() == words)
        menu.setActiveAction(action)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    def offered(self, name: str) -> list[str]:
        menu = self.row(name).menu_now()
        return [action.text() for action in menu.actions()]

    def dialog(self, kind: type[QDialog]):
        def found():
            return [d for d in self.application.window.findChildren(kind) if d.isVisible()]

        self._until(lambda: bool(found()))
        return found()[-1]

    def told(self, words: str) -> bool:
        return any(words in toast.notice.text for toast in self.page.toasts.toasts())

    def until_told(self, words: str) -> None:
        self._until(lambda: self.told(words))


@pytest.fixture
def openers() -> Openers:
    return Openers()


@pytest.fixture
def models(home, open_window, openers, qtbot) -> ModelsHand:
    application = open_window()
    application.models.in_use.opening = openers
    hand = ModelsHand(application, qtbot.waitUntil)
    hand.open()
    return hand


@pytest.fixture
def launcher(models: ModelsHand) -> Iterator[Launcher]:
    """A window that has a way to a courier, whose side the test plays."""
    requests, reports = os.pipe(), os.pipe()
    os.set_blocking(requests[0], False)
    window = models.application.models
    window.lead_to(CourierDoor(requests[1], reports[0]))
    window.downloads.look(may_measure=False)
    models._until(lambda: bool(window.downloads.section.rows))
    yield Launcher(requests[0], reports[1])
    window.downloads.journey.port.close()
    for descriptor in (requests[0], reports[1]):
        os.close(descriptor)


@pytest.fixture
def section(launcher, models) -> DownloadsSection:
    return models.application.models.downloads.section
