"""The palette in a real window: commands, chats and messages by name; and all shortcuts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget

from app.chats.errors import DiskFullError
from app.pages.chat.export_dialog import ExportDialog
from app.settings import THEME, ThemeChoice
from app.widgets.palette_rows import PaletteLabel
from app.widgets.search_text import plain

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
# What the offscreen platform says of itself when a dialog or a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(two_chats):
    return two_chats


def call(application, words: str = "") -> None:
    QTest.keyClick(application.window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(application.palette.palette.field, words)


def listed(application) -> list[str]:
    rows = application.palette.palette.view.rows
    items = [rows.index(n).data(Qt.ItemDataRole.UserRole + 1) for n in range(rows.rowCount())]
    return [f"[{i.words}]" if isinstance(i, PaletteLabel) else plain(i.name) for i in items]


def enter(application) -> None:
    QTest.keyClick(application.palette.palette.field, Qt.Key.Key_Return)


def test_before_anything_is_typed_the_chats_that_were_left_come_first(qtbot, window):
    call(window)
    assert listed(window)[:4] == ["[Chats]", "apples", "[Commands]", "New chat"]
    enter(window)
    qtbot.waitUntil(lambda: window.page.header.title.text() == "apples")
    assert not window.palette.palette.isVisible()
    assert window.page.composer.edit.hasFocus()


def test_commands_titles_and_messages_answer_to_what_is_typed(qtbot, window):
    call(window, "crow")
    qtbot.waitUntil(lambda: listed(window) == ["[Chats]", "apples"])
    enter(window)
    qtbot.waitUntil(lambda: window.page.header.title.text() == "apples")
    call(window, "pea")
    qtbot.waitUntil(lambda: listed(window)[-2:] == ["[Chats]", "pears"])
    call(window)
    assert not window.palette.palette.isVisible(), "the same keys close it"


def test_what_answers_to_nothing_is_told(qtbot, window):
    call(window, "zebra")
    words = window.palette.palette.words
    qtbot.waitUntil(lambda: words.text() == "No command is called so, and no chat has these words.")


def test_a_search_that_fails_leaves_the_commands_and_is_told_without_any(
    qtbot, window, monkeypatch
):
    from app.chats.store import ChatStore

    def full(*_arguments: object) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(ChatStore, "search", full)
    call(window, "zebra")
    qtbot.waitUntil(lambda: window.palette.palette.words.text() == "The disk is full.")


def run(application, words: str) -> None:
    call(application, words)
    enter(application)


def test_this_chat_is_renamed_pinned_exported_and_deleted_by_name(hand, qtbot, window, shelf):
    run(window, "rename")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "pears"
    QTest.keyClicks(field, "plums")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.header.title.text() == "plums")
    run(window, "unpin")
    qtbot.waitUntil(lambda: window.window.sidebar.chats.chat(window.chat.shown_id).is_pinned)
    run(window, "export")
    dialog = window.page.findChild(ExportDialog)
    assert dialog.isVisible()
    dialog.reject()
    run(window, "delete this")
    qtbot.waitUntil(lambda: [chat.title for chat in shelf.chats(window)] == ["apples"])
    call(window, "this chat")
    assert "Delete this chat" not in listed(window), "a new chat is nothing to delete"


def test_commands_of_the_window_do_what_they_say(qtbot, window):
    run(window, "dark")
    assert window._settings.effective(THEME).value is ThemeChoice.DARK
    run(window, "Appearance: light")
    sidebar = window.window.sidebar
    run(window, "hide the sidebar")
    assert not sidebar.isVisible()
    run(window, "search all")
    assert sidebar.search.field.hasFocus()
    QTest.keyClick(sidebar.search.field, Qt.Key.Key_Escape)
    run(window, "temporary")
    qtbot.waitUntil(lambda: window.chat.is_temporary)
    run(window, "settings")
    assert window.settings.is_open
    run(window, "new chat")
    assert not window.settings.is_open
    run(window, "history and")
    qtbot.waitUntil(lambda: window.desk.dialog is not None)
    window.desk.dialog.reject()


def test_a_chat_is_opened_from_the_settings_too(qtbot, window):
    run(window, "settings")
    run(window, "pears")
    qtbot.waitUntil(lambda: not window.settings.is_open)
    assert window.page.composer.edit.hasFocus()


def test_a_locked_history_offers_no_chat_and_no_command_about_one(qtbot, window):
    call(window, "apples")
    window.history.lock()
    qtbot.waitUntil(lambda: not window.palette.palette.isVisible())
    qtbot.waitUntil(lambda: window.window.page_now() is window.keeping.page)
    call(window)
    shown = listed(window)
    assert "Quit" in shown
    assert not {"[Chats]", "New chat", "Lock the history now", "Rename this chat"} & set(shown)


def test_every_shortcut_of_the_window_is_told_and_every_one_that_is_told_is_bound(window):
    bound = {shortcut.key() for shortcut in window.window.findChildren(QShortcut)}
    told = {QKeySequence(command.shortcut) for command in window.commands.all() if command.shortcut}
    by_other_keys = {QKeySequence("Ctrl+K"), QKeySequence("Ctrl+/")}
    assert {keys.toString() for keys in told - bound} == set()
    assert {keys.toString() for keys in bound - told - by_other_keys} == set()


def test_commands_about_what_is_written_and_read_do_what_they_say(qtbot, window):
    run(window, "settings of")
    qtbot.waitUntil(lambda: window.tuning.dialog is not None)
    window.tuning.dialog.reject()
    run(window, "copy the last")
    qtbot.waitUntil(lambda: "Nobody does." in QApplication.clipboard().text())
    QApplication.clipboard().clear()  # what outlives the tests could end the run with a crash
    run(window, "attach")
    dialog = window.page.findChild(QFileDialog)
    assert dialog.isVisible()
    dialog.reject()


@pytest.mark.parametrize("keys", [(Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier), None])
def test_all_shortcuts_are_shown_and_the_dialog_closes_by_esc(qtbot, window, keys):
    if keys is None:
        run(window, "keyboard")
    else:
        QTest.keyClick(window.window, *keys)
    dialog = window.palette.shortcuts
    said = [child.accessibleName() for child in dialog.findChildren(QWidget)]
    assert "New chat: Ctrl N" in said
    assert "Send: Enter" in said
    window.palette.show_shortcuts()
    assert window.palette.shortcuts is dialog, "there is one of it"
    close = next(b for b in dialog.findChildren(QAbstractButton) if b.text() == "Close")
    QTest.mouseClick(close, LEFT)
    qtbot.waitUntil(lambda: window.palette.shortcuts is None)
