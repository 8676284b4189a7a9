"""The text of blocks as their views number it."""

from __future__ import annotations

import pytest

from app.markup.blocks import Align, Code, Formula, Line, Place, Prose, Rule, Span, Style, Table
from app.widgets.markup.block_text import (
    block_text,
    pretends,
    shown_spans,
    slice_units,
    spans_text,
    text_between,
    units,
)
from app.widgets.markup.shared_beginning import shared_beginning


def test_positions_count_as_text_cursors_do():
    assert units("a😀b") == 4
    assert slice_units("a😀b", 1, 3) == "😀"
    assert slice_units("a😀b", 2, None) == "b", "half a character counts as none"


def test_markers_stand_before_their_lines():
    lines = (Line((Span("one"),), marker="•"), Line((Span("two"),), marker="10.", indent=1))
    assert block_text(Prose(lines, Place(indent=1))) == "•\tone\n10.\ttwo"


def test_a_formula_counts_as_its_source():
    prose = Prose((Line((Span("a "), Span("x^2", Style.FORMULA), Span(" b"))),))
    assert text_between(prose, 2, 5) == "x^2"
    assert text_between(Formula(r"\pi"), 0, None) == r"\pi"


def test_a_table_is_tab_separated_and_its_cells_are_one_line():
    head = ((Span("A"),), (Span("B"),))
    row = ((Span("1\n2"),), (Span("3\t4"),))
    table = Table(head, (row,), (Align.LEFT, Align.RIGHT))
    assert block_text(table) == "A\tB\n1 2\t3 4"


def test_a_table_that_goes_on_has_no_head_of_its_own():
    head = ((Span("A"),),)
    table = Table(head, (((Span("1"),),),), (Align.LEFT,), is_joined=True)
    assert block_text(table) == "1"


def test_a_line_across_has_no_text_and_code_is_as_it_is():
    assert block_text(Rule()) == ""
    assert block_text(Code("x\n  y\x00")) == "x\n  y\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("https://bank.com", "https://evil.example"),
        ("bank.com", "https://bank.com.evil.example/"),
        ("See www.bank.com now", "https://evil.example"),
        ("me@bank.com", "mailto:me@evil.example"),
        ("https://bank.com/" + "a" * 600, "https://evil.example/https://bank.com/" + "a" * 600),
    ],
)
def test_a_link_that_pretends_has_its_target_beside_it(words, target):
    shown = shown_spans((Span(words, Style.NONE, target), Span(" and on")))
    assert spans_text(shown) == f"{words} ({target}) and on"
    assert shown[1].target == target


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("bank.com", "https://www.bank.com/"),
        ("HTTPS://Bank.com", "https://bank.com"),
        ("the docs", "https://docs.example"),
        ("me@bank.com", "mailto:me@bank.com"),
        ("https://bank.com/" + "a" * 600, "https://bank.com/" + "a" * 3_000),
    ],
)
def test_a_link_that_does_not_pretend_is_shown_as_it_is(words, target):
    assert not pretends(words, target)
    assert spans_text(shown_spans((Span(words, Style.NONE, target),))) == words


def test_words_of_one_link_in_several_styles_are_judged_together():
    spans = (Span("bank", Style.STRONG, "https://evil.example"), Span(".com", Style.NONE, ""))
    assert "(" not in spans_text(shown_spans(spans)), "the words alone are no address"
    spans = (Span("bank", Style.STRONG, "https://e.org"), Span(".com", Style.NONE, "https://e.org"))
    assert spans_text(shown_spans(spans)) == "bank.com (https://e.org)"


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [("ab", "abc", "ab"), ("abc", "ab", "ab"), ("abx", "aby", "ab"), ("x", "y", ""), ("", "y", "")],
)
def test_what_two_texts_share_is_their_beginning(one, other, shared):
    assert shared_beginning(one, other) == shared
