"""The whole window without a mouse and without eyes: Tab reaches all, everything has a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QAbstractAnimation, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.application import Application
from app.settings import REDUCE_MOTION
from app.widgets.faces import install_faces
from tools.screenshot_first_run import recommend
from tools.screenshot_privacy import PRIVACY, PROVED

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CTRL = Qt.KeyboardModifier.ControlModifier
MOST_STOPS = 200
ANSWER = (
    "See [the fable](https://example.org/fable) and [another](https://example.org/other).\n\n"
    "| Pebbles | Level |\n|---|--:|\n| 1 | 12 |\n\n",
    "$$E = mc^2$$\n\n```python\nlevel = 1\n```\n\nThat is all.",
)
NAMED = {
    QAccessible.Role.Button,
    QAccessible.Role.ButtonMenu,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.EditableText,
    QAccessible.Role.Slider,
    QAccessible.Role.SpinBox,
    QAccessible.Role.ComboBox,
    QAccessible.Role.List,
    QAccessible.Role.ListItem,
    QAccessible.Role.MenuItem,
    QAccessible.Role.Dialog,
    QAccessible.Role.Graphic,
    QAccessible.Role.Grouping,
}


@pytest.fixture(autouse=True)
def faces(qapp):
    install_faces()


# ------------------------------------------------------------------ the states


def empty(application: Application, _qtbot) -> QWidget:
    return application.window


def chat(application: Application, qtbot) -> QWidget:
    application.page.composer.edit.setFocus()
    QTest.keyClicks(application.page.composer.edit, "Hello")
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(application.page.transcript.turn_ids()))
    qtbot.waitUntil(lambda: not application.chat.is_busy())
    qtbot.wait(50)
    return application.window


def settings(application: Application, qtbot) -> QWidget:
    QTest.keyClick(application.window, Qt.Key.Key_Comma, CTRL)
    qtbot.waitUntil(lambda: application.window.page_now() is not application.page)
    qtbot.wait(20)
    return application.window


def models(application: Application, qtbot) -> QWidget:
    application.models.downloads.may_measure = False
    QTest.keyClick(application.window, Qt.Key.Key_M, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bool(application.models.page.rows))
    application.models.page.take_focus()
    qtbot.wait(20)
    return application.window


def first_run(application: Application, qtbot) -> QWidget:
    recommend(application)
    qtbot.wait(20)
    return application.window


def help_page(application: Application, qtbot) -> QWidget:
    QTest.keyClick(application.window, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: bool(application.help.page.text.rows()))
    QTest.keyClicks(application.help.page.search, "key")
    qtbot.wait(50)
    return application.window


def privacy(application: Application, qtbot) -> QWidget:
    application.window.sidebar.lock.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(application.window.sidebar.lock, Qt.Key.Key_Space)
    page = application.privacy.page
    qtbot.waitUntil(lambda: bool(page.cards.chats.fact.text()))
    page.show_facts(PRIVACY)
    application.window.show_lock(PROVED)
    qtbot.wait(20)
    return application.window


def palette(application: Application, qtbot) -> QWidget:
    QTest.keyClick(application.window, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QWidget))
    qtbot.wait(20)
    return application.window


def search(application: Application, qtbot) -> QWidget:
    QTest.keyClick(application.window, Qt.Key.Key_F, CTRL)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, "nothing")
    qtbot.wait(300)
    return application.window


def dialog_now(qtbot) -> QDialog:
    def found() -> QDialog | None:
        dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
        return next((dialog for dialog in dialogs if dialog.isVisible()), None)

    qtbot.waitUntil(lambda: found() is not None)
    dialog = found()
    assert dialog is not None
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def chat_settings(application: Application, qtbot) -> QWidget:
    QTest.keyClick(application.window, Qt.Key.Key_Period, CTRL)
    return dialog_now(qtbot)


def details(application: Application, qtbot) -> QWidget:
    chat(application, qtbot)
    foot = application.page.transcript.foot(application.page.transcript.turn_ids()[-1])
    assert foot is not None
    foot.details.click()
    return dialog_now(qtbot)


def history(application: Application, qtbot) -> QWidget:
    application.desk.open()
    return dialog_now(qtbot)


STATES = [
    empty,
    chat,
    settings,
    models,
    first_run,
    privacy,
    help_page,
    palette,
    search,
    chat_settings,
    details,
    history,
]


# ------------------------------------------------------------------ what is read


def tree(face: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """What is seen, from the top."""
    if face.state().invisible:
        return
    yield face
    for number in range(face.childCount()):
        child = face.child(number)
        if child is not None and child.isValid():
            yield from tree(child)


def words(face: QAccessibleInterface) -> tuple[str, str]:
    kinds = QAccessible.Text
    return face.text(kinds.Name), face.text(kinds.Description)


@pytest.mark.parametrize("state", STATES)
def test_everything_that_is_seen_has_a_name(qtbot, open_window, fake_engine, state: Callable):
    fake_engine.words = ANSWER
    root = state(open_window(), qtbot)
    faces = list(tree(QAccessible.queryAccessibleInterface(root)))
    assert len(faces) > 5
    nameless = [
        (face.role(), face.object())
        for face in faces
        if face.role() in NAMED and not words(face)[0].strip()
    ]
    assert nameless == []


@pytest.mark.parametrize("state", STATES)
def test_no_two_buttons_side_by_side_are_told_alike(
    qtbot, open_window, fake_engine, state: Callable
):
    fake_engine.words = ANSWER
    root = state(open_window(), qtbot)
    told: Counter[tuple[object, ...]] = Counter()
    for face in tree(QAccessible.queryAccessibleInterface(root)):
        thing = face.object()
        if face.role() == QAccessible.Role.Button and isinstance(thing, QWidget):
            told[(id(thing.parentWidget()), *words(face))] += 1
    assert told
    assert [each for each, count in told.items() if count > 1] == []


# ------------------------------------------------------------------ what Tab reaches


def takes_tab(widget: QWidget) -> bool:
    policy = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(policy) and widget.focusProxy() is None and widget.isEnabled()


def stops_of(root: QWidget) -> set[QWidget]:
    """What can have the focus and is seen."""
    parts = [part for part in root.findChildren(QWidget) if part.isVisible()]
    return {part for part in parts if takes_tab(part) and part.window() is root}


def walk(root: QWidget, key: Qt.Key) -> list[QWidget]:
    """Everything that Tab comes to, until it has come round."""
    seen: list[QWidget] = []
    for _step in range(MOST_STOPS):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        focused = QApplication.focusWidget()
        assert focused is not None
        if seen and focused is seen[0]:
            return seen
        if not seen or focused is not seen[-1]:  # a text's links are stops within it
            seen.append(focused)
    raise AssertionError(f"Tab does not come round: {seen[-5:]}")


def told(widgets: set[QWidget]) -> set[str]:
    names = {each: each.accessibleName() or each.property("text") for each in widgets}
    return {f"{type(each).__name__} {name!r}" for each, name in names.items()}


WALKED = [empty, chat, settings, chat_settings, details, history]


@pytest.mark.parametrize("state", WALKED)
def test_tab_reaches_everything_and_comes_round(qtbot, open_window, fake_engine, state: Callable):
    fake_engine.words = ANSWER
    root = state(open_window(), qtbot)
    if QApplication.focusWidget() is None:
        root.setFocus()
    forwards = walk(root, Qt.Key.Key_Tab)
    backwards = walk(root, Qt.Key.Key_Backtab)
    assert told(stops_of(root) - set(forwards)) == set()
    assert told(stops_of(root) - set(backwards)) == set()
    assert all(each.window() is root for each in forwards)


@pytest.mark.parametrize("state", WALKED)
def test_where_the_keyboard_is_can_be_seen(qtbot, open_window, fake_engine, state: Callable):
    fake_engine.words = ANSWER
    root = state(open_window(), qtbot)
    unseen = set()
    for widget in walk(root, Qt.Key.Key_Tab):
        QTest.keyClick(QApplication.focusWidget() or root, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None, widget
        with_focus = root.grab().toImage()
        focused.clearFocus()
        if root.grab().toImage() == with_focus:
            unseen.add(focused)
        focused.setFocus(Qt.FocusReason.TabFocusReason)
    assert told(unseen) == set()


@pytest.mark.parametrize("state", [chat_settings, details, history])
def test_escape_closes_a_dialog_and_the_keyboard_is_where_it_was(
    qtbot, open_window, fake_engine, state: Callable
):
    fake_engine.words = ANSWER
    application = open_window()
    dialog = state(application, qtbot)
    focused = QApplication.focusWidget() or dialog
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    application.window.activateWindow()
    qtbot.waitUntil(application.window.isActiveWindow)
    after = QApplication.focusWidget()
    assert after is not None
    assert after.window() is application.window


# ------------------------------------------------------------------ stillness


def test_nothing_moves_by_itself_where_motion_is_reduced(
    qtbot, open_window, fake_engine, monkeypatch
):
    import threading

    started: list[QAbstractAnimation] = []
    application = open_window()
    application.settings.choose(REDUCE_MOTION, True)
    fake_engine.words = ANSWER
    fake_engine.gate = threading.Event()
    fake_engine.reasoning = ("Let me think.",)
    QTest.keyClicks(application.page.composer.edit, "Hello")
    QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(application.page.transcript.turn_ids()))
    for act in (palette, search):
        act(application, qtbot)
        started += running(application.window)
        QTest.keyClick(QApplication.focusWidget() or application.window, Qt.Key.Key_Escape)
    fake_engine.gate.set()
    qtbot.waitUntil(lambda: not application.chat.is_busy())
    assert started + running(application.window) == []


def running(root: QWidget) -> list[QAbstractAnimation]:
    animations = root.findChildren(QAbstractAnimation)
    return [each for each in animations if each.state() == QAbstractAnimation.State.Running]
