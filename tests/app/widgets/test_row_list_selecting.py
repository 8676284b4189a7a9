"""Selecting across rows by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.widgets.row_list import RowList
from app.widgets.row_list_text import RowText
from tests.app.widgets.rows_shown import TextRow

# What the offscreen platform says of itself when a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Words(TextRow):
    """A paragraph, or where it has no text a button."""

    def make_view(self) -> QWidget:
        return super().make_view() if self.text else QPushButton("button")


@pytest.fixture
def rows(still_theme, show_active):
    made = RowList(still_theme, "List")
    show_active(made, width=700, height=400)
    return made


def fill(rows, *texts):
    rows.set_rows([Words(number, text) for number, text in enumerate(texts)])


def target(view):
    return view.viewport() if isinstance(view, RowText) else view


def press(view, x, y=12, modifiers=NONE):
    QTest.mousePress(target(view), LEFT, modifiers, QPoint(x, y))


def drag(first, from_x, last, to_x):
    """From one view to another, as a hand does: the first one gets all the moves."""
    press(first, from_x)
    place = target(first).mapFromGlobal(target(last).mapToGlobal(QPoint(to_x, 12)))
    QTest.mouseMove(target(first), place)
    QTest.mouseRelease(target(first), LEFT, NONE, place)


def test_a_drag_over_rows_selects_from_word_to_word_and_copies_in_order(rows):
    fill(rows, "one two", "middle", "", "three four")
    first, last = rows.view_at(0), rows.view_at(3)
    width = first.fontMetrics().horizontalAdvance
    drag(first, width("one "), last, width("three"))
    assert rows.selected_text() == "two\n\nmiddle\n\nthree"
    assert first.textCursor().selectedText() == "two"
    assert rows.view_at(1).textCursor().selectedText() == "middle"
    assert last.textCursor().selectedText() == "three"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "two\n\nmiddle\n\nthree"


def test_a_drag_upwards_selects_the_same(rows):
    fill(rows, "one two", "three four")
    width = rows.view_at(0).fontMetrics().horizontalAdvance
    drag(rows.view_at(1), width("three"), rows.view_at(0), width("one "))
    assert rows.selected_text() == "two\n\nthree"


def test_a_click_selects_nothing_and_shift_extends(rows):
    fill(rows, "one two", "three four")
    width = rows.view_at(0).fontMetrics().horizontalAdvance
    QTest.mouseClick(target(rows.view_at(0)), LEFT, NONE, QPoint(width("one "), 12))
    assert not rows.has_selection()
    QTest.mouseClick(target(rows.view_at(1)), LEFT, SHIFT, QPoint(width("three"), 12))
    assert rows.selected_text() == "two\n\nthree"
    QTest.mouseClick(target(rows.view_at(0)), LEFT, NONE, QPoint(1, 12))
    assert not rows.has_selection()
    assert not rows.view_at(1).textCursor().hasSelection()


def test_two_clicks_select_a_word_and_three_a_paragraph(rows):
    fill(rows, "one two\nthree")
    view = rows.view_at(0)
    place = QPoint(view.fontMetrics().horizontalAdvance("one t"), 12)
    QTest.mouseClick(target(view), LEFT, NONE, place)
    QTest.mouseDClick(target(view), LEFT, NONE, place)
    assert rows.selected_text() == "two"
    QTest.mouseClick(target(view), LEFT, NONE, place)
    assert rows.selected_text() == "one two"


def test_all_is_all_and_what_comes_later_too(rows):
    fill(rows, *(f"row {number}" for number in range(500)))
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_A, CTRL)
    rows.replace(500, 0, [Words(500, "row 500")])
    assert rows.selected_text() == "\n\n".join(f"row {number}" for number in range(501))
    rows.show_row(100)
    assert rows.view_at(100).textCursor().selectedText() == "row 100", "shown when it is made"


def test_a_drag_beyond_the_edge_scrolls_and_what_left_sight_stays_selected(rows, qtbot):
    fill(rows, *(f"row {number}" for number in range(200)))
    rows.verticalScrollBar().setValue(0)
    qtbot.wait(20)
    first = rows.view_at(2)
    press(first, 1)
    QTest.mouseMove(target(first), target(first).mapFrom(rows.viewport(), QPoint(60, 700)))
    qtbot.waitUntil(lambda: rows.verticalScrollBar().value() > 1500)
    assert rows.view_at(2) is first, "it gets the moves, so that it stays"
    QTest.mouseMove(target(first), target(first).mapFrom(rows.viewport(), QPoint(60, 100)))
    value = rows.verticalScrollBar().value()
    qtbot.wait(50)
    assert rows.verticalScrollBar().value() == value
    QTest.mouseRelease(target(first), LEFT, NONE, QPoint(1, 1))
    copied = rows.selected_text().split("\n\n")
    assert copied[:3] == ["row 2", "row 3", "row 4"]
    assert len(copied) > 40


def test_a_selection_moves_with_its_rows_and_goes_with_them(rows):
    fill(rows, "zero", "one two", "three")
    view = rows.view_at(1)
    QTest.mouseDClick(target(view), LEFT, NONE, QPoint(4, 12))
    QTest.mouseRelease(target(view), LEFT, NONE, QPoint(4, 12))
    assert rows.selected_text() == "one"
    rows.replace(0, 0, [Words(50, "before")])
    rows.replace(2, 1, [Words(1, "one two, and more")])
    rows.replace(3, 1, [])
    assert rows.selected_text() == "one"
    rows.replace(2, 1, [Words(60, "other")])
    assert not rows.has_selection()


def test_what_the_keyboard_selects_in_a_text_ends_the_lists_selection(rows):
    fill(rows, "one two", "three four")
    drag(rows.view_at(0), 1, rows.view_at(1), 30)
    assert rows.has_selection()
    view = rows.view_at(0)
    view.setFocus()
    cursor = view.textCursor()
    cursor.setPosition(4)
    view.setTextCursor(cursor)
    for _letter in range(3):
        QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert not rows.has_selection()
    assert view.textCursor().selectedText() == "two"
    assert not rows.view_at(1).textCursor().hasSelection()
    QTest.keyClick(view, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "two"


def test_page_keys_in_a_text_scroll_the_list(rows):
    fill(rows, *(f"row {number}" for number in range(200)))
    rows.show_row(100)
    view = rows.view_at(100)
    view.setFocus()
    before = rows.verticalScrollBar().value()
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert rows.verticalScrollBar().value() > before
    QTest.keyClick(view, Qt.Key.Key_A, CTRL)
    assert rows.selected_text().startswith("row 0\n\nrow 1\n\n")


def test_the_menu_copies_and_selects_all(rows, qtbot):
    fill(rows, "one two", "three four")
    view = rows.view_at(0)

    def menu():
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5))
        )
        QApplication.sendEvent(target(view), event)
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        return QApplication.activePopupWidget()

    def choose(opened, words):
        action = next(each for each in opened.actions() if each.text() == words)
        QTest.mouseClick(opened, LEFT, NONE, opened.actionGeometry(action).center())

    opened = menu()
    assert [(each.text(), each.isEnabled()) for each in opened.actions()] == [
        ("Copy", False),
        ("Select all", True),
    ]
    choose(opened, "Select all")
    choose(menu(), "Copy")
    assert QGuiApplication.clipboard().text() == "one two\n\nthree four"


def test_other_buttons_and_keys_select_nothing(rows):
    fill(rows, "one two")
    QTest.mouseClick(target(rows.view_at(0)), Qt.MouseButton.MiddleButton, NONE, QPoint(5, 5))
    QTest.mouseMove(target(rows.view_at(0)), QPoint(30, 5))
    QTest.mouseDClick(target(rows.view_at(0)), Qt.MouseButton.MiddleButton, NONE, QPoint(5, 5))
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_X)
    assert not rows.has_selection()
    QGuiApplication.clipboard().setText("before")
    QTest.keyClick(rows, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "before"
