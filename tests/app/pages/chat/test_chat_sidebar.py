"""The window's list of chats: opened, renamed, pinned, exported, deleted and brought back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.chats.errors import DiskFullError
from app.chats.export_format import ExportFormat
from app.pages.chat.export_dialog import ExportDialog, ExportFolderDialog
from app.widgets.documents import documents_folder

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
# What the offscreen platform says of itself when a dialog or a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def two_chats(hand, qtbot, open_window):
    """A window with two chats, of which the second is open."""
    application = open_window()
    for title in ("apples", "pears"):
        QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
        hand.ask(application, title)
        hand.wait_idle(application)
    qtbot.waitUntil(lambda: rows(application) == ["Today", "pears", "apples"])
    return application


def rows(application) -> list[str]:
    model = application.window.sidebar.chats.model
    return [model.index(row).data() for row in range(model.rowCount())]


def id_of(application, title: str) -> int:
    model = application.window.sidebar.chats.model
    for row in range(model.rowCount()):
        chat = model.chat_at(model.index(row))
        if chat is not None and chat.title == title:
            return chat.id
    raise AssertionError(title)


def marked(application) -> list[str]:
    view = application.window.sidebar.chats.view
    return [index.data() for index in view.selectionModel().selectedIndexes()]


def click(application, title: str) -> None:
    listed = application.window.sidebar.chats
    rect = listed.view.visualRect(listed.model.index_of(id_of(application, title)))
    QTest.mouseClick(listed.view.viewport(), LEFT, pos=rect.center())


def choose(application, title: str, entry: str) -> None:
    """Choose from a chat's menu with the arrow keys."""
    view = application.window.sidebar.chats.view
    menu = view.menu_of(application.window.sidebar.chats.chat(id_of(application, title)))
    menu.popup(application.window.mapToGlobal(view.pos()))
    for _ in menu.actions():
        QTest.keyClick(menu, Qt.Key.Key_Down)
        if menu.activeAction().text().startswith(entry):
            QTest.keyClick(menu, Qt.Key.Key_Return)
            return
    raise AssertionError(entry)


def test_without_chats_the_sidebar_says_what_to_do(qtbot, open_window):
    application = open_window()
    words = application.window.sidebar.chats.words
    assert words.text() == "No chats yet. Write below; what you type stays on this computer."
    assert words.isVisible()


def test_a_click_opens_a_chat_and_marks_it(hand, qtbot, two_chats):
    assert marked(two_chats) == ["pears"]
    click(two_chats, "apples")
    qtbot.waitUntil(lambda: two_chats.page.header.title.text() == "apples")
    assert marked(two_chats) == ["apples"]
    assert hand.answer_text(two_chats) == "Paris is the capital."
    assert two_chats.page.composer.edit.hasFocus()
    QTest.keyClick(two_chats.window, Qt.Key.Key_N, CTRL)
    assert marked(two_chats) == []


def test_a_chat_that_is_gone_on_with_moves_to_the_top(hand, qtbot, two_chats):
    click(two_chats, "apples")
    qtbot.waitUntil(lambda: two_chats.page.header.title.text() == "apples")
    hand.ask(two_chats, "more")
    hand.wait_idle(two_chats)
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "apples", "pears"])


def test_f2_renames_a_chat_in_its_place(qtbot, two_chats, shelf):
    view = two_chats.window.sidebar.chats.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "oranges")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "oranges", "apples"])
    assert two_chats.page.header.title.text() == "oranges", "the open chat is called so"
    assert [chat.title for chat in shelf.chats(two_chats)] == ["oranges", "apples"]


def test_a_chat_is_pinned_and_unpinned_by_its_menu(qtbot, two_chats, shelf):
    choose(two_chats, "apples", "Pin")
    qtbot.waitUntil(lambda: rows(two_chats) == ["Pinned", "apples", "Today", "pears"])
    two_chats.window.sidebar.grab()
    assert [chat.is_pinned for chat in shelf.chats(two_chats)] == [True, False]
    choose(two_chats, "apples", "Unpin")
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "pears", "apples"])


def test_a_deleted_chat_can_be_brought_back(hand, qtbot, two_chats, shelf):
    view = two_chats.window.sidebar.chats.view
    before = shelf.path(two_chats)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "apples"])
    assert hand.views(two_chats) == (), "it was the open one"
    assert hand.toast_texts(two_chats) == ["Chat deleted."]
    assert [chat.title for chat in shelf.chats(two_chats)] == ["apples"]
    hand.press_toast(two_chats, "Undo")
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "pears", "apples"])
    assert shelf.path(two_chats) == before
    qtbot.waitUntil(lambda: two_chats.page.header.title.text() == "pears")
    assert two_chats.page.composer.edit.hasFocus(), "and not the window’s first button"


def test_each_of_two_deleted_chats_can_be_brought_back(hand, qtbot, two_chats):
    for title in ("apples", "pears"):
        choose(two_chats, title, "Delete")
    qtbot.waitUntil(lambda: rows(two_chats) == [])
    assert hand.toast_texts(two_chats) == ["Chat deleted.", "Chat deleted."]
    hand.press_toast(two_chats, "Undo")
    hand.press_toast(two_chats, "Undo")
    qtbot.waitUntil(lambda: len(rows(two_chats)) == 3)


