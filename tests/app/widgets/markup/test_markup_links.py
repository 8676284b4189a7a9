"""Links: shown whole, copied, never opened."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from app.widgets.faces import install_faces
from app.widgets.markup.link_strip import MAX_SHOWN_CHARS
from app.widgets.markup.prose_view import ProseView
from tests.app.widgets.access import PRESS, act, children, description, face

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TARGET = "https://docs.example/a?b=<b>c</b>"


@pytest.fixture
def view(tools, put, prose, link):
    return put(ProseView(tools, prose(link("docs", TARGET), " and ", link("more", "file:///x"))))


def middle(view, number):
    place = view.marks().links[number]
    cursor = view.textCursor()
    cursor.setPosition(place.start)
    first = view.cursorRect(cursor)
    cursor.setPosition(place.end)
    return first.united(view.cursorRect(cursor)).center()


def hover(view, point):
    QTest.mouseMove(view.viewport(), point + QPoint(1, 0))
    QTest.mouseMove(view.viewport(), point)


def test_hover_shows_the_whole_target_as_plain_text(view, tools, qtbot):
    hover(view, middle(view, 0))
    qtbot.waitUntil(lambda: tools.strip.text() == TARGET)
    assert view.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert view.extraSelections()[0].format.fontUnderline()
    hover(view, QPoint(600, 10))
    qtbot.waitUntil(lambda: tools.strip.text() == "")
    assert not view.extraSelections()


def test_leaving_the_view_hides_the_target(view, tools, host, qtbot):
    hover(view, middle(view, 0))
    qtbot.waitUntil(lambda: tools.strip.text() == TARGET)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert tools.strip.text() == ""


def test_a_click_copies_the_target_and_says_so(view, tools, host):
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1))
    assert QGuiApplication.clipboard().text() == "file:///x"
    assert tools.strip.text() == "Copied: file:///x"
    assert not host.presses, "the press was the link's"


def test_a_press_that_is_let_go_elsewhere_copies_nothing(view):
    QGuiApplication.clipboard().setText("before")
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(600, 10))
    assert QGuiApplication.clipboard().text() == "before"


def test_tab_goes_through_the_links_and_out(view, host, tools):
    after = QLineEdit(host)
    after.move(20, 300)
    after.show()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert view.links.focused().target == TARGET
    assert tools.strip.text() == TARGET
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert view.links.focused().target == "file:///x"
    assert not view.grab().isNull()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after
    assert view.links.focused() is None
    QTest.keyClick(after, Qt.Key.Key_Backtab)
    assert view.links.focused().target == "file:///x"
    QTest.keyClick(view, Qt.Key.Key_Backtab)
    assert view.links.focused().target == TARGET


def test_enter_copies_and_escape_leaves_the_link(view):
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == TARGET
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.links.focused() is None


def test_escape_is_the_links_while_it_has_the_keyboard_and_then_the_windows(view, host):
    told = []
    QShortcut(QKeySequence("Esc"), host).activated.connect(lambda: told.append("Esc"))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.links.focused() is None
    assert told == [], "an answer would have been stopped"
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert told == ["Esc"]


def test_a_links_menu_copies_it(view, qtbot):
    point = middle(view, 0)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, point, view.viewport().mapToGlobal(point)
    )
    QApplication.sendEvent(view.viewport(), event)
    menu = view.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["Copy link"]
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == TARGET
    menu.close()


def test_beside_a_link_the_menu_is_the_lists(view):
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(600, 10), QPoint(600, 10))
    event.accept()
    view.contextMenuEvent(event)
    assert not event.isAccepted()


def test_an_endless_target_says_how_much_more_there_is(tools, put, prose, link):
    target = "https://e.org/" + "x" * 5000
    view = put(ProseView(tools, prose(link("it", target))))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    shown = tools.strip.text()
    assert shown.startswith(target[:MAX_SHOWN_CHARS])
    assert "3,514" in shown
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == target


def test_the_strip_stays_in_the_window(tools, put, prose, link, host):
    view = put(ProseView(tools, prose(link("it", "https://e.org/" + "y" * 300))), top=670)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    strip = next(each for each in host.children() if type(each).__name__ == "LinkStrip")
    assert host.rect().contains(strip.geometry())
    assert strip.geometry().bottom() < view.geometry().top() + 10


def test_what_was_copied_is_said_for_a_moment(view, tools, qtbot, monkeypatch):
    tools.strip._copied.setInterval(1)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1))
    qtbot.waitUntil(lambda: tools.strip.text() == "")


def test_a_window_that_goes_takes_its_strip_along(tools, theme, qtbot, prose, link):
    view = ProseView(tools, prose(link("it", "https://e.org")))
    view.show()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert tools.strip.text() == "https://e.org"
    view.close()
    view.deleteLater()
    qtbot.waitUntil(lambda: tools.strip.text() == "")


def test_a_text_that_loses_its_link_has_none_in_focus(view, prose):
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    view.show_prose(prose("nothing"))
    assert view.links.focused() is None


class Places:
    """A text with places of its own."""

    def __init__(self) -> None:
        self.followed: list[tuple[str, Qt.FocusReason]] = []

    def title_of(self, target: str) -> str:
        return "The history" if target == "#history" else ""

    def follow(self, target: str, reason: Qt.FocusReason) -> None:
        self.followed.append((target, reason))


@pytest.fixture
def places(tools):
    install_faces()
    tools.inner_links = Places()
    yield tools.inner_links
    tools.inner_links = None


def test_a_link_into_the_text_itself_is_followed_and_others_are_copied(
    tools, put, prose, link, places, qtbot
):
    view = put(ProseView(tools, prose(link("keys", "#history"), " and ", link("more", "#else"))))
    QGuiApplication.clipboard().setText("before")
    links = children(face(view.viewport()))
    assert [description(each) for each in links] == ["The history", "#else"]
    hover(view, middle(view, 0))
    qtbot.waitUntil(lambda: tools.strip.text() == "The history")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 0))
    assert places.followed == [("#history", Qt.FocusReason.MouseFocusReason)]
    assert tools.strip.text() == ""
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert places.followed[1:] == [("#history", Qt.FocusReason.OtherFocusReason)]
    assert QGuiApplication.clipboard().text() == "before"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 1))
    assert QGuiApplication.clipboard().text() == "#else"
    act(links[0])
    assert places.followed[2:] == [("#history", Qt.FocusReason.OtherFocusReason)]
    assert links[0].actionInterface().localizedActionName(PRESS) == "Go there"


def test_the_menu_of_a_link_into_the_text_leads_there(tools, put, prose, link, places):
    view = put(ProseView(tools, prose(link("keys", "#history"))))
    at = middle(view, 0)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    (menu,) = view.findChildren(QMenu)
    (action,) = menu.actions()
    assert action.text() == "Go there"
    action.trigger()
    assert [target for target, _reason in places.followed] == ["#history"]


def test_what_is_searched_for_is_marked_below_the_link_that_is_meant(
    tools, put, prose, link, qtbot
):
    view = put(ProseView(tools, prose("🗝 a key, ", link("a key", "#else"))))
    view.found.show(((5, 8), (12, 15)), ((12, 15),))
    words = [each.cursor.selectedText() for each in view.extraSelections()]
    assert words == ["key", "key"]
    grounds = [each.format.background().color().name() for each in view.extraSelections()]
    tokens = tools.theme.tokens
    assert grounds == [tokens.mark.lower(), tokens.accent.lower()]
    hover(view, middle(view, 0))
    qtbot.waitUntil(lambda: len(view.extraSelections()) == 3)
    assert view.extraSelections()[-1].format.fontUnderline()
    view.found.show((), ())
    assert len(view.extraSelections()) == 1
