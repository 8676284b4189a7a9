"""Updates in the window, with the mouse and the keyboard: the settings’ section, what is asked,
what is told, and an update that is dropped.
"""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import updates_work
from app.installation import installed_at
from app.pages.settings.update_dialogs import UpdateChooser, UpdateDialog
from app.policy import Policy
from app.restrictions import Restrictions
from app.updates import starting
from app.updates.applying import apply_update
from app.updates.prefix import go_back
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.label import Label
from tests.app.pages.settings.settings_hand import open_settings
from tests.app.updates.updates_hand import Copy, contents, some_key

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Copy:
    """The copy that the windows of a test run from."""
    made = Copy(tmp_path / "copy", some_key())
    made.folder.mkdir()
    made.install("0.1.0", schema=1)
    monkeypatch.setattr("app.application.installation", made.running)
    monkeypatch.setattr("app.pages.settings.page.installation", made.running)
    return made


@pytest.fixture
def opened(copy, open_window, qtbot):
    """Opens a window at its settings, and waits for what they say of the program."""

    def make():
        application = open_window()
        open_settings(application)
        section = application.settings.page.program
        qtbot.waitUntil(lambda: section.updates.words.text() != "")
        return application, section

    return make


def dialog_of(application, kind, qtbot):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def click(button) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(application, section, file, qtbot) -> None:
    """Through Qt's own dialog for files."""
    click(section.update_button)
    chooser = dialog_of(application, UpdateChooser, qtbot)
    chooser.setDirectory(str(file.parent))
    chooser.selectFile(file.name)
    QTest.keyClick(chooser, Qt.Key.Key_Return)


def sentences(dialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(Label))


def told(application, hand) -> str:
    return " ".join(hand.toast_texts(application))


def test_an_update_is_chosen_asked_about_and_starts_next(copy, opened, qtbot, hand):
    file, _manifest = copy.update("0.2.0")
    application, section = opened()
    assert section.version.name.text() == "Pitcher 0.1.0"
    assert str(copy.prefix.folder) in section.version.words.text()
    assert "made from 0123456789ab" in section.version.words.text()
    assert copy.key.public.fingerprint in section.updates.words.text()
    assert section.other.isHidden()
    choose(application, section, file, qtbot)
    dialog = dialog_of(application, UpdateDialog, qtbot)
    assert dialog.windowTitle() == "Update to version 0.2.0?"
    assert dialog.fingerprint.text() == copy.key.public.fingerprint
    assert dialog.cancel.hasFocus()
    click(dialog.act)
    qtbot.waitUntil(lambda: copy.prefix.current == "0.2.0")
    qtbot.waitUntil(lambda: "next start is version 0.2.0" in section.updates.words.text())
    assert "Version 0.2.0 starts with the next start." in told(application, hand)
    assert section.other.words.text() == "Version 0.1.0, which runs now, is kept."
    assert section.progress.isHidden()


def test_enter_and_escape_change_nothing(copy, opened, qtbot):
    file, _manifest = copy.update("0.2.0")
    application, section = opened()
    before = contents(copy.prefix.folder)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        choose(application, section, file, qtbot)
        dialog = dialog_of(application, UpdateDialog, qtbot)
        QTest.keyClick(dialog.cancel, key)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert contents(copy.prefix.folder) == before


def test_what_is_refused_is_told_and_not_asked(copy, opened, qtbot, hand):
    file, _manifest = copy.update("0.2.0", some_key())
    application, section = opened()
    choose(application, section, file, qtbot)
    qtbot.waitUntil(lambda: "signed by another key" in told(application, hand))
    assert QApplication.activeModalWidget() is None


def test_an_older_version_is_said_to_be_one(copy, opened, qtbot):
    file, _manifest = copy.update("0.0.9", history_schema=1)
    application, section = opened()
    choose(application, section, file, qtbot)
    dialog = dialog_of(application, UpdateDialog, qtbot)
    assert dialog.windowTitle() == "Version 0.0.9 is an older one"
    assert "mended since 0.1.0" in sentences(dialog)
    assert "can’t read the chats" in sentences(dialog)
    click(dialog.act)
    qtbot.waitUntil(lambda: copy.prefix.current == "0.0.9")


def test_an_update_under_way_is_shown_and_stopped(copy, opened, qtbot, hand, monkeypatch):
    file, _manifest = copy.update("0.2.0")
    application, section = opened()
    gate, apply = threading.Event(), updates_work.apply

    def waiting(found, installation, policy, hand):
        assert gate.wait(20)
        return apply(found, installation, policy, hand)

    monkeypatch.setattr(updates_work, "apply", waiting)
    choose(application, section, file, qtbot)
    click(dialog_of(application, UpdateDialog, qtbot).act)
    qtbot.waitUntil(section.progress.isVisible)
    assert not section.update_button.isEnabled()
    application.window.activateWindow()
    qtbot.waitUntil(application.window.isActiveWindow)
    section.stop.setFocus()
    QTest.keyClick(section.stop, Qt.Key.Key_Space)
    gate.set()
    qtbot.waitUntil(lambda: "Nothing was changed." in told(application, hand))
    qtbot.waitUntil(section.progress.isHidden)
    assert section.update_button.isEnabled()
    assert section.update_button.hasFocus()
    assert copy.prefix.current == "0.1.0"


