"""Files that are on this computer already: chosen, found, dropped; used in place or copied."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app import paths
from app.library.places import Places
from app.notices import NoticeKind
from app.pages.models.files_dialog import FilesDialog
from app.pages.models.row import InUse
from app.widgets.confirm_dialog import ConfirmDialog
from tests.app.pages.models.choosing import pick
from tests.inference.prepared.making import quantized_llama

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_files_of_ones_own_are_used_where_they_lie(models, home, qtbot, openers):
    file = home / "mine.gguf"
    quantized_llama(file, {"weight": "Q8_0"}, layers=1)
    models.press(models.page.files)
    dialog = models.dialog(FilesDialog)
    qtbot.waitUntil(lambda: "no models here" in dialog.state.text())
    models.press(dialog.file)
    pick(models.dialog(QFileDialog), file)
    models.until_told("mine is among your models now")
    qtbot.waitUntil(lambda: models.has("mine"))
    assert file.is_file()
    assert models.row("mine").model.is_elsewhere
    toast = next(t for t in models.page.toasts.toasts() if "mine" in t.notice.text)
    toast.notice.action.run()
    qtbot.waitUntil(lambda: models.row("mine").in_use is InUse.LOADED)
    models.choose("mine", "Forget this model…")
    models.press(models.dialog(ConfirmDialog).act)
    qtbot.waitUntil(lambda: not models.has("mine"))
    assert file.is_file()


def test_a_folder_is_copied_where_that_is_wanted(models, home, qtbot):
    folder = home / "mine"
    folder.mkdir()
    quantized_llama(folder / "model.gguf", {"weight": "Q8_0"}, layers=1)
    models.press(models.page.files)
    dialog = models.dialog(FilesDialog)
    dialog.how.setFocus()
    QTest.keyClick(dialog.how, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    menu.setActiveAction(menu.actions()[1])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert dialog.copies
    models.press(dialog.folder)
    pick(models.dialog(QFileDialog), folder)
    qtbot.waitUntil(lambda: models.has("mine"))
    assert (paths.models_dir() / "mine" / "model.gguf").is_file()


def test_what_other_programs_keep_is_offered(models, home, qtbot):
    folder = home / "user" / ".lmstudio/models/pub/repo"
    folder.mkdir(parents=True)
    quantized_llama(folder / "theirs.gguf", {"weight": "Q8_0"}, layers=1)
    models.application.models.ask_for_files()
    dialog = models.dialog(FilesDialog)
    qtbot.waitUntil(lambda: bool(dialog.found.rows))
    (row,) = dialog.found.rows
    assert row.name.text() == "theirs"
    assert "LM Studio" in row.words.text()
    models.press(row.controls[0])
    qtbot.waitUntil(lambda: models.has("theirs"))
    assert (folder / "theirs.gguf").is_file()


def drop(page, *files):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, data, button, none)
    QApplication.sendEvent(page, enter)
    if enter.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPoint(5, 5), action, data, button, none))
    return enter.isAccepted()


def test_dropped_files_are_used_and_what_is_no_model_is_said(models, home, qtbot):
    file = home / "mine.gguf"
    quantized_llama(file, {"weight": "Q8_0"}, layers=1)
    assert drop(models.page, file)
    qtbot.waitUntil(lambda: models.has("mine"))
    (home / "note.txt").write_text("a note")
    assert drop(models.page, home / "note.txt")
    models.until_told("note.txt is no model")
    assert not drop(models.page)


def sharded(folder):
    """A model as the Hub has it, in two shards."""
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer.model").write_bytes(b"a tokenizer")
    head = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    for number in (1, 2):
        data = len(head).to_bytes(8, "little") + head + b"1"
        (folder / f"model-0000{number}-of-00002.safetensors").write_bytes(data)
    return sorted(folder.iterdir())


def test_everything_that_is_dropped_is_taken_and_one_notice_says_what_could_not_be(
    models, home, qtbot
):
    for name in ("one", "two"):
        quantized_llama(home / f"{name}.gguf", {"weight": "Q8_0"}, layers=1)
    (home / "note.txt").write_text("a note")
    (home / "empty").mkdir()
    files = [home / name for name in ("note.txt", "one.gguf", "empty", "two.gguf", "one.gguf")]
    assert drop(models.page, *files)
    qtbot.waitUntil(lambda: models.has("one") and models.has("two"))
    models.until_told("These are among your models now: one, two.")
    errors = [t.notice for t in models.page.toasts.toasts() if t.notice.kind is NoticeKind.ERROR]
    (refused,) = errors
    assert refused.text.startswith(
        "These could not be taken: note.txt, empty. note.txt is no model"
    )
    assert [place.name for place in Places().all()] == ["one", "two"]


def test_the_files_of_one_folders_model_are_one_model(models, home, qtbot):
    assert drop(models.page, *sharded(home / "hub"))
    models.until_told("hub is among your models now")
    assert [(place.name, place.path) for place in Places().all()] == [("hub", home / "hub")]
    assert not any(t.notice.kind is NoticeKind.ERROR for t in models.page.toasts.toasts())
    qtbot.waitUntil(lambda: models.has("hub"))


def test_what_was_dropped_after_it_was_stopped_is_left(models, home, qtbot):
    from app import models_work
    from app.bridge.jobs import Hand

    sharded(home / "hub")
    taken = models_work.take_all((home / "hub",), Hand(lambda _step: None, lambda: True))
    assert taken == models_work.Taken((), (), ())
    assert Places().all() == ()
