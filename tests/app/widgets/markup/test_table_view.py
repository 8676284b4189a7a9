"""Tables: columns, alignment, selection across cells, growing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from app.markup.blocks import Align, Span, Style, Table
from app.settings import ThemeChoice
from app.theme.tokens import DARK, LIGHT
from app.widgets.markup.block_text import text_between
from app.widgets.markup.table_columns import column_widths
from app.widgets.markup.table_view import TableView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def cells(*texts):
    return tuple((Span(text),) for text in texts)


def table(*rows, aligns=(Align.LEFT, Align.RIGHT), **more):
    return Table(cells("Offer", "Price"), tuple(cells(*row) for row in rows), aligns, **more)


SMALL = table(("A", "18,400"), ("B", "21,000"))


def test_rows_are_32_tall_head_included(tools, put):
    view = put(TableView(tools, SMALL))
    assert view.heightForWidth(720) == 96
    assert view.accessibleName() == "Table, 2 columns, 2 rows"
    assert view.text() == "Offer\tPrice\nA\t18,400\nB\t21,000"


def test_columns_stand_as_they_are_aligned(tools, put):
    aligns = (Align.CENTER, Align.RIGHT)
    view = put(TableView(tools, table(("A", "1"), aligns=aligns)))
    document_table = view.document().rootFrame().childFrames()[0]
    block = view.document().findBlock(view._table.cellAt(1, 1).firstPosition())
    assert document_table.columns() == 2
    assert block.blockFormat().alignment() & Qt.AlignmentFlag.AlignRight
    block = view.document().findBlock(view._table.cellAt(1, 0).firstPosition())
    assert block.blockFormat().alignment() & Qt.AlignmentFlag.AlignHCenter


@pytest.mark.parametrize(
    ("natural", "available", "widths"),
    [
        ([50, 60, 70], 720, [590, 60, 70]),
        ([900, 60], 720, [660, 60]),
        ([900, 900, 900], 720, [240, 240, 240]),
        ([900] * 10, 720, [96] * 10),
        ([50, 900], 200, [50, 150]),
    ],
)
def test_a_width_is_divided_by_what_columns_want(natural, available, widths):
    assert column_widths(natural, available) == widths


def test_a_wide_table_scrolls_sideways(tools, put):
    wide = Table(
        tuple(cells(*("head of a column",) * 12)),
        (cells(*("some words in a cell",) * 12),),
        (Align.LEFT,) * 12,
    )
    view = put(TableView(tools, wide))
    assert view.horizontalScrollBar().maximum() > 0
    assert not view.grab().isNull()


def test_hairlines_stand_between_rows(tools, put):
    view = put(TableView(tools, SMALL))
    image = view.grab().toImage()
    lines = [y for y in range(96) if image.pixelColor(300, y) == QColor(LIGHT.line)]
    assert lines == [31, 63]


def test_a_selection_goes_from_cell_to_cell(tools, put):
    view = put(TableView(tools, SMALL))
    start, end = len("Offer\tPri"), len("Offer\tPrice\nA\t18")
    view.select(start, end)
    marked = [each.cursor.selectedText() for each in view.extraSelections()]
    assert marked == ["ce", "A", "18"]
    assert text_between(SMALL, start, end) == "ce\nA\t18"
    view.select(0, 0)
    assert not view.extraSelections()
    view.select(0, None)
    assert len(view.extraSelections()) == 6


def test_every_position_is_found_again(tools, put, formula):
    rows = (((Span("a"), formula("x^2")), (Span("b"),)),)
    view = put(TableView(tools, Table(cells("H", ""), rows, SMALL.aligns)))
    text = view.text()
    for position in range(len(text)):
        found = view.to_message(view.to_document(position))
        is_in_formula = text.index("x^2") < position < text.index("x^2") + 3
        assert found == (text.index("x^2") if is_in_formula else position)
    assert view.to_message(0) == 0
    assert view.to_message(view.document().characterCount() - 1) == len(text)


def test_a_point_is_a_position(tools, put):
    view = put(TableView(tools, SMALL))
    assert view.position_at(QPoint(2, 40)) == len("Offer\tPrice\n")
    assert view.position_at(QPoint(719, 90)) == len(view.text())


def test_the_keyboard_copies_within_a_cell_and_whole_cells(tools, put):
    view = put(TableView(tools, SMALL))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "O"
    cursor = view.textCursor()
    cursor.setPosition(view._table.cellAt(1, 0).firstPosition())
    last = view._table.cellAt(2, 1).lastPosition()
    cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "A\t18,400\nB\t21,000"


def test_a_table_that_grows_keeps_its_cells(tools, put):
    view = put(TableView(tools, SMALL))
    first = view._table.cellAt(1, 1).firstCursorPosition()
    view.show_table(table(("A", "18,400"), ("B", "21,000 €"), ("C", "15,200")))
    assert view.heightForWidth(720) == 128
    assert view._table.cellAt(first).row() == 1
    assert view.toPlainText().split() == [
        *("Offer", "Price", "A", "18,400", "B", "21,000", "€", "C", "15,200")
    ]


def test_a_table_that_shrinks_or_has_other_columns_is_made_anew(tools, put):
    view = put(TableView(tools, SMALL))
    view.show_table(table(("A", "1")))
    assert view.text() == "Offer\tPrice\nA\t1"
    assert view.heightForWidth(720) == 64
    other = Table(cells("One"), (cells("x"),), (Align.LEFT,))
    view.show_table(other)
    view.show_table(other)
    assert view.toPlainText().split() == ["One", "x"]


def test_rows_that_go_on_have_no_head(tools, put):
    view = put(TableView(tools, table(("A", "1"), is_joined=True)))
    assert view.heightForWidth(720) == 32
    assert view.text() == "A\t1"


def test_another_theme_and_size_ink_all_cells(tools, put, theme):
    view = put(TableView(tools, SMALL))
    theme.choose(ThemeChoice.DARK)
    form = view._table.cellAt(1, 0).lastCursorPosition().charFormat()
    assert form.foreground().color() == QColor(DARK.text)
    theme.set_text(200, is_system_font=False)
    assert view.heightForWidth(720) == 192


def test_links_formulas_and_code_live_in_cells(tools, put, formula, link, qtbot):
    rows = (((link("docs", "https://e.org"),), (formula("bad"),)),)
    view = put(TableView(tools, Table(cells("a\nb", "c"), rows, SMALL.aligns)))
    qtbot.waitUntil(lambda: "bad" in view.toPlainText())
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert view.links.focused().target == "https://e.org"
    assert len(view.extraSelections()) == 1
    strong = Table(cells("a", "b"), (((Span("x", Style.STRONG),), (Span("y"),)),), SMALL.aligns)
    view.show_table(strong)
    assert view.text() == "a\tb\nx\ty"


def test_a_table_that_is_never_measured_can_be_selected(tools):
    view = TableView(tools, SMALL)
    view.select(0, None)
    assert len(view.extraSelections()) == 6
    view.deleteLater()


def test_a_table_without_columns_shows_nothing(tools, put):
    view = put(TableView(tools, Table((), (), ())))
    assert view.text() == ""
    view.select(0, None)
    assert not view.grab().isNull()
    view.ink_again()
