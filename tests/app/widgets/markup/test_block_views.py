"""The door: a view for every block, in place of the one before, and how tall it will be."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.markup.blocks import (
    Align,
    Code,
    Formula,
    Line,
    Place,
    Prose,
    Rule,
    Span,
    Table,
)
from app.markup.reading import read
from app.theme.tokens import LIGHT
from app.widgets.markup.block_rows import block_row
from app.widgets.markup.block_text import block_text, units
from app.widgets.markup.code_view import CodeView
from app.widgets.markup.placed_view import PlacedView
from app.widgets.markup.views import (
    MAX_CELLS,
    estimate_px,
    gap_px,
    joined_after,
    show_block,
    text_between,
    view_for,
)
from app.widgets.rows import SelectableView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CELL = (Span("x"),)
PROSE = Prose((Line((Span("The water must rise"),)),))
HEADING = Prose((Line((Span("Title"),), heading=2),))
LIST = Prose((Line((Span("one"),), marker="•"), Line((Span("two"),), marker="•")), Place(indent=1))
CODE = Code("one\ntwo", "py")
FORMULA = Formula("x")
TABLE = Table((CELL, CELL), ((CELL, CELL),), (Align.LEFT, Align.RIGHT))
BLOCKS = [PROSE, HEADING, LIST, CODE, FORMULA, TABLE, Rule()]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_estimated_as_it_is_measured(tools, put, block):
    view = put(view_for(block, tools))
    assert view.height() == estimate_px(block, 720)
    assert not view.grab().isNull()


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("place", [Place(), Place(quotes=2), Place(1, 2)])
def test_views_number_their_text_as_blocks_do(tools, put, block, place):
    from dataclasses import replace

    block = replace(block, place=place)
    view = put(view_for(block, tools))
    if isinstance(block, Rule):
        return
    assert isinstance(view, SelectableView)
    assert view.position_at(QPoint(719, view.height() - 1)) == units(block_text(block))
    view.select(0, None)
    view.select(0, 0)
    assert text_between(block, 0, None) == block_text(block)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_shown_in_the_view_of_its_kind_and_no_other(tools, put, block):
    for other in BLOCKS:
        view = put(view_for(other, tools))
        assert show_block(view, block) is (type(other) is type(block))


def test_a_block_that_stands_elsewhere_needs_another_view(tools, put):
    view = put(view_for(PROSE, tools))
    quoted = Prose(PROSE.lines, Place(quotes=1))
    assert not show_block(view, quoted)
    view = put(view_for(quoted, tools))
    assert show_block(view, Prose(HEADING.lines, Place(quotes=1)))
    assert not show_block(view, Prose(PROSE.lines, Place(quotes=2)))


def test_a_piece_without_a_head_is_not_shown_in_a_view_with_one(tools, put):
    view = put(view_for(CODE, tools))
    assert not show_block(view, Code("x", is_joined=True))


def test_quotes_are_set_in_with_a_rule_each(tools, put):
    view = put(view_for(Prose(PROSE.lines, Place(quotes=2)), tools))
    assert isinstance(view, PlacedView)
    assert view.inner.x() == 36
    image = view.grab().toImage()
    assert image.pixelColor(0, 5) == QColor(LIGHT.line)
    assert image.pixelColor(18, 5) == QColor(LIGHT.line)
    assert view.sizeHint().height() == 24


def test_a_quote_from_right_to_left_has_its_rule_on_the_right(tools, put):
    arabic = Prose((Line((Span("الحاجة أمّ الاختراع."),)),), Place(quotes=1))
    view = put(view_for(arabic, tools))
    assert view.inner.x() == 0
    assert view.inner.width() == view.width() - 18
    image = view.grab().toImage()
    assert image.pixelColor(view.width() - 1, 5) == QColor(LIGHT.line)
    assert show_block(view, Prose(PROSE.lines, Place(quotes=1)))
    assert view.inner.x() == 18


def test_a_thousand_quotes_leave_half_the_width(tools, put):
    view = put(view_for(Prose(PROSE.lines, Place(quotes=1000)), tools))
    assert view.inner.width() >= 360
    assert view.height() < 200


def test_a_rule_in_a_list_is_as_tall_as_a_rule(tools, put):
    view = put(view_for(Rule(Place(indent=1)), tools))
    assert view.height() == estimate_px(Rule(), 720)
    view.select(0, None)
    assert view.position_at(QPoint(0, 0)) == 0


def test_a_view_within_another_passes_its_new_height_on(tools, put, host, qtbot):
    view = put(view_for(Code("one", place=Place(indent=1)), tools))
    asked = []

    class Watch(QWidget):
        def eventFilter(self, _watched, event):
            if event.type() == QEvent.Type.LayoutRequest:
                asked.append(event)
            return False

    watch = Watch()
    qtbot.addWidget(watch)
    host.installEventFilter(watch)
    assert show_block(view, Code("one\ntwo", place=Place(indent=1)))
    qtbot.waitUntil(lambda: bool(asked))
    assert view.heightForWidth(720) == estimate_px(Code("one\ntwo"), 720)
    host.removeEventFilter(watch)


def test_a_table_with_too_many_cells_is_its_text(tools, put):
    row = (CELL,) * 100
    table = Table(row, (row,) * (MAX_CELLS // 100), (Align.LEFT,) * 100)
    view = put(view_for(table, tools))
    assert isinstance(view, CodeView)
    assert view.head.language.text() == "Table"
    assert view.body.text() == block_text(table)
    assert not show_block(view, table)


def test_the_pieces_of_one_code_are_found():
    joined = Code("b", is_joined=True)
    blocks = [CODE, joined, joined, CODE, PROSE]
    assert joined_after(blocks, 0) == (joined, joined)
    assert joined_after(blocks, 3) == ()
    assert joined_after(blocks, 4) == ()


@pytest.mark.parametrize(
    ("block", "previous", "gap"),
    [
        (PROSE, PROSE, 14),
        (HEADING, PROSE, 20),
        (PROSE, HEADING, 8),
        (LIST, LIST, 4),
        (CODE, LIST, 14),
        (Code("", is_joined=True), CODE, 0),
        (Prose((), is_joined=True), PROSE, 0),
    ],
)
def test_gaps_between_blocks(block, previous, gap):
    assert gap_px(block, previous) == gap


def test_a_row_full_of_formulas_weighs_as_much_as_many(tools):
    weights = [
        block_row("", read(text), 0, "", tools, 0).weight
        for text in ("words", "a $x$", "```\n$x$\n```", "$x$ " * 40)
    ]
    assert weights == [1, 1, 1, 6]
