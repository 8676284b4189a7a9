"""The sidebar's list by itself: many chats, and a place that is kept."""

from __future__ import annotations

from dataclasses import replace
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
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
# What the offscreen platform says of itself when a window of its own is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def chats(count: int, first: int = 1) -> list[Conversation]:
    now = datetime.now().timestamp()
    step = timedelta(hours=1).total_seconds()
    times = [round((now - number * step) * 1000) for number in range(count)]
    return [Conversation(first + n, f"chat {first + n}", at, at) for n, at in enumerate(times)]


@pytest.fixture
def listed(qtbot, qapp) -> ChatList:
    theme = Theme(qapp, ThemeChoice.LIGHT)
    listed = ChatList(theme)
    listed.theme = theme
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


def marked(listed: ChatList) -> list[int]:
    return [chat.id for chat in listed.model.marked]


def click(listed: ChatList, chat_id: int, keys=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(listed.view.viewport(), LEFT, keys, middle(listed, chat_id))


def press(listed: ChatList, key: Qt.Key, keys=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(listed.view, key, keys)


@pytest.fixture
def six(listed) -> ChatList:
    listed.show_chats(chats(6))
    return listed


def test_clicks_with_ctrl_and_shift_mark_chats_and_open_none(six):
    opened: list[int] = []
    six.opened.connect(opened.append)
    click(six, 2, CTRL)
    click(six, 4, CTRL)
    assert marked(six) == [2, 4]
    click(six, 2, CTRL)
    assert marked(six) == [4]
    click(six, 6, SHIFT)
    assert marked(six) == [2, 3, 4, 5, 6], "from where the last mark was set or taken away"
    assert opened == []
    click(six, 1)
    assert opened == [1]
    assert marked(six) == [], "a plain click opens and unmarks"
    click(six, 3, SHIFT)
    assert marked(six) == [1, 2, 3], "from the chat that was opened"


def test_the_keyboard_marks_a_range_all_or_one_by_one(six):
    six.view.setFocus(Qt.FocusReason.TabFocusReason)
    press(six, Qt.Key.Key_Down)
    press(six, Qt.Key.Key_Down, SHIFT)
    press(six, Qt.Key.Key_Down, SHIFT)
    assert marked(six) == [2, 3, 4]
    press(six, Qt.Key.Key_Up, SHIFT)
    assert marked(six) == [2, 3], "back towards where it began"
    press(six, Qt.Key.Key_Down)
    press(six, Qt.Key.Key_Down)
    press(six, Qt.Key.Key_Space, CTRL)
    assert marked(six) == [2, 3, 5]
    press(six, Qt.Key.Key_A, CTRL)
    assert marked(six) == [1, 2, 3, 4, 5, 6]
    press(six, Qt.Key.Key_Escape)
    assert marked(six) == []


def test_delete_means_what_is_marked_or_the_keyboards_row(six):
    asked: list[tuple[int, ...]] = []
    six.delete_requested.connect(asked.append)
    six.view.setFocus(Qt.FocusReason.TabFocusReason)
    press(six, Qt.Key.Key_Delete)
    press(six, Qt.Key.Key_Down, SHIFT)
    press(six, Qt.Key.Key_Delete)
    assert asked == [(1,), (1, 2)]


def test_the_menu_of_a_marked_chat_is_about_all_of_them(six):
    asked: list[tuple[object, ...]] = []
    six.pin_requested.connect(lambda *what: asked.append(what))
    six.delete_requested.connect(lambda *what: asked.append(what))
    six.export_requested.connect(lambda *what: asked.append(what))
    for chat_id in (2, 3):
        click(six, chat_id, CTRL)
    menu = six.view.menu_of(six.chat(3))
    words = [action.text() for action in menu.actions()]
    assert words == ["Pin 2 chats", "Export 2 chats…", "Delete 2 chats\tDel"]
    for action in menu.actions():
        action.trigger()
    assert asked == [((2, 3), True), ((2, 3),), ((2, 3),)]
    assert "Rename\tF2" in [action.text() for action in six.view.menu_of(six.chat(5)).actions()]


def test_a_line_says_how_many_are_marked_and_acts_on_them(qtbot, six):
    assert not six.bar.isVisible()
    click(six, 2, CTRL)
    click(six, 3, CTRL)
    assert six.bar.isVisible()
    assert six.bar.words.text() == "Marked: 2"
    asked: list[tuple[object, ...]] = []
    six.pin_requested.connect(lambda *what: asked.append(what))
    six.export_requested.connect(lambda *what: asked.append(what))
    six.delete_requested.connect(lambda *what: asked.append(what))
    for button in (six.bar.pin, six.bar.export, six.bar.delete):
        QTest.mouseClick(button, LEFT)
    assert asked == [((2, 3), True), ((2, 3),), ((2, 3),)]
    six.bar.end.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(six.bar.end, Qt.Key.Key_Space)
    assert not six.bar.isVisible()
    assert six.view.hasFocus(), "the keyboard does not fall out of the list"


def test_chats_that_are_all_pinned_are_unpinned_together(six):
    for chat_id in (2, 3):
        chat = six.chat(chat_id)
        six.put(replace(chat, is_pinned=True))
        click(six, chat_id, CTRL)
    asked: list[tuple[object, ...]] = []
    six.pin_requested.connect(lambda *what: asked.append(what))
    assert six.bar.pin.accessibleName() == "Unpin"
    QTest.mouseClick(six.bar.pin, LEFT)
    assert asked[0][1] is False
    assert six.view.menu_of(six.chat(2)).actions()[0].text() == "Unpin 2 chats"


def test_a_chat_that_goes_takes_its_mark_along(six):
    for chat_id in (2, 3):
        click(six, chat_id, CTRL)
    six.take(3)
    assert marked(six) == [2]
    six.show_chats(chats(1))
    assert marked(six) == []
    assert not six.bar.isVisible()


def test_a_marked_row_is_drawn_and_told_as_one(six):
    before = six.view.grab().toImage()
    click(six, 2, CTRL)
    assert six.view.grab().toImage() != before
    index = six.model.index_of(2)
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    assert six.model.index_of(3).data(Qt.ItemDataRole.CheckStateRole) is None


def test_the_pebbles_move_only_while_they_are_seen_and_may(qtbot, six, qapp):
    pebbles, delegate = six.view.pebbles, six.view.itemDelegate()
    at_rest = delegate.phase
    six.mark_answering(2)
    assert pebbles.is_moving()
    qtbot.waitUntil(lambda: delegate.phase != at_rest)
    six.hide()
    assert not pebbles.is_moving()
    six.show()
    assert pebbles.is_moving()
    six.theme.reduce_motion(True)
    assert not pebbles.is_moving()
    assert delegate.phase == at_rest
    six.theme.reduce_motion(False)
    six.mark_answering(None)
    assert not pebbles.is_moving()


def test_a_chat_can_be_renamed_from_elsewhere(qtbot, six):
    six.rename_now(4)
    assert six.view.findChild(QLineEdit).text() == "chat 4"


def test_nothing_in_a_title_is_hidden_or_turns_it_round(listed):
    at_ms = chats(1)[0].updated_at_ms
    hostile = "paid\u202e gnp.exe\u200b\u200b\nsecond line" + "x" * 5000
    listed.show_chats([Conversation(1, hostile, at_ms, at_ms)])
    shown = listed.model.index_of(1).data()
    assert shown.startswith("paid‹U+202E› gnp.exe‹U+200B ×2› second line")
    assert len(shown) < 400
    assert listed.model.index_of(1).data(Qt.ItemDataRole.EditRole) == hostile
