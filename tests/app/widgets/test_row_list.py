"""The list of rows: what has widgets, what stays in place, what is followed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from app.widgets.row_list import RowList
from tests.app.widgets.rows_shown import (
    ButtonRow,
    HeavyTextRow,
    SlowRow,
    TextRow,
    in_sight,
    live,
    settle,
    texts,
    top_of,
)

# What the offscreen platform says of itself when a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_long_list_shows_its_end_and_makes_only_what_is_near(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(10_000))
    settle(qtbot)
    assert in_sight(rows, 9_999)
    assert rows.follows_end()
    assert len(live(rows)) < 60
    bar = rows.verticalScrollBar()
    assert bar.value() == bar.maximum() > 300_000


def test_what_is_read_stays_when_rows_above_turn_out_taller(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(300, estimate=90))  # each is 24 in truth
    bar = rows.verticalScrollBar()
    rows.show_row(150)
    settle(qtbot)
    before = top_of(rows, 150)
    rows.replace(10, 1, [TextRow(10, "tall\n" * 40)])
    rows.replace(20, 0, [TextRow(1000 + n, "new") for n in range(30)])
    settle(qtbot)
    assert top_of(rows, 180) == before, "150 is the 180th now"
    for _step in range(30):
        seen = next(i for i in live(rows) if top_of(rows, i) >= 0)
        before = top_of(rows, seen)
        bar.setValue(bar.value() - 40)
        assert top_of(rows, seen) == before + 40, "scrolling up never jumps"
        qtbot.wait(1)


def test_scrolling_up_faster_than_rows_are_made_never_jumps_and_reaches_the_top(row_window):
    rows = row_window.list
    rows.set_rows(texts(300, estimate=90))  # each is 24 in truth
    bar = rows.verticalScrollBar()
    rows.show_row(40)
    while bar.value() > 300:
        seen = next(i for i in live(rows) if top_of(rows, i) >= 0)
        before = top_of(rows, seen)
        bar.setValue(bar.value() - 250)
        assert top_of(rows, seen) == before + 250
    bar.setValue(0)
    assert top_of(rows, 0) > 0
    assert bar.value() == 0


def test_the_end_is_followed_until_the_reader_scrolls_up(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(50))
    bar = rows.verticalScrollBar()
    rows.replace(49, 1, [TextRow(49, "longer\n" * 9)])
    assert bar.value() == bar.maximum()
    assert not rows.jump.isVisible()
    bar.setValue(bar.value() - 200)
    at = bar.value()
    rows.replace(50, 0, [TextRow(50, "one more")])
    assert bar.value() == at
    assert rows.jump.isVisible()
    assert rows.jump.accessibleName() == "Jump to latest"
    QTest.mouseClick(rows.jump, LEFT)
    assert bar.value() == bar.maximum()
    assert rows.follows_end()
    assert not rows.jump.isVisible()


def test_only_the_disc_of_the_jump_button_is_pressed(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(50))
    rows.verticalScrollBar().setValue(0)
    assert not rows.jump.grab().isNull()
    QTest.mouseClick(rows.jump, LEFT, pos=QPoint(2, 2))
    assert rows.verticalScrollBar().value() == 0


def test_a_changed_row_keeps_its_widget_and_another_gets_a_new_one(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(5))
    second, third = rows.view_at(1), rows.view_at(2)
    rows.replace(1, 2, [TextRow(1, "row 1, and more"), TextRow(77, "other")])
    assert rows.view_at(1) is second
    assert second.toPlainText() == "row 1, and more"
    assert rows.view_at(2) is not third
    assert rows.view_at(2).toPlainText() == "other"
    rows.replace(1, 1, [ButtonRow(1)])
    assert rows.view_at(1) is not second


def test_a_view_that_grows_by_itself_is_measured_again(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(3))
    before = top_of(rows, 2)
    rows.view_at(0).append_plain("\nmore\nand more")
    rows.view_at(0).updateGeometry()
    qtbot.waitUntil(lambda: top_of(rows, 2) == before + 48)


def test_resizing_keeps_the_place(qtbot, row_window):
    rows = row_window.list
    rows.set_rows([TextRow(n, f"row {n} " + "and so on " * 30) for n in range(200)])
    rows.show_row(100)
    settle(qtbot)
    first = next(i for i in live(rows) if top_of(rows, i) >= 0)
    before = top_of(rows, first)
    row_window.resize(480, 400)
    settle(qtbot)
    assert abs(top_of(rows, first) - before) < 200
    assert in_sight(rows, first)


def test_no_rows_and_no_place_are_nothing_special(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(30))
    rows.set_rows([])
    settle(qtbot)
    assert live(rows) == []
    QTest.mouseClick(rows.viewport(), LEFT)
    QTest.mouseMove(rows.viewport(), QPoint(5, 5))
    rows.select_all()
    assert rows.selected_text() == ""
    assert rows.verticalScrollBar().maximum() == 0


def test_a_list_taller_than_any_widget_is_scrolled_through(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(20_000, estimate=2000))
    bar = rows.verticalScrollBar()
    assert bar.maximum() > 2**25
    for value in (0, bar.maximum() // 3, 2 * bar.maximum() // 3):
        bar.setValue(value)
        first = next(i for i in live(rows) if in_sight(rows, i))
        assert rows.view_at(first).toPlainText() == f"row {first}"
    settle(qtbot)
    assert len(live(rows)) < 80


def test_the_row_under_the_pointer_is_told(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(texts(5))
    told = []
    rows.row_hovered.connect(told.append)
    for index in (1, 1, 3):
        view = rows.view_at(index)
        QTest.mouseMove(row_window, view.mapTo(row_window, QPoint(20, 10)))
        qtbot.waitUntil(lambda index=index: bool(told) and told[-1] == index)
    QTest.mouseMove(row_window, row_window.after.geometry().center())
    qtbot.waitUntil(lambda: told[-1] is None)
    assert told == [1, 3, None]


def test_a_row_that_was_searched_for_is_marked_for_a_moment(qtbot, row_window, monkeypatch):
    from app.widgets import row_list_mark

    class Quick:
        mark_shown_ms = 30

    monkeypatch.setattr(row_list_mark, "MOTION", Quick())
    rows = row_window.list
    rows.set_rows(texts(300))
    rows.show_row(40, is_marked=True)
    (mark,) = rows.findChildren(row_list_mark.RowMark)
    assert mark.isVisible()
    assert not mark.grab().isNull()
    assert in_sight(rows, 40)
    qtbot.waitUntil(lambda: not rows.findChildren(row_list_mark.RowMark))


def test_what_does_not_grow_is_shown_from_its_beginning_and_follows_no_end(
    qtbot, still_theme, show_active
):
    rows = RowList(still_theme, "List", grows=False)
    rows.set_rows(texts(200))  # before it has a size
    show_active(rows, width=700, height=500)
    settle(qtbot)
    assert in_sight(rows, 0)
    assert not rows.jump.isVisible()
    QTest.keyClick(rows, Qt.Key.Key_End)
    assert in_sight(rows, 199)
    assert not rows.follows_end()
    rows.replace(200, 0, [TextRow(200 + n, "more") for n in range(5)])
    settle(qtbot)
    assert not in_sight(rows, 204), "its end is not followed"
    rows.set_rows(texts(200))
    settle(qtbot)
    assert rows.verticalScrollBar().value() == 0


def slow(count):
    return [SlowRow(number, "", estimate=6, gap_px=0) for number in range(count)]


def test_a_sight_that_takes_long_is_made_in_steps_from_where_the_reader_is(qtbot, row_window):
    rows = row_window.list
    rows.set_rows(slow(500))
    assert live(rows) == list(range(476, 500)), "the end, and no more than the window can wait for"
    turns = set()
    row_window.turns = QTimer(interval=0)
    row_window.turns.timeout.connect(lambda: turns.add(len(live(rows))))
    row_window.turns.start()
    qtbot.waitUntil(lambda: top_of(rows, min(live(rows))) <= 0)
    assert len(turns) > 1, "others have their turn between the steps"
    assert rows.follows_end()
    assert in_sight(rows, 499)


def test_of_rows_that_take_long_a_step_makes_fewer(row_window):
    rows = row_window.list
    rows.set_rows([HeavyTextRow(number, "", estimate=6, gap_px=0) for number in range(500)])
    assert live(rows) == list(range(496, 500))


def test_a_row_that_is_sought_is_there_at_once_however_long_those_above_it_take(row_window):
    rows = row_window.list
    rows.set_rows(slow(500))
    rows.show_row(150, is_marked=True)
    assert in_sight(rows, 150)
    assert top_of(rows, 150) > 0, "with some of what stands above it"
