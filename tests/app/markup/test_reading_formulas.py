"""Formulas in a text, and what only looks like one."""

from __future__ import annotations

import pytest

from app.markup.blocks import (
    Code,
    Formula,
    Place,
    Prose,
    Span,
    Style,
)
from app.markup.reading import read
from tests.app.markup.reading_words import spans, text_of, words


@pytest.mark.parametrize(
    "source",
    ["$x^2$", "\\(x^2\\)", "$$x^2$$ y", "\\[x^2\\] y", "an $x^2$-like", "the $x^2$th", "($x^2$)"],
)
def test_a_formula_in_a_line(source: str) -> None:
    assert Span("x^2", Style.FORMULA) in spans(source)


@pytest.mark.parametrize(
    "source",
    [
        "$$x$$",
        "$$\nx\n$$",
        "\\[x\\]",
        "\\[\nx\n\\]",
        "  \\[\n  x\n  \\]",
    ],
)
def test_a_displayed_formula(source: str) -> None:
    assert read(source) == (Formula("x"),)
    before, formula, after = read(f"a:\n{source}\nb")
    assert words(before) == ["a:"]
    assert formula == Formula("x")
    assert words(after) == ["b"]


def test_a_formula_keeps_the_sentence_s_stop() -> None:
    assert read("\\[\nx\n\\].") == (Formula("x."),)


def test_environments_are_formulas() -> None:
    source = "\\begin{align*}\na &= b \\\\\nc &= d\n\\end{align*}"
    assert read(source) == (Formula(source),)
    assert read(f"> {source}".replace("\n", "\n> ")) == (Formula(source, Place(1, 0)),)
    assert isinstance(read("\\begin{document}\nx\n\\end{document}")[0], Prose)


def test_a_math_fence_is_a_formula() -> None:
    assert read("```math\nx\n```") == (Formula("x"),)


def test_a_formula_within_a_list_knows_its_place() -> None:
    assert read("- a\n  \\[\n  x\n  \\]")[1] == Formula("x", Place(0, 1))


@pytest.mark.parametrize(
    "source",
    [
        "It costs $5 and $10.",
        "$5-$10",
        "from $5/month to $10/month",
        "$5 (or 5$)",
        "US$5 and US$6",
        "$HOME/$USER",
        "a \\$5 b \\$6",
        "$ x $",
        "$x",
        "$20k, $30k",
        "a$b$c",
        "$$",
        "\\(\\)",
    ],
)
def test_prices_and_names_are_no_formulas(source: str) -> None:
    found = spans(source)
    assert not any(span.style & Style.FORMULA for span in found)
    assert text_of(found).replace("(", "") == source.replace("\\", "").replace("(", "")


def test_an_unclosed_formula_is_text() -> None:
    assert words(read("\\[\na\n\nb")[0]) == ["[\na"]
    assert words(read("$$\na\n\n$$ b")[0]) == ["$$\na"]


def test_a_formula_nobody_could_read_is_code() -> None:
    blocks = read("$$\n" + "x + " * 2_000 + "\n$$")
    assert isinstance(blocks[0], Code)
    assert blocks[0].language == "latex"
    assert spans("$" + "x+" * 600 + "y$")[0].style == Style.CODE
