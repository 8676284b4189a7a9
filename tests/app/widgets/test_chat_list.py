"""The sidebar's list by itself: many chats, and a place that is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.chats.model import Conversation
from app.settings import ThemeChoice
from app.theme.theme import Theme
from app.widgets.chat_list import ChatList

LEFT = Qt.MouseButton.LeftButton
# What the offscreen platform says of itself when a window of its own is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def chats(count: int, first: int = 1) -> list[Conversation]:
    now = datetime.now().timestamp()
    step = timedelta(hours=1).total_seconds()
    times = [round((now - number * step) * 1000) for number in range(count)]
    return [Conversation(first + n, f"chat {first + n}", at, at) for n, at in enumerate(times)]


@pytest.fixture
def listed(qtbot, qapp) -> ChatList:
    listed = ChatList(Theme(qapp, ThemeChoice.LIGHT))
    qtbot.addWidget(listed)
    listed.resize(264, 400)
    listed.show()
    qtbot.waitExposed(listed)
    listed.activateWindow()
    qtbot.waitUntil(listed.isActiveWindow)
    return listed


def middle(listed: ChatList, chat_id: int) -> QPoint:
    return listed.view.visualRect(listed.model.index_of(chat_id)).center()


def test_only_what_is_seen_of_many_chats_is_asked_for(listed, monkeypatch):
    asked: set[int] = set()
    data = listed.model.data

    def counted(index, role=Qt.ItemDataRole.DisplayRole):
        asked.add(index.row())
        return data(index, role)

    monkeypatch.setattr(listed.model, "data", counted)
    listed.show_chats(chats(5000))
    listed.view.grab()
    assert listed.model.rowCount() > 5000
    assert len(asked) < 50


def test_the_place_in_the_list_stays_when_a_chat_changes(listed):
    some = chats(200)
    listed.show_chats(some)
    bar = listed.view.verticalScrollBar()
    bar.setValue(1500)
    listed.put(Conversation(999, "new", some[0].created_at_ms, some[0].updated_at_ms))
    assert bar.value() == 1500
    listed.take(999)
    assert bar.value() == 1500
    assert listed.chat(999) is None


def test_a_click_opens_a_chat_and_a_label_is_no_chat(qtbot, listed):
    listed.show_chats(chats(3))
    opened: list[int] = []
    listed.opened.connect(opened.append)
    viewport = listed.view.viewport()
    QTest.mouseClick(viewport, LEFT, pos=listed.view.visualRect(listed.model.index(0)).center())
    assert opened == []
    QTest.mouseClick(viewport, LEFT, pos=middle(listed, 2))
    assert opened == [2]


def test_moving_about_opens_nothing_until_enter(listed):
    some = chats(3)
    listed.show_chats(some)
    opened: list[int] = []
    listed.opened.connect(opened.append)
    listed.mark_open(1)
    listed.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert listed.view.chat_now() == some[0], "the keyboard begins at the open one"
    QTest.keyClick(listed.view, Qt.Key.Key_Down)
    assert opened == []
    (selected,) = listed.view.selectionModel().selectedIndexes()
    assert listed.model.chat_at(selected) == some[0], "the open one stays marked"
    QTest.keyClick(listed.view, Qt.Key.Key_Return)
    assert opened == [2]


def test_what_changes_while_a_title_is_written_waits_for_it(qtbot, listed):
    some = chats(3)
    listed.show_chats(some)
    asked: list[tuple[int, str]] = []
    listed.rename_requested.connect(lambda chat_id, title: asked.append((chat_id, title)))
    listed.view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(listed.view, Qt.Key.Key_F2)
    field = listed.view.findChild(QLineEdit)
    assert field.text() == "chat 1"
    QTest.keyClicks(field, "  another   name ")
    listed.put(chats(1, first=77)[0])
    assert field.isVisible(), "nothing takes the field away"
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked == [(1, "another name")])
    qtbot.waitUntil(lambda: listed.chat(77) is not None)


def test_a_title_that_is_given_up_or_empty_asks_for_nothing(qtbot, listed):
    listed.show_chats(chats(3))
    asked: list[object] = []
    listed.rename_requested.connect(lambda *what: asked.append(what))
    for keys in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        listed.view.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(listed.view, Qt.Key.Key_F2)
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClick(field, keys)
        qtbot.waitUntil(lambda: not listed.view.is_renaming())
    assert asked == []


def test_words_stand_where_there_are_no_chats(listed):
    listed.say("No chats yet.")
    assert listed.words.isVisible()
    listed.show_chats(chats(1))
    assert not listed.words.isVisible()
    listed.take(1)
    assert listed.words.isVisible()
    assert not listed.view.isVisible()


def test_an_untitled_chat_has_words_and_a_hostile_title_is_plain(listed):
    at_ms = chats(1)[0].updated_at_ms
    listed.show_chats(
        [Conversation(1, "", at_ms, at_ms), Conversation(2, "<b>x</b>", at_ms, at_ms)]
    )
    shown = [listed.model.index(row).data() for row in range(listed.model.rowCount())]
    assert "Untitled chat" in shown
    assert "<b>x</b>" in shown
    listed.view.grab()
