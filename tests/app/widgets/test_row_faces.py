"""Painted rows as a screen reader has them: read, meant, opened, and what is said meanwhile."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from app.chats.model import Conversation, Hit
from app.chats.model import Role as ChatRole
from app.settings import ThemeChoice
from app.theme.icons import Icon
from app.theme.theme import Theme
from app.widgets import announcing
from app.widgets.chat_list import ChatList
from app.widgets.faces import install_faces
from app.widgets.palette import Palette
from app.widgets.palette_rows import PaletteLabel, PaletteRow
from app.widgets.search_results import SearchResults
from tests.app.widgets.access import (
    PRESS,
    Ears,
    Role,
    act,
    children,
    description,
    everything,
    face,
    name,
)

# What the offscreen platform says of itself when a window of its own is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
ROW_HEIGHTS = 12


@pytest.fixture(autouse=True)
def installed(qapp):
    install_faces()


@pytest.fixture
def ears(monkeypatch) -> Ears:
    ears = Ears()
    monkeypatch.setattr(announcing, "QAccessible", ears)
    return ears


@pytest.fixture
def theme(qapp) -> Theme:
    return Theme(qapp, ThemeChoice.LIGHT)


@pytest.fixture
def palette(qtbot, theme, show_active) -> Palette:
    window = show_active(QLineEdit(), width=900, height=700)
    palette = Palette(theme, window)
    palette.ran = []
    palette.open_now()
    palette.show_items([PaletteLabel("Commands"), *rows(palette, "New chat", "Quit")])
    return palette


def rows(palette: Palette, *names: str) -> list[PaletteRow]:
    return [
        PaletteRow(Icon.CHAT, ((each, False),), lambda each=each: palette.ran.append(each))
        for each in names
    ]


def hits(count: int) -> list[Hit]:
    at_ms = round(datetime(2024, 5, 3, 12).timestamp() * 1000)
    excerpt = (("about ", False), ("crows", True))
    return [Hit(n, n, f"Chat {n}", ChatRole.USER, at_ms, excerpt) for n in range(1, count + 1)]


@pytest.fixture
def results(theme, show_active) -> SearchResults:
    results = SearchResults(theme)
    show_active(results, width=264, height=500)
    return results


def chats(*pinned: int) -> list[Conversation]:
    now_ms = round(datetime.now().timestamp() * 1000)
    made = [Conversation(n, f"Chat {n}", now_ms - n, now_ms - n) for n in (1, 2, 3)]
    return [
        Conversation(c.id, c.title, c.created_at_ms, c.updated_at_ms, is_pinned=c.id in pinned)
        for c in made
    ]


@pytest.fixture
def listed(theme, show_active) -> ChatList:
    listed = ChatList(theme)
    show_active(listed, width=264, height=400)
    listed.show_chats(chats(3))
    return listed


def row(widget: QWidget, words: str):
    """The row of a list whose name begins so."""
    return next(each for each in children(face(widget)) if name(each).startswith(words))


# ------------------------------------------------------------------ the palette


def test_rows_of_the_palette_are_read_below_their_group(palette):
    seen = face(palette.view)
    assert seen.role() == Role.List
    assert [(each.role(), name(each)) for each in children(seen)] == [
        (Role.Heading, "Commands"),
        (Role.ListItem, "New chat"),
        (Role.ListItem, "Quit"),
    ]
    head, first, _last = children(seen)
    assert first.state().selected
    assert head.actionInterface() is None
    assert not head.state().selectable
    assert first.parent().object() is palette.view


def test_a_row_of_the_palette_is_chosen(palette):
    first = row(palette.view, "New chat")
    assert first.actionInterface().localizedActionName(PRESS) == "Choose"
    act(row(palette.view, "Quit"))
    assert palette.ran == ["Quit"]
    assert not palette.isVisible()
    # Its rows are gone with it: whoever still has one can do nothing with it.
    assert (name(first), first.actionInterface()) == ("", None)


def test_a_row_is_meant_and_found_where_it_is_painted(palette):
    seen = face(palette.view)
    selection = seen.selectionInterface()
    quit_row = row(palette.view, "Quit")
    assert selection.select(quit_row)
    assert palette.view.currentIndex().row() == 2
    assert [name(each) for each in selection.selectedItems()] == ["Quit"]
    assert selection.isSelected(quit_row)
    assert not selection.select(children(seen)[0])  # a group can't be meant
    assert selection.selectedItemCount() == 1
    assert selection.selectedItem(1) is None
    assert not selection.unselect(quit_row)
    assert not selection.clear()
    assert not selection.selectAll()
    centre = quit_row.rect().center()
    assert name(seen.childAt(centre.x(), centre.y())) == "Quit"
    assert seen.childAt(-1, -1) is None


def test_rows_out_of_sight_say_so(palette):
    palette.show_items(rows(palette, *(f"row {n}" for n in range(40))))
    faces = children(face(palette.view))
    assert not faces[0].state().offscreen
    assert faces[39].state().offscreen
    palette.view.scrollToBottom()
    assert faces[0].state().offscreen
    assert not faces[39].state().offscreen


def test_the_palette_says_the_row_that_is_meant_and_how_many_there_are(palette, ears):
    palette.show_items(rows(palette, "New chat"))
    assert ears.heard == []  # it was said when the palette opened
    QTest.keyClicks(palette.field, "q")
    palette.show_items([PaletteLabel("Commands"), *rows(palette, "Quit", "Quit now")])
    palette.show_items([PaletteLabel("Commands"), *rows(palette, "Quit", "Quit now")])
    palette.say("Nothing is called so.")  # there is something
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert ears.heard == ["Found: 2. Quit", "Quit now"]
    palette.show_items(())
    palette.say("Nothing is called so.")
    assert ears.heard[2:] == ["Nothing is called so."]


# ------------------------------------------------------------------ what was found


def test_what_was_found_is_read_and_opened(results):
    opened: list[Hit] = []
    results.opened.connect(opened.append)
    results.show_hits(hits(3))
    seen = children(face(results.view))
    assert [name(each) for each in seen] == [
        f"Chat {n}. 3 May 2024. about crows" for n in (1, 2, 3)
    ]
    act(seen[2])
    assert [hit.conversation_id for hit in opened] == [3]
    results.clear()
    assert children(face(results.view)) == []


def test_a_search_says_how_much_it_found_and_the_row_that_is_meant(results, ears):
    results.show_hits(hits(2))
    results.step(1)
    results.show_hits(())
    assert ears.heard == [
        "Found: 2. Chat 1. 3 May 2024. about crows",
        "Chat 2. 3 May 2024. about crows",
        "No message and no title has these words.",
    ]


def test_the_row_that_the_keyboard_means_has_the_focus(results, qtbot):
    results.show_hits(hits(3))
    results.view.setFocus()
    QTest.keyClick(results.view, Qt.Key.Key_Down)
    seen = face(results.view)
    assert name(seen.focusChild()).startswith("Chat 2")
    assert [bool(each.state().focused) for each in children(seen)] == [False, True, False]
    # What Qt says when the keyboard moves names a row by its number.
    event = QAccessibleEvent(results.view, QAccessible.Event.Focus)
    event.setChild(1)
    assert name(event.accessibleInterface()) == name(seen.focusChild())
    results.view.clearFocus()
    assert not children(seen)[1].state().focused


# ------------------------------------------------------------------ the chats


def asked_of(listed: ChatList) -> list[tuple[object, ...]]:
    asked: list[tuple[object, ...]] = []
    listed.opened.connect(lambda chat_id: asked.append(("open", chat_id)))
    listed.pin_requested.connect(lambda ids, must: asked.append(("pin", ids, must)))
    listed.export_requested.connect(lambda ids: asked.append(("export", ids)))
    listed.delete_requested.connect(lambda ids: asked.append(("delete", ids)))
    listed.rename_requested.connect(lambda chat_id, title: asked.append((chat_id, title)))
    return asked


def test_chats_are_read_below_their_groups_and_all_can_be_done_with_them(listed):
    seen = children(face(listed.view))
    assert [(each.role(), name(each)) for each in seen] == [
        (Role.Heading, "Pinned"),
        (Role.ListItem, "Chat 3"),
        (Role.Heading, "Today"),
        (Role.ListItem, "Chat 1"),
        (Role.ListItem, "Chat 2"),
    ]
    asked = asked_of(listed)
    chat = row(listed.view, "Chat 1")
    assert chat.actionInterface().actionNames() == [PRESS, "Rename", "Pin", "Export…", "Delete"]
    for action in (PRESS, "Pin", "Export…", "Delete"):
        act(chat, action)
    act(row(listed.view, "Chat 3"), "Unpin")
    assert asked == [
        ("open", 1),
        ("pin", (1,), True),
        ("export", (1,)),
        ("delete", (1,)),
        ("pin", (3,), False),
    ]


def test_a_chat_is_renamed_in_a_field_that_stands_in_its_row(listed, qtbot):
    asked = asked_of(listed)
    chat = row(listed.view, "Chat 2")
    act(chat, "Rename")
    (field,) = children(chat)
    assert (field.role(), name(field)) == (Role.EditableText, "Title")
    edit = field.object()
    assert isinstance(edit, QLineEdit)
    edit.setText("Crows")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked == [(2, "Crows")])
    qtbot.waitUntil(lambda: children(chat) == [])


def test_marked_chats_are_told_as_checked_and_the_open_one_as_selected(listed):
    listed.mark_open(2)
    listed.model.mark((1,))
    states = {name(each): each.state() for each in children(face(listed.view))}
    assert [bool(states[f"Chat {n}"].selected) for n in (1, 2)] == [False, True]
    assert states["Chat 1"].checked
    assert not states["Chat 2"].checkable


def test_selecting_a_chat_opens_it(listed):
    asked = asked_of(listed)
    assert face(listed.view).selectionInterface().select(row(listed.view, "Chat 1"))
    assert asked == [("open", 1)]


def test_rows_that_are_gone_are_forgotten(listed):
    before = children(face(listed.view))
    listed.take(1)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    seen = children(face(listed.view))
    assert [name(each) for each in seen] == ["Pinned", "Chat 3", "Today", "Chat 2"]
    assert [isValid(each) for each in before] == [False] * 5


def test_nothing_is_made_where_nobody_asks(listed):
    """Parts, and with them their faces, are made for who asks."""
    assert listed.view._parts is None
    list(everything(face(listed)))
    assert listed.view._parts is not None
    assert description(face(listed.view)) == ""
