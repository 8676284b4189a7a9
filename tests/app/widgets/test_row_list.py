"""The list of rows: what has widgets, what stays in place, what is followed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from app.widgets.row_list import RowList
from app.widgets.row_list_text import RowText

# What the offscreen platform says of itself when a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class TextRow:
    """A paragraph."""

    key: int
    text: str
    estimate: int = 24
    gap_px: int = 10
    insets_px: tuple[int, int] = (0, 0)
    separator: str = "\n\n"

    def estimate_px(self, width: int) -> int:
        return self.estimate

    def make_view(self) -> QWidget:
        view = RowText(f"Row {self.key}")
        view.show_plain(self.text)
        return view

    def show_in(self, view: QWidget) -> bool:
        if not isinstance(view, RowText):
            return False
        view.show_plain(self.text)
        return True

    def text_between(self, start: int, end: int | None) -> str:
        return self.text[start:end]


@dataclass(frozen=True)
class ButtonRow:
    """Two buttons and nothing to select."""

    key: int
    gap_px: int = 10
    insets_px: tuple[int, int] = (0, 0)
    separator: str = ""

    def estimate_px(self, width: int) -> int:
        return 60

    def make_view(self) -> QWidget:
        view = QWidget()
        column = QVBoxLayout(view)
        for name in "ab":
            column.addWidget(QPushButton(f"{self.key}{name}"))
        return view

    def show_in(self, view: QWidget) -> bool:
        return False

    def text_between(self, start: int, end: int | None) -> str:
        return ""


@pytest.fixture
def theme(still_theme):
    return still_theme


@pytest.fixture
def window(theme, show_active):
    made, before, after = RowList(theme, "List"), QPushButton("before"), QPushButton("after")
    shown = show_active(before, made, after, width=700, height=500)
    shown.list, shown.before, shown.after = made, before, after
    return shown


def texts(count, estimate=24):
    return [TextRow(number, f"row {number}", estimate) for number in range(count)]


def live(rows):
    return [index for index in range(len(rows.rows())) if rows.view_at(index) is not None]


def settle(qtbot):
    qtbot.wait(30)


def in_sight(rows, index):
    view = rows.view_at(index)
    if view is None:
        return False
    top = view.mapTo(rows.viewport(), QPoint(0, 0)).y()
    return -view.height() < top < rows.viewport().height()


def top_of(rows, index):
    return rows.view_at(index).mapTo(rows.viewport(), QPoint(0, 0)).y()


def test_a_long_list_shows_its_end_and_makes_only_what_is_near(qtbot, window):
    rows = window.list
    rows.set_rows(texts(10_000))
    settle(qtbot)
    assert in_sight(rows, 9_999)
    assert rows.follows_end()
    assert len(live(rows)) < 60
    bar = rows.verticalScrollBar()
    assert bar.value() == bar.maximum() > 300_000


def test_what_is_read_stays_when_rows_above_turn_out_taller(qtbot, window):
    rows = window.list
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


def test_the_end_is_followed_until_the_reader_scrolls_up(qtbot, window):
    rows = window.list
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


def test_only_the_disc_of_the_jump_button_is_pressed(qtbot, window):
    rows = window.list
    rows.set_rows(texts(50))
    rows.verticalScrollBar().setValue(0)
    assert not rows.jump.grab().isNull()
    QTest.mouseClick(rows.jump, LEFT, pos=QPoint(2, 2))
    assert rows.verticalScrollBar().value() == 0


def test_a_changed_row_keeps_its_widget_and_another_gets_a_new_one(qtbot, window):
    rows = window.list
    rows.set_rows(texts(5))
    second, third = rows.view_at(1), rows.view_at(2)
    rows.replace(1, 2, [TextRow(1, "row 1, and more"), TextRow(77, "other")])
    assert rows.view_at(1) is second
    assert second.toPlainText() == "row 1, and more"
    assert rows.view_at(2) is not third
    assert rows.view_at(2).toPlainText() == "other"
    rows.replace(1, 1, [ButtonRow(1)])
    assert rows.view_at(1) is not second


def test_a_view_that_grows_by_itself_is_measured_again(qtbot, window):
    rows = window.list
    rows.set_rows(texts(3))
    before = top_of(rows, 2)
    rows.view_at(0).append_plain("\nmore\nand more")
    rows.view_at(0).updateGeometry()
    qtbot.waitUntil(lambda: top_of(rows, 2) == before + 48, timeout=1000)


def test_resizing_keeps_the_place(qtbot, window):
    rows = window.list
    rows.set_rows([TextRow(n, f"row {n} " + "and so on " * 30) for n in range(200)])
    rows.show_row(100)
    settle(qtbot)
    first = next(i for i in live(rows) if top_of(rows, i) >= 0)
    before = top_of(rows, first)
    window.resize(480, 400)
    settle(qtbot)
    assert abs(top_of(rows, first) - before) < 200
    assert in_sight(rows, first)


def test_no_rows_and_no_place_are_nothing_special(qtbot, window):
    rows = window.list
    rows.set_rows(texts(30))
    rows.set_rows([])
    settle(qtbot)
    assert live(rows) == []
    QTest.mouseClick(rows.viewport(), LEFT)
    QTest.mouseMove(rows.viewport(), QPoint(5, 5))
    rows.select_all()
    assert rows.selected_text() == ""
    assert rows.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize(
    ("key", "moves"),
    [(Qt.Key.Key_PageUp, -1), (Qt.Key.Key_Up, -1), (Qt.Key.Key_PageDown, 1), (Qt.Key.Key_Down, 1)],
)
def test_keys_scroll(qtbot, window, key, moves):
    rows = window.list
    rows.set_rows(texts(300))
    rows.show_row(150)
    rows.setFocus()
    before = rows.verticalScrollBar().value()
    QTest.keyClick(rows, key)
    assert (rows.verticalScrollBar().value() - before) * moves > 0


def test_home_and_end(qtbot, window):
    rows = window.list
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


def test_a_wheel_scrolls_by_lines_and_a_touchpad_by_pixels(qtbot, window):
    rows = window.list
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


def test_with_motion_a_wheel_glides_to_the_same_place(qtbot, window, theme):
    theme.reduce_motion(False)
    rows = window.list
    rows.set_rows(texts(300))
    bar = rows.verticalScrollBar()
    start = bar.value()
    wheel(rows, angle=120)
    assert bar.value() == start
    wheel(rows, angle=120)
    qtbot.waitUntil(lambda: bar.value() == start - 6 * 24)


def test_tab_goes_on_into_rows_that_were_not_made_and_leaves_after_the_last(qtbot, window):
    rows = window.list
    rows.set_rows([ButtonRow(number) for number in range(40)])
    rows.verticalScrollBar().setValue(0)
    window.before.setFocus()
    seen = []
    for _press in range(90):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is window.after:
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
        if focused is window.before:
            break
        if focused is not rows:
            back.append(focused.text())
            middle = focused.mapTo(rows.viewport(), focused.rect().center())
            assert rows.viewport().rect().contains(middle)
    assert back == list(reversed(seen))


def test_tab_enters_at_what_is_seen(qtbot, window):
    rows = window.list
    rows.set_rows([ButtonRow(number) for number in range(40)])
    rows.show_row(20)
    settle(qtbot)
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Tab)
    assert in_sight(rows, 20)
    assert QApplication.focusWidget().text() in {f"{n}a" for n in range(15, 21)}


def test_the_focus_stays_in_a_row_that_leaves_sight(qtbot, window):
    rows = window.list
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


def test_when_a_focused_row_goes_the_list_has_the_focus(qtbot, window):
    rows = window.list
    rows.set_rows([ButtonRow(0), ButtonRow(1)])
    rows.view_at(0).findChild(QPushButton).setFocus()
    rows.replace(0, 1, [])
    assert QApplication.focusWidget() is rows


def test_the_ring_moves_with_the_row_of_what_it_surrounds(qtbot, window, theme):
    from app.theme.icons import Icon
    from app.widgets.button import IconButton
    from app.widgets.focus_ring import FocusRing

    @dataclass(frozen=True)
    class IconRow(ButtonRow):
        def make_view(self):
            view = QWidget()
            QVBoxLayout(view).addWidget(IconButton(theme, Icon.COPY, "Copy"))
            return view

    rows = window.list
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


def test_a_list_taller_than_any_widget_is_scrolled_through(qtbot, window):
    rows = window.list
    rows.set_rows(texts(20_000, estimate=2000))
    bar = rows.verticalScrollBar()
    assert bar.maximum() > 2**25
    for value in (0, bar.maximum() // 3, 2 * bar.maximum() // 3):
        bar.setValue(value)
        first = next(i for i in live(rows) if in_sight(rows, i))
        assert rows.view_at(first).toPlainText() == f"row {first}"
    settle(qtbot)
    assert len(live(rows)) < 80


def test_the_row_under_the_pointer_is_told(qtbot, window):
    rows = window.list
    rows.set_rows(texts(5))
    told = []
    rows.row_hovered.connect(told.append)
    for index in (1, 1, 3):
        view = rows.view_at(index)
        QTest.mouseMove(window, view.mapTo(window, QPoint(20, 10)))
        qtbot.waitUntil(lambda index=index: bool(told) and told[-1] == index)
    QTest.mouseMove(window, window.after.geometry().center())
    qtbot.waitUntil(lambda: told[-1] is None)
    assert told == [1, 3, None]


def test_a_row_that_was_searched_for_is_marked_for_a_moment(qtbot, window, monkeypatch):
    from app.widgets import row_list_mark

    class Quick:
        mark_shown_ms = 30

    monkeypatch.setattr(row_list_mark, "MOTION", Quick())
    rows = window.list
    rows.set_rows(texts(300))
    rows.show_row(40, is_marked=True)
    (mark,) = rows.findChildren(row_list_mark.RowMark)
    assert mark.isVisible()
    assert not mark.grab().isNull()
    assert in_sight(rows, 40)
    qtbot.waitUntil(lambda: not rows.findChildren(row_list_mark.RowMark))


def test_what_does_not_grow_is_shown_from_its_beginning_and_follows_no_end(
    qtbot, theme, show_active
):
    rows = RowList(theme, "List", grows=False)
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
