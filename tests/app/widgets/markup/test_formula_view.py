"""Formulas on the screen: by themselves, and within a line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest

from app.markup.blocks import Formula
from app.settings import ThemeChoice
from app.theme.tokens import DARK, LIGHT
from app.widgets.markup.formula_view import FormulaView, estimated_px
from app.widgets.markup.prose_view import ProseView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def drawn(view):
    return lambda: view.canvas is not None and view.canvas._drawing is not None


def colours(view):
    image = view.grab().toImage()
    return {image.pixelColor(x, 9).name().upper() for x in range(image.width())}


def test_a_formula_comes_in_the_texts_colour_and_in_the_middle(tools, put, qtbot, theme):
    view = put(FormulaView(tools, Formula("x")))
    assert view.heightForWidth(720) == estimated_px("x")
    qtbot.waitUntil(drawn(view))
    assert LIGHT.text in colours(view)
    assert view.canvas.accessibleName() == "Formula: x"
    assert view.heightForWidth(720) == 12 + 8
    theme.choose(ThemeChoice.DARK)
    assert DARK.text in colours(view)


def test_rows_and_fractions_are_expected_to_be_taller():
    assert estimated_px("x") < estimated_px(r"\frac{a}{b}") < estimated_px(r"\frac{a}{b}\\c")


def test_what_cannot_be_drawn_is_shown_as_its_source(tools, put, qtbot):
    view = put(FormulaView(tools, Formula(r"bad{x}")))
    qtbot.waitUntil(lambda: view.source is not None)
    assert view.source.toPlainText() == r"bad{x}"
    assert view.heightForWidth(720) == 20
    view.select(0, 3)
    assert view.source.selected_text() == "bad"
    put(view)
    assert view.position_at(QPoint(700, 5)) == 6
    assert put(FormulaView(tools, Formula(r"bad{x}"))).source is not None, "known by now"


def test_a_source_that_becomes_a_formula_is_drawn(tools, put, qtbot):
    view = put(FormulaView(tools, Formula("bad")))
    qtbot.waitUntil(lambda: view.source is not None)
    view.show_formula(Formula("x"))
    view.show_formula(Formula("x"))
    qtbot.waitUntil(drawn(view))
    assert view.source is None


def test_it_is_selected_as_a_whole_or_not_at_all(tools, put, qtbot):
    view = put(FormulaView(tools, Formula("x+y")))
    qtbot.waitUntil(drawn(view))
    assert view.position_at(QPoint(10, 5)) == 0
    assert view.position_at(QPoint(700, 5)) == 3
    view.select(1, 2)
    assert view.canvas.is_marked()
    assert {LIGHT.accent, LIGHT.on_accent} <= colours(view)
    view.select(0, 0)
    assert not view.canvas.is_marked()
    view.select(0, None)
    assert view.canvas.is_marked()


def test_a_wide_one_scrolls_sideways(tools, put, qtbot, host):
    view = put(FormulaView(tools, Formula("wide")))
    qtbot.waitUntil(drawn(view))
    put(view)
    bar = view.canvas.horizontalScrollBar()
    assert bar.maximum() > 0
    assert view.sizeHint().height() == view.heightForWidth(720)
    view.canvas.setFocus()
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert bar.value() == 32
    QTest.keyClick(view.canvas, Qt.Key.Key_Left)
    assert bar.value() == 0
    for delta, moved in ((QPoint(-40, 0), 40), (QPoint(0, -40), 40)):
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            delta,
            QPoint(0, 0),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        view.canvas.wheelEvent(event)
        assert bar.value() == moved
    QTest.mousePress(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 5))
    assert host.presses, "the list selects"


def test_a_formula_in_a_line_takes_its_place_when_it_comes(tools, put, qtbot, prose, formula):
    view = put(ProseView(tools, prose("a ", formula("x"), " b")))
    assert view.heightForWidth(720) == 24
    assert view.text() == "a x b"
    qtbot.waitUntil(lambda: view.formulas.drawing_of("x") is not None)
    assert view.heightForWidth(720) == 24, "a small one doesn't move the lines"
    assert LIGHT.text in colours(view)
    assert view.accessibleDescription() == "Formulas: x"


@pytest.mark.parametrize("source", ["tall", "deep"])
def test_a_tall_one_makes_its_line_taller(tools, put, qtbot, prose, formula, source):
    view = put(ProseView(tools, prose("a ", formula(source))))
    qtbot.waitUntil(lambda: view.heightForWidth(720) > 40)
    view.show_prose(prose("a ", formula(source), " and on"))
    assert view.heightForWidth(720) > 40
    assert put(ProseView(tools, prose(formula(source)))).heightForWidth(720) > 40
    assert not view.grab().isNull()


def test_one_that_cannot_be_drawn_stays_in_the_text(tools, put, qtbot, prose, formula):
    text = prose("a ", formula("bad"), " b ", formula("x"))
    view = put(ProseView(tools, text))
    assert view.to_message(3) == 5
    qtbot.waitUntil(lambda: "bad" in view.toPlainText())
    assert view.text() == "a bad b x"
    assert view.to_message(5) == 5
    again = put(ProseView(tools, text))
    assert "bad" in again.toPlainText()


def test_positions_count_a_formula_as_its_source(tools, put, prose, formula):
    view = put(ProseView(tools, prose("a ", formula("x^2"), " b")))
    view.select(3, 4)
    assert view.selected_text() == "x^2", "part of it means all of it"
    view.select(0, 5)
    assert view.selected_text() == "a x^2"
    view.select(5, None)
    assert view.selected_text() == " b"
    assert view.to_message(3) == 5


def test_equal_formulas_side_by_side_are_two(tools, put, prose, formula):
    view = put(ProseView(tools, prose(formula("xy"), formula("xy"), "z")))
    assert [each.position for each in view.marks().formulas] == [0, 1]
    assert view.to_message(2) == 4


def test_a_source_waits_in_its_place(tools, put, prose, formula, monkeypatch):
    monkeypatch.setattr(tools.formulas, "want", lambda _keys, _owner: None)
    view = put(ProseView(tools, prose(formula("abcdefg"))))
    before = view.grab().toImage()
    colours_before = {before.pixelColor(x, 12).name() for x in range(60)}
    assert len(colours_before) > 1, "the source is there"
    alone = put(FormulaView(tools, Formula("y")))
    assert not alone.grab().isNull()
    assert QColor(LIGHT.text).isValid()
