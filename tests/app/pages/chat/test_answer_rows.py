"""An answer's rows stay as far as their blocks do, and a long code's are right all the same."""

from __future__ import annotations

import pytest

from app.markup.blocks import Block, Code, Line, Prose, Span
from app.notices import Notices
from app.pages.chat.answer_rows import block_rows, blocks_alike
from app.settings import ThemeChoice
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.markup.tools import MarkupTools


def prose(words: str) -> Prose:
    return Prose((Line((Span(words),)),))


def code(text: str, *, is_joined: bool = False) -> Code:
    return Code(text, "py", is_joined=is_joined)


@pytest.fixture
def tools(qapp):
    theme = Theme(qapp, ThemeChoice.LIGHT, qapp)
    made = MarkupTools(theme, Notices(), theme)
    yield made
    made.close()
    theme.deleteLater()


GROWTH: list[tuple[Block, ...]] = [
    (prose("a"), code("one")),
    (prose("a"), code("one"), code("two", is_joined=True)),
    (prose("a"), code("one"), code("two", is_joined=True), code("three", is_joined=True)),
    (prose("a"), code("one"), code("two", is_joined=True), code("four", is_joined=True)),
    (prose("a"), code("one"), code("two", is_joined=True), prose("b"), code("five")),
    (prose("a"), code("one"), code("two", is_joined=True), prose("b"), code("six")),
    (prose("a"), code("one"), prose("c")),
    (),
    (code("one"), code("two", is_joined=True)),
]


def test_rows_that_are_kept_are_those_that_would_be_made(tools):
    before, rows = (), ()
    for grown in GROWTH:
        blocks = blocks_alike(before, grown)
        rows = block_rows(1, blocks, rows, tools, SPACE.md)
        assert rows == block_rows(1, blocks, (), tools, SPACE.md)
        before = blocks


def test_what_is_the_same_keeps_its_row_and_another_gap_makes_all_anew(tools):
    blocks = (prose("a"), code("one"), prose("b"))
    rows = block_rows(1, blocks, (), tools, SPACE.md)
    more = blocks_alike(blocks, (prose("a"), code("one"), prose("b longer")))
    assert more[0] is blocks[0]
    assert more[2] is not blocks[2]
    grown = block_rows(1, more, rows, tools, SPACE.md)
    assert [new is old for new, old in zip(grown, rows, strict=True)] == [True, True, False]
    anew = block_rows(1, blocks, rows, tools, SPACE.block)
    assert anew[0] is not rows[0]
    assert anew[0].gap_px == SPACE.block


def test_a_guess_is_made_once_for_a_width(tools, monkeypatch):
    row = block_rows(1, (prose("words " * 50),), (), tools, SPACE.md)[0]
    guess = row.estimate_px(600)
    assert guess > row.estimate_px(1_200) > 0
    monkeypatch.setattr("app.widgets.markup.block_rows.estimate_px", lambda *_: 1)
    assert row.estimate_px(600) == guess
    assert row.estimate_px(300) == 1