def test_a_chat_that_finds_no_room_to_come_back_can_be_tried_again(
    hand, qtbot, two_chats, full_disk
):
    choose(two_chats, "apples", "Delete")
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "pears"])
    full_disk.fills("app.chats.store.ChatStore.restore")
    hand.press_toast(two_chats, "Undo")
    qtbot.waitUntil(lambda: any("disk is full" in text for text in hand.toast_texts(two_chats)))
    full_disk.empties()
    hand.press_toast(two_chats, "Try again")
    qtbot.waitUntil(lambda: len(rows(two_chats)) == 3)


def test_a_lock_ends_what_could_be_undone(hand, qtbot, two_chats):
    choose(two_chats, "apples", "Delete")
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "pears"])
    two_chats.history.lock()
    hand.press_toast(two_chats, "Undo")
    assert "the chat is gone" in hand.toast_texts(two_chats)[-1]


@pytest.mark.parametrize(
    ("method", "entry"), [("rename", "Rename"), ("set_pinned", "Pin"), ("delete", "Delete")]
)
def test_what_finds_no_room_is_told_and_the_list_stays(
    hand, qtbot, two_chats, full_disk, method, entry
):
    full_disk.fills(f"app.chats.store.ChatStore.{method}")
    choose(two_chats, "apples", entry)
    if entry == "Rename":
        field = QApplication.focusWidget()
        QTest.keyClicks(field, "oranges")
        QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(two_chats)))
    assert "disk is full" in hand.toast_texts(two_chats)[0]
    assert rows(two_chats) == ["Today", "pears", "apples"]


def exported(application, title: str, form: ExportFormat, target) -> ExportDialog:
    choose(application, title, "Export")
    dialog = application.page.findChild(ExportDialog)
    wanted = next(name for name, each in dialog._forms.items() if each is form)
    dialog.selectNameFilter(wanted)
    dialog.filterSelected.emit(wanted)
    dialog.setDirectory(str(target))
    return dialog


@pytest.mark.parametrize("form", list(ExportFormat))
def test_a_chat_is_exported_to_the_chosen_file_in_the_chosen_form(
    hand, qtbot, two_chats, tmp_path, form
):
    dialog = exported(two_chats, "apples", form, tmp_path)
    assert dialog.testOption(ExportDialog.Option.DontUseNativeDialog)
    name = dialog.findChild(QLineEdit)
    assert name.text() == f"apples{form.suffix}"
    dialog.accept()
    target = tmp_path / f"apples{form.suffix}"
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(two_chats)))
    assert hand.toast_texts(two_chats) == [f"The chat was exported to {target}."]
    text = target.read_text(encoding="utf-8")
    assert "Paris is the capital." in text
    if form is ExportFormat.JSON:
        assert len(json.loads(text)["chats"]) == 1


def test_an_export_that_fails_is_told(hand, qtbot, two_chats, tmp_path, monkeypatch):
    def full(*_arguments: object, **_named: object) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr("app.pages.chat.chats.export_readable", full)
    exported(two_chats, "apples", ExportFormat.HTML, tmp_path).accept()
    qtbot.waitUntil(lambda: bool(hand.toast_texts(two_chats)))
    assert hand.toast_texts(two_chats)[0] == "The chat was not exported. The disk is full."


def test_an_open_chat_that_others_delete_gives_way_to_a_new_one(hand, qtbot, two_chats, shelf):
    shelf.do(two_chats, lambda h: h.store.delete([c.id for c in h.store.conversations()]))
    two_chats.chats.reload()
    qtbot.waitUntil(lambda: rows(two_chats) == [])
    assert hand.views(two_chats) == ()


def test_the_list_is_there_at_the_next_start(qtbot, two_chats):
    two_chats.history.open()
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "pears", "apples"])


def mark_all(application) -> None:
    view = application.window.sidebar.chats.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_A, CTRL)


def test_several_chats_are_deleted_together_and_brought_back_together(
    hand, qtbot, two_chats, shelf
):
    before = shelf.do(two_chats, lambda h: [h.store.tree(c.id) for c in h.store.conversations()])
    mark_all(two_chats)
    QTest.keyClick(two_chats.window.sidebar.chats.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: rows(two_chats) == [])
    assert hand.toast_texts(two_chats) == ["Chats deleted: 2."]
    assert hand.views(two_chats) == (), "the open one was among them"
    hand.press_toast(two_chats, "Undo")
    qtbot.waitUntil(lambda: rows(two_chats) == ["Today", "pears", "apples"])
    after = shelf.do(two_chats, lambda h: [h.store.tree(c.id) for c in h.store.conversations()])
    assert after == before
    assert hand.views(two_chats) == (), "which one is to be shown is the user's choice"


