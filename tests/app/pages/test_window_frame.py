"""The window around the chat: sidebar, menu, theme, lock, toasts, and how it ends."""

from __future__ import annotations

import json
import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from app.airlock.report import Attempt, LockReport, LockState
from app.notices import NoticeAction
from app.settings import SendKey
from app.theme.icons import Icon
from app.theme.tokens import DARK, LIGHT, Ink

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
# What the offscreen platform says of itself when a dialog or a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

REASON = "This kernel cannot filter system calls: the system does not block the network."
NOT_ENFORCED = LockReport(LockState.NOT_ENFORCED, REASON)
NOT_TESTED = LockReport(LockState.NOT_TESTED, "The test has not run.")
LYING = LockReport(
    LockState.ENFORCED, "", (Attempt("TCP", True, "EPERM"), Attempt("UDP", False, "opened"))
)


def texts_of(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def choose(qtbot, name: str) -> None:
    """Choose from the open menu with the arrow keys."""
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    for _ in range(len(menu.actions())):
        QTest.keyClick(menu, Qt.Key.Key_Down)
        if menu.activeAction() is not None and menu.activeAction().text().startswith(name):
            QTest.keyClick(menu, Qt.Key.Key_Return)
            return
    raise AssertionError(f"no {name} in the menu")


def test_an_enforced_lock_is_green_in_sidebar_header_and_page(open_window):
    application = open_window()
    words = application.window.sidebar.lock.words
    assert (words.ink, words.icon) == (Ink.OK, Icon.LOCK_OK)
    assert (words.title, words.detail) == ("Network blocked", "Enforced by Linux")
    assert "2 of 2" in words.sentence
    assert application.page.empty.lock.title.text() == "The network is blocked"


@pytest.mark.parametrize(
    ("report", "ink", "title"),
    [
        (NOT_ENFORCED, Ink.BAD, "Network not blocked"),
        (NOT_TESTED, Ink.TEXT2, "Network"),
        (LYING, Ink.BAD, "Network not blocked"),
    ],
)
def test_anything_else_is_never_green(open_window, report, ink, title):
    application = open_window(lock=report, width=800)
    assert application.window.sidebar.lock.words.ink is ink
    assert application.window.sidebar.lock.words.title == title
    assert application.page.header.lock.shown_icon() is not Icon.LOCK_OK
    assert application.page.empty.lock.title.text() != "The network is blocked"


def test_a_click_on_the_lock_shows_each_attempt_and_what_is_not_covered(
    qtbot, open_window, monkeypatch
):
    monkeypatch.setenv("DOCKER_HOST", "tcp://inside")
    application = open_window()
    QTest.mouseClick(application.window.sidebar.lock, LEFT)
    page = application.privacy.page
    assert application.window.page_now() is page
    qtbot.waitUntil(lambda: any("Docker: tcp://inside" in text for text in page.open.lines()))
    texts = texts_of(page)
    assert {"TCP, IPv4", "io_uring", "EPERM", "Refused", "Not covered"} <= set(texts)
    assert any("Local sockets stay open" in text for text in texts)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page


def test_a_lock_that_leaks_is_shown_as_it_answered(open_window):
    application = open_window(lock=LYING)
    QTest.mouseClick(application.window.sidebar.lock, LEFT)
    texts = texts_of(application.privacy.page)
    assert {"Not refused", "opened", "Not enforced on this computer", "1 of 2 refused"} <= set(
        texts
    )


def test_under_960_the_sidebar_moves_to_the_header(qtbot, open_window):
    application = open_window(width=900, height=600)
    header = application.page.header
    sidebar = application.window.sidebar
    assert not sidebar.isVisible()
    assert header.sidebar.isVisible()
    assert header.new_chat.isVisible()
    assert header.lock.isVisible()
    QTest.mouseClick(header.sidebar, LEFT)
    assert sidebar.isVisible()
    assert sidebar.geometry().left() == 0
    assert application.page.width() == 900, "the sidebar lies over the page"
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert not sidebar.isVisible()
    application.window.resize(1200, 700)
    qtbot.waitUntil(sidebar.isVisible)
    assert not header.sidebar.isVisible()
    assert application.page.width() == 1200 - sidebar.width()


def test_a_click_beside_an_open_sidebar_closes_it(qtbot, open_window):
    application = open_window(width=900, height=600)
    QTest.keyClick(application.window, Qt.Key.Key_B, CTRL)
    assert application.window.sidebar.isVisible()
    behind = application.window.childAt(QPoint(700, 300))
    QTest.mouseClick(behind, LEFT)
    assert not application.window.sidebar.isVisible()
    assert application.page.composer.edit.hasFocus(), "focus goes back to where it was"


def test_new_chat_from_a_sidebar_over_the_page_closes_it(qtbot, open_window):
    application = open_window(width=900, height=600)
    QTest.keyClick(application.window, Qt.Key.Key_B, CTRL)
    QTest.mouseClick(application.window.sidebar.new_chat, LEFT)
    assert not application.window.sidebar.isVisible()


def test_ctrl_b_hides_the_sidebar_and_it_stays_hidden(qtbot, open_window, tmp_path):
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_B, CTRL)
    assert not application.window.sidebar.isVisible()
    assert application.page.header.sidebar.isVisible()
    qtbot.waitUntil((tmp_path / "settings.json").exists)
    application.close()
    assert not open_window().window.sidebar.isVisible()


