"""The list of rows under keyboard and wheel: where it scrolls to, and where the focus goes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from tests.app.widgets.rows_shown import ButtonRow, TextRow, in_sight, settle, texts

# What the offscreen platform says of itself when a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("key", "moves"),
    [(Qt.Key.Key_PageUp, -1), (Qt.Key.Key_Up, -1), (Qt.Key.Key_PageDown, 1), (Qt.Key.Key_Down, 1)],
)
def test_keys_scroll(qtbot, row_window, key, moves):
    rows = row_window.list
    rows.set_rows(texts(300))
    rows.show_row(150)
    rows.setFocus()
    before = rows.verticalScrollBar().value()
    QTest.keyClick(rows, key)
    assert (rows.verticalScrollBar().value() - before) * moves > 0


def test_home_and_end(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(300))
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Home)
    assert rows.verticalScrollBar().value() == 0
    assert in_sight(rows, 0)
    QTest.keyClick(rows, Qt.Key.Key_End)
    assert in_sight(rows, 299)
    assert rows.follows_end()


def wheel(rows, angle=0, pixels=0):
    place = QPointF(rows.viewport().rect().center())
    event = QWheelEvent(
        place,
        QPointF(rows.viewport().mapToGlobal(place.toPoint())),
        QPoint(0, pixels),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(rows.viewport(), event)


def test_a_wheel_scrolls_by_lines_and_a_touchpad_by_pixels(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(300))
    bar = rows.verticalScrollBar()
    start = bar.value()
    wheel(rows, angle=120)
    assert bar.value() == start - 3 * 24
    wheel(rows, pixels=7)
    assert bar.value() == start - 3 * 24 - 7
    for _fine in range(8):
        wheel(rows, angle=15)
    assert bar.value() == start - 6 * 24 - 7


def test_with_motion_a_wheel_glides_to_the_same_place(qtbot, row_window, still_theme):
    still_theme.reduce_motion(False)
    rows = row_window.list
    rows.set_rows(texts(300))
    bar = rows.verticalScrollBar()
    start = bar.value()
    wheel(rows, angle=120)
    assert bar.value() == start
    wheel(rows, angle=120)
    qtbot.waitUntil(lambda: bar.value() == start - 6 * 24)


def test_tab_goes_on_into_rows_that_were_not_made_and_leaves_after_the_last(qtbot, row_window):
    rows = row_window.list
    rows.set_rows([ButtonRow(number) for number in range(40)])
    rows.verticalScrollBar().setValue(0)
    row_window.before.setFocus()
    seen = []
    for _press in range(90):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is row_window.after:
            break
        if focused is not rows:
            seen.append(focused.text())
            middle = focused.mapTo(rows.viewport(), focused.rect().center())
            assert rows.viewport().rect().contains(middle), "what has the focus is seen"
    assert seen == [f"{number}{name}" for number in range(40) for name in "ab"]
    settle(qtbot)
    back = []
    for _press in range(90):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab, SHIFT)
        focused = QApplication.focusWidget()
        if focused is row_window.before:
            break
        if focused is not rows:
            back.append(focused.text())
            middle = focused.mapTo(rows.viewport(), focused.rect().center())
            assert rows.viewport().rect().contains(middle)
    assert back == list(reversed(seen))


def test_tab_enters_at_what_is_seen(qtbot, row_window):
    rows = row_window.list
    rows.set_rows([ButtonRow(number) for number in range(40)])
    rows.show_row(20)
    settle(qtbot)
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Tab)
    assert in_sight(rows, 20)
    assert QApplication.focusWidget().text() in {f"{n}a" for n in range(15, 21)}


def test_the_focus_stays_in_a_row_that_leaves_sight(qtbot, row_window):
    rows = row_window.list
    rows.set_rows([ButtonRow(0), *texts(400)[1:]])
    rows.verticalScrollBar().setValue(0)
    button = rows.view_at(0).findChild(QPushButton)
    button.setFocus()
    rows.go_to_end()
    settle(qtbot)
    assert QApplication.focusWidget() is button
    QTest.keyClick(button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget().text() == "0b"
    assert in_sight(rows, 0)


def test_when_a_focused_row_goes_the_list_has_the_focus(qtbot, row_window):
    rows = row_window.list
    rows.set_rows([ButtonRow(0), ButtonRow(1)])
    rows.view_at(0).findChild(QPushButton).setFocus()
    rows.replace(0, 1, [])
    assert QApplication.focusWidget() is rows


def test_the_ring_moves_with_the_row_of_what_it_surrounds(qtbot, row_window, still_theme):
    from app.theme.icons import Icon
    from app.widgets.button import IconButton
    from app.widgets.focus_ring import FocusRing

    @dataclass(frozen=True)
    class IconRow(ButtonRow):
        def make_view(self):
            view = QWidget()
            QVBoxLayout(view).addWidget(IconButton(still_theme, Icon.COPY, "Copy"))
            return view

    rows = row_window.list
    rows.set_rows([TextRow(0, "above"), IconRow(1), *texts(60)[2:]])
    rows.verticalScrollBar().setValue(0)
    button = rows.view_at(1).findChild(IconButton)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    (ring,) = rows.findChildren(FocusRing)

    def distance():
        return ring.mapToGlobal(QPoint(0, 0)) - button.mapToGlobal(QPoint(0, 0))

    before = distance()
    rows.replace(0, 1, [TextRow(0, "above\nand\nmore")])
    assert distance() == before
    rows.scroll_by(30)
    assert distance() == before