def test_of_several_chats_none_is_deleted_where_one_can_not_be(
    hand, qtbot, two_chats, monkeypatch, shelf
):
    from app.chats.store import ChatStore

    def full(*_arguments: object) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(ChatStore, "delete", full)
    mark_all(two_chats)
    QTest.mouseClick(two_chats.window.sidebar.chats.bar.delete, LEFT)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(two_chats)))
    assert hand.toast_texts(two_chats) == ["No chat was deleted. The disk is full."]
    assert len(shelf.chats(two_chats)) == 2


def test_several_chats_that_find_no_room_to_come_back_can_be_tried_again(
    hand, qtbot, two_chats, full_disk, shelf
):
    mark_all(two_chats)
    QTest.keyClick(two_chats.window.sidebar.chats.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: rows(two_chats) == [])
    full_disk.fills("app.chats.store.ChatStore.restore")
    hand.press_toast(two_chats, "Undo")
    qtbot.waitUntil(lambda: any("chats were not brought" in t for t in hand.toast_texts(two_chats)))
    full_disk.empties()
    hand.press_toast(two_chats, "Try again")
    qtbot.waitUntil(lambda: len(rows(two_chats)) == 3)


def test_many_chats_are_listed_anew_at_once(hand, qtbot, two_chats, shelf):
    shelf.do(two_chats, lambda h: [h.store.create(f"chat {n}") for n in range(30)])
    two_chats.chats.reload()
    qtbot.waitUntil(lambda: len(two_chats.window.sidebar.chats.model.chats) == 32)
    mark_all(two_chats)
    QTest.mouseClick(two_chats.window.sidebar.chats.bar.pin, LEFT)
    qtbot.waitUntil(lambda: rows(two_chats)[0] == "Pinned" and "Today" not in rows(two_chats))
    assert all(chat.is_pinned for chat in shelf.chats(two_chats))
    assert two_chats.window.sidebar.chats.bar.pin.accessibleName() == "Unpin"


@pytest.mark.parametrize("form", list(ExportFormat))
def test_several_chats_are_exported_into_a_folder(hand, qtbot, two_chats, tmp_path, form):
    mark_all(two_chats)
    QTest.mouseClick(two_chats.window.sidebar.chats.bar.export, LEFT)
    dialog = two_chats.page.findChild(ExportFolderDialog)
    assert dialog.testOption(ExportDialog.Option.DontUseNativeDialog)
    dialog.selectNameFilter(next(name for name, each in dialog._forms.items() if each is form))
    dialog.setDirectory(str(tmp_path))
    dialog.findChild(QLineEdit).setText(str(tmp_path))
    dialog.accept()
    qtbot.waitUntil(lambda: bool(hand.toast_texts(two_chats)))
    assert hand.toast_texts(two_chats) == [f"Chats exported to {tmp_path}: 2."]
    files = sorted(file.name for file in tmp_path.glob("*" + form.suffix))
    assert {f"apples{form.suffix}", f"pears{form.suffix}"} <= set(files)


def test_a_file_that_is_there_is_not_replaced_by_an_export_of_several(
    hand, qtbot, two_chats, tmp_path
):
    (tmp_path / "apples.md").write_text("mine")
    ids = tuple(chat.id for chat in two_chats.window.sidebar.chats.model.chats)
    two_chats.chats.export_all(ids, ExportFormat.MARKDOWN, tmp_path)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(two_chats)))
    assert hand.toast_texts(two_chats)[0].startswith("Not all chats were exported.")
    assert (tmp_path / "apples.md").read_text() == "mine"


@pytest.mark.parametrize("has_documents", [True, False])
def test_an_export_begins_among_the_users_documents(qtbot, two_chats, monkeypatch, has_documents):
    home = Path.home()
    documents = home / "Documents"
    if has_documents:
        documents.mkdir()
    assert documents_folder() == (documents if has_documents else home)
    choose(two_chats, "apples", "Export")
    dialog = two_chats.page.findChild(ExportDialog)
    assert Path(dialog.directory().absolutePath()) == documents_folder()
    dialog.reject()


def test_a_title_is_replaced_only_if_it_is_still_the_same(hand, qtbot, two_chats, shelf):
    chat_id = id_of(two_chats, "apples")
    two_chats.chats.rename_if(chat_id, "apples", "Fruit of the tree")
    qtbot.waitUntil(lambda: "Fruit of the tree" in rows(two_chats))
    two_chats.chats.rename_if(chat_id, "apples", "Something else")
    two_chats.chats.rename_if(999, "apples", "Something else")
    titles = [chat.title for chat in shelf.chats(two_chats)]
    assert titles == ["pears", "Fruit of the tree"]
    assert hand.toast_texts(two_chats) == []


def test_nothing_in_a_title_is_hidden_in_the_header_and_the_windows_title(qtbot, two_chats):
    two_chats.chats.rename(id_of(two_chats, "pears"), "paid\u202e gnp\u200b")
    shown = "paid‹U+202E› gnp‹U+200B›"
    qtbot.waitUntil(lambda: two_chats.page.header.title.text() == shown)
    assert two_chats.window.windowTitle() == f"{shown} – Pitcher"