def test_the_sidebar_is_resized_with_the_mouse_within_limits(qtbot, open_window, tmp_path):
    application = open_window()
    sidebar = application.window.sidebar
    grip = application.window.childAt(QPoint(sidebar.width(), 300))
    QTest.mousePress(grip, LEFT)
    for x in (300, 320):
        QTest.mouseMove(grip, grip.mapFrom(application.window, QPoint(x, 300)))
    QTest.mouseRelease(grip, LEFT)
    qtbot.waitUntil(lambda: sidebar.width() == 320)
    assert application.page.width() == 1280 - 320
    stored = tmp_path / "settings.json"
    qtbot.waitUntil(
        lambda: stored.exists() and json.loads(stored.read_text())["sidebar_width"] > 264
    )
    QTest.mousePress(grip, LEFT)
    QTest.mouseMove(grip, grip.mapFrom(application.window, QPoint(900, 300)))
    qtbot.waitUntil(lambda: sidebar.width() == 360)
    QTest.mouseRelease(grip, LEFT)


def test_the_window_does_not_get_smaller_than_640_by_480(open_window):
    application = open_window(width=200, height=100)
    assert (application.window.width(), application.window.height()) == (640, 480)
    assert application.page.composer.isVisible()
    assert application.page.composer.geometry().bottom() <= 480


def test_the_menu_changes_the_theme_and_remembers_it(qtbot, open_window, tmp_path):
    application = open_window()
    QTest.mouseClick(application.page.header.more, LEFT)
    choose(qtbot, "Dark")
    assert application.theme.tokens == DARK
    assert QApplication.palette().color(QPalette.ColorRole.WindowText).name() == DARK.text.lower()
    assert DARK.raised in QApplication.instance().styleSheet()
    stored = tmp_path / "settings.json"
    qtbot.waitUntil(lambda: stored.exists() and json.loads(stored.read_text())["theme"] == "dark")
    application.close()
    assert open_window().theme.tokens == DARK


def test_the_theme_follows_the_system(qapp, open_window):
    application = open_window()
    assert application.theme.tokens == LIGHT
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert application.theme.tokens == DARK
    ground = application.window.grab().toImage().pixelColor(1000, 300)
    assert ground.name() == DARK.surface.lower()
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    ground = application.window.grab().toImage().pixelColor(1000, 300)
    assert ground.name() == LIGHT.surface.lower()


def test_high_contrast_takes_the_systems_colours(qapp, open_window):
    application = open_window()
    accessibility = qapp.styleHints().accessibility()
    accessibility.contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    tokens = application.theme.tokens
    assert tokens.ok == tokens.bad == tokens.text
    assert tokens.surface == tokens.raised == tokens.bubble
    accessibility.contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
    assert application.theme.tokens == LIGHT


def test_the_send_key_can_be_changed(qtbot, open_window):
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_F10)
    choose(qtbot, "Ctrl+Enter")
    edit = application.page.composer.edit
    assert edit.send_key is SendKey.CTRL_ENTER
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "one\n"
    QTest.keyClick(edit, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(application.page.transcript.turn_ids()) == 1)


