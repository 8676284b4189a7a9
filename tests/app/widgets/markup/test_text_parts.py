"""What stands in a message beside its letters, as a screen reader has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTextEdit
from shiboken6 import isValid

from app.markup.blocks import Align, Span, Table
from app.markup.reading import read
from app.widgets.faces import install_faces
from app.widgets.markup.flow_text import FlowText
from app.widgets.markup.views import MAX_CELLS, show_block, view_for
from tests.app.widgets.access import (
    Role,
    act,
    children,
    description,
    everything,
    face,
    name,
    named,
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TARGET = "https://example.org/aesop/390?full=1"
TABLE = f"""
| Pebbles | Level |
|:--------|------:|
| 1       | 12 mm |
| [20]({TARGET}) | $m^2$ |
"""


@pytest.fixture(autouse=True)
def installed(qapp):
    install_faces()


@pytest.fixture
def shown(tools, put, qtbot) -> Callable[[str], FlowText]:
    """The view of a text's first block, in a window."""

    def show(text: str) -> FlowText:
        view = view_for(read(text)[0], tools)
        put(view)
        return view if isinstance(view, FlowText) else view.findChildren(FlowText)[0]

    return show


def parts(view: FlowText):
    """What stands in a text's surface."""
    return children(face(view.viewport()))


def test_a_link_is_read_by_its_words_and_target_and_copied(shown):
    view = shown(f"A crow; [the **fable**]({TARGET}) tells, and <mailto:a@b.example>.")
    links = parts(view)
    assert [each.role() for each in links] == [Role.Link] * 2
    assert [name(each) for each in links] == ["the fable", "mailto:a@b.example"]
    assert [description(each) for each in links] == [TARGET, "mailto:a@b.example"]
    assert links[0].actionInterface().localizedActionName("Press") == "Copy link"
    act(links[0])
    assert QGuiApplication.clipboard().text() == TARGET
    assert view.tools.strip.text() == f"Copied: {TARGET}"
    assert face(view).textInterface() is not None, "letters are read as before"
    assert TARGET not in view.accessibleDescription()


def test_a_link_is_found_where_it_is_painted(shown):
    view = shown(f"A crow; [the fable]({TARGET}) tells.")
    (link,) = parts(view)
    centre = link.rect().center()
    at = face(view.viewport()).childAt(centre.x(), centre.y())
    assert name(at) == "the fable"
    assert link.parent().object() is view.viewport()
    assert link.parent().parent().object() is view
    assert not link.state().invisible
    view.hide()
    assert link.state().invisible


def test_an_image_is_a_link_to_where_it_would_be(shown):
    (image,) = parts(shown("![a pitcher](http://h.example/a.png)"))
    assert (image.role(), name(image)) == (Role.Link, "a pitcher")
    assert description(image) == "http://h.example/a.png"


def test_tasks_are_boxes_that_are_checked_or_not(shown):
    view = shown(f"- [x] Fill [it]({TARGET})\n- [ ] Drink\n- Rest\n- [ ]")
    seen = [each for each in parts(view) if each.role() == Role.CheckBox]
    assert [(name(each), bool(each.state().checked)) for each in seen] == [
        ("Fill it", True),
        ("Drink", False),
    ]
    assert all(each.state().checkable and each.state().readOnly for each in seen)
    assert all(each.actionInterface() is None for each in seen)
    assert named(face(view), Role.Link) == ["it"]


def test_headings_formulas_and_footnotes_are_told_in_the_order_of_the_text(tools, put, qtbot):
    blocks = read("## Level\n\nBy $E$ and $m$ it rose[^a].\n\n[^a]: Aesop says so.")
    seen = []
    for block in blocks:
        view = put(view_for(block, tools))
        seen += [(each.role(), name(each)) for each in parts(view)]
    assert seen == [
        (Role.Heading, "Level"),
        (Role.Equation, "Formula: E"),
        (Role.Equation, "Formula: m"),
        (Role.StaticText, "Footnote 1"),
        (Role.Note, "Note 1: a: Aesop says so."),
    ]