def test_the_version_that_is_kept_is_used_again(copy, opened, qtbot, hand):
    apply_update(copy.update("0.2.0")[0], copy.running())
    starting.has_started(copy.running())
    application, section = opened()
    qtbot.waitUntil(section.other.isVisible)
    assert section.other_button.text() == "Use version 0.1.0…"
    click(section.other_button)
    dialog = dialog_of(application, ConfirmDialog, qtbot)
    assert "can’t read the chats" in sentences(dialog)
    assert "0.2.0 is kept to change back to" in sentences(dialog)
    click(dialog.act)
    qtbot.waitUntil(lambda: copy.prefix.current == "0.1.0")
    qtbot.waitUntil(lambda: "Version 0.1.0 starts with" in told(application, hand))


def test_an_update_that_did_not_start_yet_is_given_up_for_the_version_that_runs(
    copy, opened, qtbot, monkeypatch
):
    running = copy.running()
    monkeypatch.setattr("app.application.installation", lambda: running)
    apply_update(copy.update("0.2.0")[0], running)
    application, section = opened()
    qtbot.waitUntil(section.other.isVisible)
    click(section.other_button)
    dialog = dialog_of(application, ConfirmDialog, qtbot)
    assert "0.2.0, which never started, is not kept" in sentences(dialog)
    click(dialog.act)
    qtbot.waitUntil(lambda: copy.prefix.current == "0.1.0")
    assert copy.prefix.previous is None


def test_the_shown_window_is_the_first_start(copy, open_window, qtbot):
    apply_update(copy.update("0.2.0")[0], copy.running())
    assert copy.prefix.is_on_trial
    open_window()
    qtbot.waitUntil(lambda: not copy.prefix.is_on_trial)


def test_a_version_that_did_not_start_is_told_once(copy, open_window, qtbot, hand):
    (copy.prefix.folder / "fell-back").write_text("0.2.0\n")
    application = open_window()
    qtbot.waitUntil(lambda: "Version 0.2.0 did not start" in told(application, hand))
    assert copy.prefix.fell_back_from is None


@pytest.mark.parametrize("is_signed", [True, False])
def test_why_a_copy_takes_no_update_stands_in_its_place(
    tmp_path, copy, opened, monkeypatch, is_signed
):
    other = Copy(tmp_path / "other", some_key())
    other.install("0.1.0", is_signed=False)
    program = other.prefix.versions / "0.1.0"
    there = other.running() if not is_signed else installed_at(program / "_internal")
    monkeypatch.setattr("app.application.installation", lambda: there)
    _application, section = opened()
    wanted = "package manager" if is_signed else "This build is not signed: it takes no updates."
    assert wanted in section.updates.words.text()
    assert section.update_button.isHidden()
    assert section.other.isHidden()


def test_a_policy_forbids_it_and_is_named(copy, qtbot, monkeypatch, tmp_path, request):
    from app.settings import Settings

    file = tmp_path / "policy.toml"
    policy = Policy(file, restrictions=Restrictions(updates_off=True))
    monkeypatch.setattr("app.settings.Settings", lambda own: Settings(own, policy))
    application = request.getfixturevalue("open_window")()
    section = open_settings(application).program
    qtbot.waitUntil(lambda: str(file) in section.updates.words.text())
    assert section.update_button.isHidden()
    assert section.updates.is_locked


# ---------------------------------------------------------------------- dropped


def dropped(widget, file):
    """Drag a file over a widget and let it go, as the system tells it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(widget, entered)
    drop = QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, buttons, keys)
    if entered.isAccepted():
        QApplication.sendEvent(widget, drop)
    return entered.isAccepted()


def test_an_update_is_dropped_on_the_window(copy, open_window, qtbot):
    file, _manifest = copy.update("0.2.0")
    application = open_window()
    assert dropped(application.window, file)
    dialog = dialog_of(application, UpdateDialog, qtbot)
    click(dialog.act)
    qtbot.waitUntil(lambda: copy.prefix.current == "0.2.0")
    assert application.window.page_now() is application.settings.page


def test_no_page_takes_an_update_for_something_else(copy, open_window):
    file, _manifest = copy.update("0.2.0")
    application = open_window()
    for page in (application.page, application.models.page):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        event = QDragEnterEvent(
            QPoint(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        event.ignore()
        if not page.eventFilter(page, event):
            page.event(event)
        assert not event.isAccepted()


def test_other_files_are_left_to_the_pages(copy, open_window, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("notes")
    assert not dropped(open_window().window, other)


def test_before_a_locked_window_nobody_drops_an_update(copy, open_window, qtbot, monkeypatch):
    file, _manifest = copy.update("0.2.0")
    application = open_window()
    monkeypatch.setattr(application.updates, "_may_change", lambda: False)
    assert not dropped(application.window, file)


def test_closing_the_window_ends_an_update(copy, open_window, qtbot, monkeypatch):
    file, _manifest = copy.update("0.2.0")
    application = open_window()
    apply = updates_work.apply

    def slow(found, installation, policy, hand):
        while not hand.is_stopped():
            QTest.qSleep(1)
        return apply(found, installation, policy, hand)

    monkeypatch.setattr(updates_work, "apply", slow)
    assert dropped(application.window, file)
    click(dialog_of(application, UpdateDialog, qtbot).act)
    qtbot.waitUntil(lambda: application.updates._job is not None)
    assert application.close()
    assert copy.prefix.current == "0.1.0"


def test_going_back_is_told_where_it_can_not_be_done(copy, opened, qtbot, hand):
    apply_update(copy.update("0.2.0")[0], copy.running())
    starting.has_started(copy.running())
    application, section = opened()
    qtbot.waitUntil(section.other.isVisible)
    go_back(copy.prefix)
    (copy.prefix.folder / "previous").unlink()
    click(section.other_button)
    qtbot.waitUntil(lambda: "no other version" in told(application, hand))