def test_reduced_motion_stills_the_pebbles(qtbot, open_window, fake_opener):
    fake_opener.gate = threading.Event()
    application = open_window(waits=False)
    pebbles = application.page.header.pebbles
    qtbot.waitUntil(pebbles.is_moving)
    QTest.keyClick(application.window, Qt.Key.Key_F10)
    choose(qtbot, "Reduce motion")
    assert pebbles.isVisible()
    assert not pebbles.is_moving()
    application.notices.news("Still.")
    (toast,) = application.page.toasts.toasts()
    assert toast.rise.state() == toast.rise.State.Stopped
    fake_opener.gate.set()


def test_errors_stay_until_dismissed_and_are_not_repeated(qtbot, open_window):
    application = open_window()
    application.notices.error("The disk is full.")
    application.notices.error("The disk is full.")
    application.notices.warning("Look here.")
    toasts = application.page.toasts.toasts()
    assert [t.notice.text for t in toasts] == ["The disk is full.", "Look here."]
    qtbot.wait(250)
    first, second = (t.geometry() for t in toasts)
    assert first.top() < second.top()
    close = next(b for b in toasts[0].findChildren(QAbstractButton))
    QTest.mouseClick(close, LEFT)
    assert [t.notice.text for t in application.page.toasts.toasts()] == ["Look here."]


def test_news_leaves_by_itself(qtbot, open_window, monkeypatch):
    from app.widgets import toast as module

    class Quick:
        toast_shown_ms = 30
        toast_ms = 0

    monkeypatch.setattr(module, "MOTION", Quick())
    application = open_window()
    application.notices.news("Saved.")
    assert len(application.page.toasts.toasts()) == 1
    qtbot.waitUntil(lambda: application.page.toasts.toasts() == ())


def test_the_action_of_a_toast_runs_and_closes_it(open_window):
    application = open_window()
    done: list[bool] = []
    application.notices.error("No.", NoticeAction("Retry", lambda: done.append(True)))
    (toast,) = application.page.toasts.toasts()
    button = next(b for b in toast.findChildren(QAbstractButton) if b.text() == "Retry")
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert done == [True]
    assert application.page.toasts.toasts() == ()


def test_a_toast_does_not_cover_the_composer(open_window):
    application = open_window()
    edit = application.page.composer.edit
    for _ in range(6):
        QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    application.theme.reduce_motion(True)
    application.notices.error("The disk is full.")
    (toast,) = application.page.toasts.toasts()
    assert toast.grab().toImage().width() > 400
    assert toast.geometry().bottom() <= application.page.composer.geometry().top() + 24


def test_damaged_settings_are_said_and_kept_aside(open_window, tmp_path):
    (tmp_path / "settings.json").write_text("{not json")
    application = open_window()
    (toast,) = application.page.toasts.toasts()
    assert "Defaults apply" in toast.notice.text
    assert (tmp_path / "settings.damaged.json").read_text() == "{not json"


def test_settings_that_cannot_be_stored_are_said(qtbot, open_window, tmp_path, monkeypatch):
    application = open_window()

    def refuse(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.settings.os.replace", refuse)
    QTest.keyClick(application.window, Qt.Key.Key_B, CTRL)
    qtbot.waitUntil(lambda: bool(application.page.toasts.toasts()))
    sentence = application.page.toasts.toasts()[0].notice.text
    assert sentence.startswith("The settings were not saved.")
    assert "No space left on device" in sentence
    assert list(tmp_path.iterdir()) == []


def test_closing_while_answering_ends_every_thread(qtbot, open_window, fake_engine, fake_opener):
    fake_engine.gate = threading.Event()
    application = open_window()
    QTest.keyClicks(application.page.composer.edit, "go")
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(fake_engine.requests))
    QTest.keyClick(application.window, Qt.Key.Key_Q, CTRL)
    assert not application.window.isVisible()
    assert application.close()
    assert fake_engine.is_unloaded
    assert fake_opener.is_closed
    assert not any(t.name == "engine" for t in threading.enumerate())


def test_closing_while_loading_ends_every_thread(qtbot, open_window, fake_opener):
    fake_opener.gate = threading.Event()
    application = open_window(waits=False)
    qtbot.waitUntil(lambda: fake_opener.loads == 1)
    assert application.close()
    assert not any(t.name == "engine" for t in threading.enumerate())


def test_the_clipboard_is_left_alone(open_window):
    QGuiApplication.clipboard().setText("mine")
    open_window()
    assert QGuiApplication.clipboard().text() == "mine"
