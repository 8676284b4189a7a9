"""Code blocks: head, colours, growing, scrolling, copying."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.markup.blocks import Code
from app.settings import ThemeChoice
from app.theme.tokens import DARK, LIGHT
from app.widgets.markup.code_colours import CodeKey
from app.widgets.markup.code_view import CodeView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
WIDE = "x" * 400


def inks(view, line):
    formats = view.body.document().findBlockByNumber(line).layout().formats()
    return [(each.start, each.length, each.format.foreground().color().name()) for each in formats]


def test_the_head_names_the_language_once_it_is_known(tools, put, qtbot):
    view = put(CodeView(tools, Code("def f", "py")))
    assert view.head.language.text() == "py"
    qtbot.waitUntil(lambda: view.head.language.text() == "PY")
    assert view.body.accessibleName() == "Code, PY"
    assert put(CodeView(tools, Code("x", "py"))).head.language.text() == "PY", "known by now"
    assert put(CodeView(tools, Code("x"))).head.language.text() == "Code"


def test_colours_come_over_the_characters(tools, put, qtbot, theme):
    view = put(CodeView(tools, Code("def f", "py")))
    qtbot.waitUntil(lambda: inks(view, 0) == [(0, 3, LIGHT.code_keyword.lower())])
    theme.choose(ThemeChoice.DARK)
    assert inks(view, 0) == [(0, 3, DARK.code_keyword.lower())]


def test_known_colours_are_there_at_once(tools, put, qtbot):
    first = put(CodeView(tools, Code("def f", "py")))
    qtbot.waitUntil(lambda: bool(inks(first, 0)))
    second = put(CodeView(tools, Code("def f", "py")))
    assert inks(second, 0)


def test_many_lines_are_coloured_in_slices(tools, put, qtbot):
    view = put(CodeView(tools, Code("😀 x\n" * 90 + "end")))
    body = view.body
    body.show_colours(tuple(("name", "😀 x\n") for _ in range(90)))
    assert inks(view, 39) == [(0, 4, LIGHT.code_name.lower())]
    assert not inks(view, 80)
    qtbot.waitUntil(lambda: bool(inks(view, 80)))


def test_colours_of_code_that_is_shorter_by_now_do_no_harm(tools, put):
    view = put(CodeView(tools, Code("one")))
    view.body.show_colours((("name", "one\ntwo\nthree"),))
    assert inks(view, 0) == [(0, 3, LIGHT.code_name.lower())]


def test_code_that_grows_is_appended_to_and_coloured_again(tools, put, qtbot):
    view = put(CodeView(tools, Code("def f", "py")))
    view.body.select(0, 3)
    added = []
    view.body.document().contentsChange.connect(lambda *change: added.append(change))
    view.show_code(Code("def f(x):\n    return", "py"))
    assert (5, 0, 15) in added
    assert view.body.selected_text() == "def"
    assert view.body.toPlainText() == "def f(x):\n    return"
    qtbot.waitUntil(lambda: bool(inks(view, 0)))


def test_code_that_changes_keeps_what_it_shares(tools, put):
    view = put(CodeView(tools, Code("one two")))
    view.show_code(Code("one three"))
    assert view.body.toPlainText() == "one three"
    view.show_code(Code(""))
    assert view.body.toPlainText() == ""


def test_as_tall_as_its_lines(tools, put):
    view = put(CodeView(tools, Code("one\ntwo")))
    assert view.heightForWidth(720) == 33 + 10 + 40 + 10
    view.show_code(Code("one\ntwo\nthree"))
    assert view.heightForWidth(720) == 33 + 10 + 60 + 10
    assert view.sizeHint().height() == 113


def test_wide_code_has_a_bar_and_wraps_when_told(tools, put):
    view = put(CodeView(tools, Code(WIDE)))
    one_line = view.heightForWidth(720)
    assert one_line == 33 + 10 + 20 + 10 + 10
    QTest.mouseClick(view.head.wrap, Qt.MouseButton.LeftButton)
    assert view.head.wrap.isChecked()
    assert view.heightForWidth(720) > one_line
    QTest.mouseClick(view.head.wrap, Qt.MouseButton.LeftButton)
    assert view.heightForWidth(720) == one_line


def test_left_and_right_scroll_wide_code(tools, put):
    view = put(CodeView(tools, Code(WIDE)))
    bar = view.body.horizontalScrollBar()
    assert bar.value() == 0
    view.body.setFocus()
    QTest.keyClick(view.body, Qt.Key.Key_Right)
    assert bar.value() == 32
    QTest.keyClick(view.body, Qt.Key.Key_Left)
    assert bar.value() == 0


def test_in_narrow_code_they_move_the_cursor(tools, put):
    view = put(CodeView(tools, Code("abc")))
    view.body.setFocus()
    QTest.keyClick(view.body, Qt.Key.Key_Right)
    assert view.body.textCursor().position() == 1


@pytest.mark.parametrize(("dx", "dy", "moved"), [(-40, 0, 40), (0, -40, 0)])
def test_only_a_sideways_wheel_is_codes_own(tools, put, dx, dy, moved):
    view = put(CodeView(tools, Code(WIDE)))
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(dx, dy),
        QPoint(0, 0),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.body.wheelEvent(event)
    assert view.body.horizontalScrollBar().value() == moved
    assert event.isAccepted() is bool(moved)


def test_copy_takes_all_pieces_and_says_so(tools, put, qtbot):
    first = Code("one", "py")
    rest = (Code("two", "py", is_joined=True), Code("!", "py", is_joined=True, is_mid_line=True))
    view = put(CodeView(tools, first, rest))
    view.head.copy._copied.setInterval(1)
    QTest.mouseClick(view.head.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "one\ntwo!"
    assert view.head.copy.text() == "Copied"
    assert not view.grab().isNull()
    qtbot.waitUntil(lambda: view.head.copy.text() == "Copy")


def test_tab_reaches_wrap_copy_and_code(tools, put):
    view = put(CodeView(tools, Code("abc")))
    view.head.wrap.setFocus()
    QTest.keyClick(view.head.wrap, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is view.head.copy
    QTest.keyClick(view.head.copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "abc"
    QTest.keyClick(view.head.copy, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is view.body
    for control in (view.head.wrap, view.head.copy, view.body):
        assert control.accessibleName()


def test_focus_by_the_keyboard_shows_on_the_outline(tools, put):
    view = put(CodeView(tools, Code("abc")))
    edge = QPoint(0, view.height() // 2)
    assert view.grab().toImage().pixelColor(edge) != QColor(LIGHT.accent)
    view.body.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.grab().toImage().pixelColor(edge) == QColor(LIGHT.accent)
    view.body.clearFocus()
    assert view.grab().toImage().pixelColor(edge) != QColor(LIGHT.accent)


def test_joined_pieces_have_no_seam(tools, put):
    code = Code("one", "py", is_joined=True)
    middle = put(CodeView(tools, code, (code,)))
    assert middle.head is None
    assert middle.heightForWidth(720) == 20
    image = middle.grab().toImage()
    for y in (0, middle.height() - 1):
        assert image.pixelColor(300, y) == QColor(LIGHT.sunken)
    last = put(CodeView(tools, code))
    assert last.heightForWidth(720) == 30


def test_a_piece_that_gets_a_next_one_is_open_below(tools, put):
    view = put(CodeView(tools, Code("one")))
    view.show_code(Code("one"), (Code("two", is_joined=True),))
    assert view.heightForWidth(720) == 33 + 10 + 20


def test_positions_are_the_codes(tools, put):
    view = put(CodeView(tools, Code("a😀b\nsecond")))
    assert view.position_at(QPoint(700, view.height() - 5)) == 11
    assert view.position_at(QPoint(0, 50)) == 0
    view.select(1, 3)
    assert view.body.selected_text() == "😀"


def test_selecting_does_not_scroll(tools, put):
    view = put(CodeView(tools, Code(WIDE)))
    view.select(0, None)
    assert view.body.horizontalScrollBar().value() == 0


def test_what_cannot_be_coloured_stays_plain(tools, put, qtbot):
    from app.notices import Notices
    from app.widgets.markup.code_colours import CodeColours, CodeKey

    def fail(_key):
        raise ValueError("no lexer")

    colours = CodeColours(Notices(), colour=fail)
    got = []
    view = put(CodeView(tools, Code("")))
    colours.want(CodeKey("x", "odd"), view, got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got[0].pieces == (("plain", "x"),)
    assert got[0].label == "odd"
    colours.close()


def test_an_owner_that_is_gone_is_not_told(qapp, qtbot):
    from PySide6.QtCore import QObject

    from app.notices import Notices
    from app.widgets.markup.code_colours import CodeColours, CodeKey, ColouredCode

    colours = CodeColours(Notices(), colour=lambda key: ColouredCode((), key.text))
    stays, goes = QObject(), QObject()
    got = []
    colours.want(CodeKey("1", ""), stays, lambda each: got.append(each.label))
    colours.want(CodeKey("2", ""), goes, lambda each: got.append(each.label))
    colours.want(CodeKey("3", ""), stays, lambda each: got.append(each.label))
    goes.deleteLater()
    qtbot.waitUntil(lambda: "3" in got)
    assert "2" not in got
    colours.close()


def test_pygments_colours_and_names_the_language():
    from app.widgets.markup.code_colours import CodeKey, colour_code

    coloured = colour_code(CodeKey("def f(): pass", "py"))
    assert coloured.label == "Python"
    assert "".join(text for _colour, text in coloured.pieces) == "def f(): pass"
    assert ("keyword", "def") in coloured.pieces


def test_nothing_is_left_of_what_was_coloured_nor_of_what_is_being_coloured(tools, put, qtbot):
    first = put(CodeView(tools, Code("def f", "py")))
    qtbot.waitUntil(lambda: bool(inks(first, 0)))
    second = put(CodeView(tools, Code("def g", "py")))
    tools.forget()
    assert tools.colours.look_up(CodeKey("def f", "py")) is None
    assert tools.colours.label("py") == "py"
    qtbot.waitUntil(lambda: bool(inks(second, 0)))
    assert tools.colours.look_up(CodeKey("def g", "py")) is None
