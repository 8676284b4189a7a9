"""Words and paragraphs around positions, in UTF-16 units."""

from __future__ import annotations

import pytest

from app.widgets.row_list_words import paragraph_around, word_around


@pytest.mark.parametrize(
    ("position", "around"), [(0, (0, 3)), (1, (0, 3)), (4, (4, 7)), (6, (4, 7)), (7, (7, 7))]
)
def test_words(position, around):
    assert word_around("one two", position) == around


def test_a_word_after_an_emoji_is_counted_in_its_two_units():
    assert word_around("\N{PERSON WITH FOLDED HANDS} word", 4) == (3, 7)


@pytest.mark.parametrize(
    ("position", "around"), [(0, (0, 3)), (3, (0, 3)), (4, (4, 7)), (8, (8, 8))]
)
def test_paragraphs(position, around):
    assert paragraph_around("one\ntwo\n", position) == around
