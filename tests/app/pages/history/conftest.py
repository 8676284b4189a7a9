"""A user's desktop whose keyring does what a test wants, and a hand on the history's screens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.application import Application
from app.bridge.history_states import Opening
from app.chats.history import History
from app.chats.history_states import DoorState, Ready
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from tests.app.chats.vault.conftest import FakeKeyring

CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
PASSPHRASE = "rain on the roof"
LEFT = Qt.MouseButton.LeftButton
LONG_MS = 20_000


@dataclass
class Home:
    """A profile, and the keyring of its desktop."""

    folder: Path
    keyring: FakeKeyring = field(default_factory=FakeKeyring)

    def door(self, holder: Holder = Holder.WINDOW) -> HistoryDoor:
        keyrings = Keyrings({KeyringKind.SECRET_SERVICE: self.keyring})
        return HistoryDoor(Profile(self.folder), holder, keyrings, CHEAP)

    def begin(self, passphrase: str | None = None) -> None:
        """A history with a chat in it, closed again."""
        self.keyring.is_here = passphrase is None
        door = self.door()
        state: DoorState = door.open()
        if passphrase is not None:
            state = door.begin_under_passphrase(passphrase)
        assert isinstance(state, Ready)
        state.history.store.create("kept")
        door.close()

    def with_history(self, act: Callable[[History], object]) -> None:
        """Do something to a history that the keyring opens."""
        door = self.door()
        state = door.open()
        assert isinstance(state, Ready)
        act(state.history)
        door.close()

    def titles(self) -> list[str]:
        found: list[str] = []
        self.with_history(
            lambda history: found.extend(c.title for c in history.store.conversations())
        )
        return found


class Eyes:
    """A window over a home: what it shows, and hands to use it."""

    def __init__(self, application: Application, wait: Callable[..., None]) -> None:
        self.application = application
        self.page = application.keeping.page
        self.wait = wait

    def until(self, holds: Callable[[], bool]) -> None:
        self.wait(holds, timeout=LONG_MS)

    def until_settled(self) -> None:
        """Until the history is in a state that stays."""
        self.until(lambda: not isinstance(self.application.history.state, Opening))
        self.application.window.repaint()

    def shows_chat(self) -> bool:
        return self.application.window.page_now() is self.application.page

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
        """A key, wherever the keyboard is."""
        target = QApplication.focusWidget() or self.application.window
        QTest.keyClick(target, key, held or Qt.KeyboardModifier.NoModifier)

    def press_alt(self, key: Qt.Key, state: type) -> None:
        """A mnemonic, whose button is seen to go down first; then the state it leads to."""
        self.press(key, Qt.KeyboardModifier.AltModifier)
        self.until(lambda: isinstance(self.application.history.state, state))

    def type_in(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)

    def click(self, widget: QWidget) -> None:
        self.until(lambda: widget.isVisible() and widget.isEnabled())
        QTest.mouseClick(widget, LEFT)

    def toasts(self) -> list[str]:
        return [toast.notice.text for toast in self.application.page.toasts.toasts()]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    yield Home(tmp_path / "home" / "history")
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(60)


@pytest.fixture
def look(open_window, home: Home, qtbot) -> Callable[..., Eyes]:
    """Opens a window over the home and waits for a state, unless that is not wanted."""

    def open_eyes(settles: bool = True, **more: object) -> Eyes:
        application = open_window(door=home.door(), waits=False, **more)
        eyes = Eyes(application, qtbot.waitUntil)
        if settles:
            eyes.until_settled()
        return eyes

    return open_eyes
