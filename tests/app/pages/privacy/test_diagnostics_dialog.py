"""The diagnostics in the window: gathered beside it, shown whole, saved and copied as shown."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QPushButton

from app import window_diagnostics
from app.chats.history_states import Ready
from app.diagnostics.errors import NotClosedError
from app.diagnostics.failures import FailureMemory
from app.diagnostics.reading import check
from app.pages.privacy.diagnostics_dialog import DiagnosticsDialog
from inference.errors import RequestError
from tests.app.diagnostics.test_canary import CANARY, searcher

if TYPE_CHECKING:
    from app.application import Application

CTRL = Qt.KeyboardModifier.ControlModifier
# What the offscreen platform says of itself when a dialog or a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(autouse=True)
def quick_audit(monkeypatch: pytest.MonkeyPatch, enforced) -> None:
    """Nothing of this machine is tried, in no child process."""
    from app.diagnostics.gathering import Sources

    real = Sources.__init__

    def init(self, *arguments, **named) -> None:
        real(self, *arguments, **(named | {"audit": lambda: enforced}))

    monkeypatch.setattr(Sources, "__init__", init)


@pytest.fixture
def shown(qtbot, hand):
    """shown(application): the dialog, by the palette's command, once it has its text."""

    def open_it(application: Application, waits: bool = True) -> DiagnosticsDialog:
        QTest.keyClick(application.window, Qt.Key.Key_K, CTRL)
        field = application.palette.palette.field
        qtbot.waitUntil(field.hasFocus)
        QTest.keyClicks(field, "diagnos")
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: application.diagnostics.dialog is not None)
        dialog = application.diagnostics.dialog
        if waits:
            qtbot.waitUntil(lambda: bool(dialog.text.toPlainText()), timeout=30_000)
        return dialog

    return open_it


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose_file(qtbot, dialog: DiagnosticsDialog, target: Path) -> None:
    click(dialog.save)
    (chooser,) = dialog.findChildren(QFileDialog)
    qtbot.waitUntil(chooser.isVisible)
    (field,) = chooser.findChildren(QLineEdit, "fileNameEdit")
    field.setText(str(target))
    QTest.keyClick(field, Qt.Key.Key_Return)


def toasts(dialog: DiagnosticsDialog) -> list[str]:
    return [toast.notice.text for toast in dialog.toasts.toasts()]


def test_the_whole_file_is_shown_before_it_is_saved(qtbot, open_window, shown, tmp_path) -> None:
    dialog = shown(open_window())
    text = dialog.text.toPlainText()
    check(text.encode())
    found = json.loads(text)
    assert found["program"]["written_by"] == "window"
    assert (found["display"]["platform"], found["display"]["language"]) == ("offscreen", "en")
    assert found["display"]["window_width_px"] == 1280
    assert found["history"]["state"] == "Ready"
    assert found["withheld"] == 0
    assert dialog.text.isReadOnly()
    target = tmp_path / "out.json"
    choose_file(qtbot, dialog, target)
    qtbot.waitUntil(lambda: toasts(dialog) == [f"The diagnostics were saved to {target}."])
    assert target.read_text() == text
    click(dialog.copy)
    assert QGuiApplication.clipboard().text() == text
    click(dialog.done_button)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_the_name_that_is_suggested_has_the_day(qtbot, open_window, shown) -> None:
    dialog = shown(open_window())
    click(dialog.save)
    (chooser,) = dialog.findChildren(QFileDialog)
    (name,) = (Path(file).name for file in chooser.selectedFiles())
    assert name.startswith("pitcher-diagnostics-20")
    assert name.endswith(".json")
    chooser.reject()


@pytest.fixture
def log() -> Iterator[None]:
    """The log as a real start configures it."""
    memory, root, own = FailureMemory(), logging.getLogger(), logging.getLogger("app")
    root.addHandler(memory)
    own.setLevel(logging.DEBUG)
    yield
    own.setLevel(logging.NOTSET)
    root.removeHandler(memory)