def test_a_table_has_rows_and_cells_that_know_their_place_and_head(shown):
    view = shown(TABLE)
    table = face(view.viewport())
    assert (table.role(), name(table)) == (Role.Table, "Table, 2 columns, 2 rows")
    rows = children(table)
    assert [(each.role(), name(each)) for each in rows] == [
        (Role.Row, "Head"),
        (Role.Row, "Row 1"),
        (Role.Row, "Row 2"),
    ]
    assert [[name(cell) for cell in children(row)] for row in rows] == [
        ["Pebbles", "Level"],
        ["1", "12 mm"],
        ["20", "m^2"],
    ]
    heads, first, second = (children(row) for row in rows)
    assert {each.role() for each in heads} == {Role.ColumnHeader}
    assert {each.role() for each in (*first, *second)} == {Role.Cell}
    assert [description(each) for each in first] == ["Pebbles", "Level"]
    place = second[1].tableCellInterface()
    assert (place.rowIndex(), place.columnIndex()) == (2, 1)
    assert (place.rowExtent(), place.columnExtent()) == (1, 1)
    assert [name(each) for each in place.columnHeaderCells()] == ["Level"]
    assert place.rowHeaderCells() == []
    assert not place.isSelected()
    assert place.table().object() is view.viewport()
    assert heads[0].tableCellInterface().columnHeaderCells() == []
    assert rows[0].tableCellInterface() is None
    assert second[0].parent().parent().object() is view.viewport()


def test_links_and_formulas_of_a_table_stand_in_their_cells(shown):
    view = shown(TABLE)
    _head, _first, row = children(face(view.viewport()))
    link, formula = children(row)
    assert [(name(each), description(each)) for each in children(link)] == [("20", TARGET)]
    assert [name(each) for each in children(formula)] == ["Formula: m^2"]
    act(children(link)[0])
    assert QGuiApplication.clipboard().text() == TARGET


def test_a_piece_of_a_table_has_the_heads_that_stand_above_it(tools, put):
    (table,) = read(TABLE)
    assert isinstance(table, Table)
    view = put(view_for(replace(table, is_joined=True), tools))
    rows = children(face(view.viewport()))
    assert [name(each) for each in rows] == ["Row 1", "Row 2"]
    cell = children(rows[0])[1]
    assert (cell.role(), description(cell)) == (Role.Cell, "Level")
    assert cell.tableCellInterface().columnHeaderCells() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("```python\nlevel = 1\n```", "Code, PYTHON"),
        ("```\nlevel = 1\n```", "Code"),
    ],
)
def test_code_is_told_by_its_language(shown, qtbot, text, words):
    view = shown(text)
    qtbot.waitUntil(lambda: name(face(view)) == words)
    assert face(view).role() == Role.EditableText
    assert parts(view) == []


def test_a_table_of_too_many_cells_is_told_as_a_table(tools, put):
    cells = ((Span("a"),),) * (MAX_CELLS + 1)
    view = put(view_for(Table(cells, (cells,), (Align.LEFT,) * len(cells)), tools))
    assert named(face(view), Role.EditableText) == ["Table"]


def test_a_formula_of_its_own_is_told_by_its_source(tools, put):
    view = put(view_for(read("$$E = mc^2$$")[0], tools))
    assert named(face(view), Role.Graphic) == ["Formula: E = mc^2"]


def test_a_text_that_grows_keeps_the_parts_that_it_had(tools, put):
    view = put(view_for(read("[a](http://a) and")[0], tools))
    (first,) = parts(view)
    assert show_block(view, read("[a](http://a) and [b](http://b)")[0])
    again, second = parts(view)
    assert again.object() is first.object()
    assert name(second) == "b"
    assert show_block(view, read("nothing")[0])
    assert parts(view) == []
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not isValid(first)


def test_a_link_whose_text_became_shorter_can_still_be_copied(tools, put):
    view = put(view_for(read("a long text before [a](http://a)")[0], tools))
    (link,) = parts(view)
    action = link.actionInterface()
    assert show_block(view, read("short")[0])
    action.doAction("Press")
    assert QGuiApplication.clipboard().text() == "http://a"
    assert link.rect().isValid()


def test_nothing_is_made_where_nobody_asks(shown):
    view = shown(TABLE)
    assert isinstance(view, QTextEdit)
    assert view._parts is None
    assert len(list(everything(face(view)))) > 9
    assert view._parts is not None
