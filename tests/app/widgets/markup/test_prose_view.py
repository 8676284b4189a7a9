"""Paragraphs as one text: what they look like, how they grow, how they are selected."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from app.markup.blocks import Line, Place, Prose, Span, Style
from app.settings import ThemeChoice
from app.theme.tokens import DARK, LIGHT, Ink
from app.theme.type_styles import Type
from app.widgets.markup.block_text import text_between
from app.widgets.markup.prose_view import ProseView, reads_right_to_left
from app.widgets.markup.span_formats import Setting
from tests.app.contrast import contrast

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def form_at(view, position):
    cursor = QTextCursor(view.document())
    cursor.setPosition(position + 1)
    return cursor.charFormat()


def test_spans_look_as_their_style_says(tools, put, prose):
    view = put(
        ProseView(
            tools,
            prose(
                Span("s", Style.STRONG),
                Span("i", Style.ITALIC),
                Span("c", Style.CODE),
                Span("k", Style.STRIKE),
                Span("1", Style.RAISED),
                Span("l", Style.NONE, "https://e.org"),
            ),
        )
    )
    assert view.toPlainText() == "sick1l"
    assert form_at(view, 0).fontWeight() == 600
    assert form_at(view, 1).fontItalic()
    assert form_at(view, 2).font().family() == "JetBrains Mono"
    assert form_at(view, 3).fontStrikeOut()
    assert (
        form_at(view, 4).verticalAlignment() == form_at(view, 4).VerticalAlignment.AlignSuperScript
    )
    assert form_at(view, 5).foreground().color() == QColor(LIGHT.accent)
    assert not form_at(view, 5).isAnchor(), "no link is one to Qt"


@pytest.mark.parametrize(("heading", "px"), [(1, 20), (2, 17), (3, 15), (6, 15)])
def test_headings_are_semibold_in_their_size(tools, put, prose, heading, px):
    view = put(ProseView(tools, prose("Title", heading=heading)))
    assert form_at(view, 0).font().pixelSize() == px
    assert form_at(view, 0).fontWeight() == 600


def test_lines_have_the_readings_height(tools, put, prose):
    view = put(ProseView(tools, prose("one")))
    assert view.heightForWidth(720) == 24
    assert view.sizeHint().height() == 24
    view.show_prose(prose("word " * 60))
    assert view.heightForWidth(300) > view.heightForWidth(720)


def test_markers_hang_before_their_text(tools, put):
    lines = (Line((Span("one"),), marker="•"), Line((Span("two"),), marker="10.", indent=1))
    view = put(ProseView(tools, Prose(lines, Place(indent=1))))
    first, second = view.document().findBlockByNumber(0), view.document().findBlockByNumber(1)
    assert first.text() == "•\N{NO-BREAK SPACE}one"
    assert first.blockFormat().leftMargin() == 32
    assert second.blockFormat().leftMargin() == 64
    text_left = first.layout().lineAt(0).cursorToX(2)
    assert float(text_left[0] if isinstance(text_left, tuple) else text_left) == pytest.approx(
        32, abs=1.0
    )


def test_a_marker_wider_than_its_column_pushes_its_text_on(tools, put):
    view = put(ProseView(tools, Prose((Line((Span("x"),), marker="1000000."),), Place(indent=1))))
    assert view.document().begin().blockFormat().leftMargin() > 32


@pytest.mark.parametrize(
    ("text", "is_right"),
    [("مرحبا hello", True), ("hello مرحبا", False), ("1. שלום", True), ("…", False), ("", False)],
)
def test_the_first_strong_character_gives_the_direction(tools, put, prose, text, is_right):
    assert reads_right_to_left(text) is is_right
    view = put(ProseView(tools, prose(text, marker="•", indent=1)))
    form = view.document().begin().blockFormat()
    right_to_left = Qt.LayoutDirection.RightToLeft
    assert (form.layoutDirection() == right_to_left) is is_right
    assert (form.rightMargin() > 0) is is_right


def test_a_text_that_grows_keeps_its_selection(tools, put, prose):
    view = put(ProseView(tools, prose("The water ")))
    view.select(4, 9)
    view.show_prose(prose("The water must ", Span("rise", Style.STRONG)))
    assert view.selected_text() == "water"
    assert view.toPlainText() == "The water must rise"


@pytest.mark.parametrize(
    "steps",
    [
        ("a", "ab", "abc"),
        ("**", "abc", "ab"),
        ("one\ntwo", "one\ntwo three", "one", "zero\none"),
        ("", "x", "", "y\nz"),
        ("😀", "😀😀", "😀x"),
    ],
)
def test_a_text_that_changes_becomes_what_a_new_one_would_be(tools, put, steps):
    def made(text):
        return Prose(tuple(Line((Span(line),)) for line in text.split("\n")))

    view = put(ProseView(tools, made("start")))
    for step in steps:
        view.show_prose(made(step))
        assert view.toPlainText() == step
        assert view.text() == text_between(made(step), 0, None)


def test_a_line_whose_kind_changes_is_laid_out_anew(tools, put, prose):
    view = put(ProseView(tools, prose("- item")))
    view.show_prose(prose("item", marker="•", indent=1))
    view.show_prose(prose("item", heading=1))
    assert view.toPlainText() == "item"
    assert form_at(view, 0).font().pixelSize() == 20
    assert view.document().begin().blockFormat().textIndent() == 0


def test_line_breaks_stay_in_their_paragraph(tools, put, prose):
    view = put(ProseView(tools, prose("one\ntwo\u2029three")))
    assert view.document().blockCount() == 1
    assert view.heightForWidth(720) == 72


def test_the_left_button_is_left_to_the_list(tools, put, prose, host):
    view = put(ProseView(tools, prose("The water must rise")))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    QTest.mouseMove(view.viewport(), QPoint(90, 10))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(90, 10))
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    assert host.presses[0] == QPoint(50, 20)
    assert not view.textCursor().hasSelection()


def test_the_list_selects_by_positions_of_the_view(tools, put, prose):
    view = put(ProseView(tools, prose("The water must rise")))
    start = view.position_at(QPoint(0, 10))
    end = view.position_at(QPoint(700, 10))
    assert (start, end) == (0, 19)
    view.select(4, None)
    assert view.selected_text() == "water must rise"
    view.select(0, 0)
    assert not view.textCursor().hasSelection()


def test_the_keyboard_selects_and_copies_what_it_selected(tools, put, prose):
    view = put(ProseView(tools, prose("The water")))
    view.setFocus()
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "The"


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_keys_about_more_than_this_view_are_the_lists(
    tools, put, prose, host, qtbot, monkeypatch, key, modifier
):
    seen = []
    monkeypatch.setattr(type(host), "keyPressEvent", lambda _self, event: seen.append(event.key()))
    view = put(ProseView(tools, prose("The water")))
    view.setFocus()
    view.select(0, 3)  # the list's own selection is copied by the list
    QTest.keyClick(view, key, modifier)
    assert seen[-1] == key


def test_down_stays_in_the_view_while_there_is_a_line_below(tools, put, prose):
    view = put(ProseView(tools, prose("one\ntwo")))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.textCursor().position() > 3


def test_another_theme_inks_all_of_it_anew(tools, put, theme, formula):
    lines = (
        Line((Span("go "), Span("there", Style.NONE, "https://e.org"), Span("x"), formula("bad"))),
        Line((Span("item"), formula("tall")), marker="•"),
    )
    view = put(ProseView(tools, Prose(lines, Place(indent=1)), Setting(Type.SMALL, Ink.TEXT2)))
    before = view.text()
    theme.choose(ThemeChoice.DARK)
    assert form_at(view, 0).foreground().color() == QColor(DARK.text2)
    assert form_at(view, 3).foreground().color() == QColor(DARK.accent)
    assert view.text() == before
    view.select(0, None)
    assert view.selected_text() == before


def test_larger_text_makes_taller_lines(tools, put, prose, theme):
    lines = (Line((Span("one"),), marker="•"), Line((Span("two"),), marker="•"))
    view = put(ProseView(tools, Prose(lines, Place(indent=1))))
    assert view.heightForWidth(720) == 52
    theme.set_text(200, is_system_font=False)
    assert view.heightForWidth(720) == 100
    assert form_at(view, 2).font().pixelSize() == 30


def test_code_within_text_has_a_ground_and_the_text_none(tools, put, prose, host):
    view = put(ProseView(tools, prose("aaaa ", Span("mmmm", Style.CODE))))
    image = view.grab().toImage()
    colours = {image.pixelColor(x, 12).name().upper() for x in range(image.width())}
    assert LIGHT.sunken in colours


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
@pytest.mark.parametrize("source", ["x", "bad"])
def test_a_selected_formula_stands_out_from_the_ground(
    tools, put, prose, qtbot, theme, choice, source
):
    theme.choose(choice)
    view = put(ProseView(tools, prose(Span("a "), Span(source, Style.FORMULA), Span(" b"))))
    view.selectAll()
    cursor = QTextCursor(view.document())
    cursor.setPosition(2)
    left = view.cursorRect(cursor)
    cursor.setPosition(3)
    area = left.united(view.cursorRect(cursor))
    seen = view.viewport().grab(area).toImage()
    colours = {
        seen.pixelColor(x, y).name()
        for x in range(1, seen.width() - 2)
        for y in range(seen.height() // 4, seen.height() * 3 // 4)
    }
    assert max(contrast(*pair) for pair in combinations(colours, 2)) >= 4.5
