"""Eyes that read what a window's history has, a disk that is full for a while, two chats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chats.errors import DiskFullError
from app.chats.model import Conversation, Message
from app.notices import Notices
from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from app.application import Application
    from app.chats.history import AnyHistory
    from app.pages.chat.transcript import Transcript

FULL = "The disk is full. Nothing that was saved is lost."
T = TypeVar("T")


class Shelf:
    """What is in the history of a window, or in its memory for temporary chats."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def do(
        self,
        application: Application,
        work: Callable[[AnyHistory], T],
        *,
        is_temporary: bool = False,
    ) -> T:
        from app.bridge.history_worker import Place

        got: list[T] = []
        place = Place.TEMPORARY if is_temporary else Place.KEPT
        application.history.do(work, got.append, what_failed="test", place=place)
        self._qtbot.waitUntil(lambda: bool(got))
        return got[0]

    def chats(self, application: Application, **place: bool) -> tuple[Conversation, ...]:
        return self.do(application, lambda h: h.store.conversations(), **place)

    def path(self, application: Application, number: int = 0, **place: bool) -> list[Message]:
        """The branch that a chat shows."""

        def read(history: AnyHistory) -> list[Message]:
            chat = history.store.conversations()[number]
            return list(history.store.messages.path(chat.leaf_id))

        return self.do(application, read, **place)

    def all(self, application: Application, number: int = 0) -> list[Message]:
        """Every branch of a chat."""

        def read(history: AnyHistory) -> list[Message]:
            return list(history.store.messages.all(history.store.conversations()[number].id))

        return self.do(application, read)

    def loose_draft(self, application: Application, **place: bool) -> str:
        return self.do(application, lambda h: h.store.loose_draft(), **place)


@pytest.fixture
def shelf(qtbot: QtBot) -> Shelf:
    return Shelf(qtbot)


class FullDisk:
    """Makes methods of the store fail as a full disk does, until it is emptied."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._full = False
        self.tries = 0

    def fills(self, *targets: str) -> None:
        self._full = True
        for target in targets:
            self._break(target)

    def empties(self) -> None:
        self._full = False

    def _break(self, target: str) -> None:
        owner, name = target.rsplit(".", 1)
        module, kind = owner.rsplit(".", 1)
        whole = getattr(getattr(__import__(module, fromlist=[kind]), kind), name)

        def broken(*arguments: object, **named: object) -> object:
            if self._full:
                self.tries += 1
                raise DiskFullError(FULL)
            return whole(*arguments, **named)

        self._monkeypatch.setattr(target, broken)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[FullDisk]:
    disk = FullDisk(monkeypatch)
    yield disk
    disk.empties()


@pytest.fixture
def told(hand, open_window, fake_engine) -> Application:
    """A window in which one, two and three were asked and answered."""
    application = open_window()
    for question in ("one", "two", "three"):
        fake_engine.words = (f"{question}!",)
        hand.ask(application, question)
        hand.wait_idle(application)
    fake_engine.words = ("again!",)
    return application


@pytest.fixture
def two_chats(hand, qtbot, open_window, fake_engine) -> Application:
    """A window with two chats: about apples, answered with crows, and about pears."""
    application = open_window()
    for question, answer in (("apples", ("Crows", " eat them.")), ("pears", ("Nobody", " does."))):
        fake_engine.words = answer
        QTest.keyClick(application.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        hand.ask(application, question)
        hand.wait_idle(application)
    qtbot.waitUntil(lambda: len(application.window.sidebar.chats.model.chats) == 2)
    qtbot.waitUntil(lambda: application.chat.shown_id is not None)
    return application


@pytest.fixture
def transcript(qapp: QApplication, qtbot: QtBot) -> Iterator[Transcript]:
    """An empty conversation in a window of its own."""
    from app.pages.chat.transcript import Transcript

    load_fonts()
    theme = Theme(qapp, ThemeChoice.LIGHT)
    theme.reduce_motion(True)
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    made = Transcript(theme, Notices())
    column.addWidget(made)
    window.resize(900, 600)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield made
    assert made.end_workers()
    theme.deleteLater()