@pytest.mark.usefixtures("log")
def test_nothing_that_was_written_in_the_window_is_in_it(
    qtbot, open_window, shown, hand, fake_engine
) -> None:
    """A kept chat, a draft, a temporary chat that is open, and an answer that failed."""
    application = open_window()
    hand.ask(application, CANARY)
    hand.wait_idle(application)
    chat_id = application.chat.shown_id
    application.chats.rename(chat_id, CANARY)
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    hand.type_in(application, CANARY)
    application.chat.new_temporary_chat()
    fake_engine.failure = RequestError(CANARY)
    hand.ask(application, CANARY)
    hand.wait_idle(application)
    text = shown(application).text.toPlainText()
    assert not searcher().holds(text.encode())
    found = json.loads(text)
    assert found["history"]["chats"] == 1
    (failure,) = found["failures"]
    assert (failure["error"], failure["count"]) == ("inference.errors.RequestError", 1)
    assert failure["places"][0].startswith("app.bridge.engine_worker:")
    assert failure["places"][0].endswith(" _answer")


def test_it_comes_while_the_history_is_locked(qtbot, open_window, shown, history_door) -> None:
    application = open_window()
    assert isinstance(application.history.state, Ready)
    QTest.keyClick(application.window, Qt.Key.Key_L, CTRL)
    qtbot.waitUntil(lambda: type(application.history.state).__name__ == "Locked")
    application.window.menu_requested.emit()
    menu = QGuiApplication.instance().activePopupWidget()
    assert isinstance(menu, QMenu)
    (action,) = (one for one in menu.actions() if one.text() == "Export diagnostics…")
    action.trigger()
    menu.close()
    dialog = application.diagnostics.dialog
    qtbot.waitUntil(lambda: bool(dialog.text.toPlainText()), timeout=30_000)
    found = json.loads(dialog.text.toPlainText())["history"]
    assert (found["state"], found["chats"], found["keyring"]) == ("Locked", None, "secret-service")


def test_locking_takes_the_dialog_away_and_what_comes_later_is_nothing(
    qtbot, open_window, shown, monkeypatch
) -> None:
    gate = threading.Event()
    real = window_diagnostics.gathered_text

    def waits(asked):
        gate.wait(30)
        return real(asked)

    monkeypatch.setattr(window_diagnostics, "gathered_text", waits)
    application = open_window()
    dialog = shown(application, waits=False)
    assert dialog.state.text() == "Collecting…"
    assert not dialog.save.isEnabled()
    assert not dialog.copy.isEnabled()
    application.keeping.lock()
    assert application.diagnostics.dialog is None
    gate.set()
    qtbot.waitUntil(lambda: not application.tasks._jobs, timeout=30_000)
    qtbot.wait(50)
    assert application.diagnostics.dialog is None


def test_a_place_that_cannot_be_written_is_told_and_another_can_be_chosen(
    qtbot, open_window, shown, tmp_path, monkeypatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    dialog = shown(open_window())
    with monkeypatch.context() as patch:
        patch.setattr("app.chats.transfer.writing.os.fsync", full)
        choose_file(qtbot, dialog, tmp_path / "out.json")
        qtbot.waitUntil(lambda: bool(toasts(dialog)))
    (said,) = toasts(dialog)
    assert said.startswith("The diagnostics were not saved. The disk is full.")
    assert list(tmp_path.glob("*out*")) == []
    assert dialog.save.isEnabled()


def test_what_is_not_closed_is_not_shown(qtbot, open_window, shown, monkeypatch) -> None:
    def fails(_asked: object) -> None:
        raise NotClosedError("theme")

    monkeypatch.setattr(window_diagnostics, "gathered_text", fails)
    dialog = shown(open_window(), waits=False)
    qtbot.waitUntil(lambda: dialog.state.text().startswith("The diagnostics were not kept"))
    assert not dialog.save.isEnabled()
    assert dialog.text.toPlainText() == ""


def test_there_is_one_dialog_at_a_time(open_window, shown) -> None:
    application = open_window()
    dialog = shown(application)
    application.diagnostics.open()
    assert application.diagnostics.dialog is dialog
    assert len(application.window.findChildren(DiagnosticsDialog)) == 1
