"""Heights and their partial sums, held to plain lists."""

from __future__ import annotations

import random
from itertools import accumulate

import pytest

from app.widgets.row_list_heights import Heights


def test_tops_and_the_rows_at_heights():
    heights = Heights([10, 20, 30])
    assert [heights.top_px(index) for index in range(4)] == [0, 10, 30, 60]
    assert [heights.index_at(y) for y in (-5, 0, 9, 10, 59, 60, 1000)] == [0, 0, 0, 1, 2, 2, 2]
    assert heights.set(1, 25) == 5
    assert (heights[1], heights.total_px, len(heights)) == (25, 65, 3)


def test_without_rows_there_is_nothing_to_ask_for():
    heights = Heights()
    assert (heights.total_px, heights.index_at(7), heights.top_px(0)) == (0, 0, 0)
    with pytest.raises(IndexError):
        heights[0]


def test_it_stays_equal_to_a_plain_list_whatever_is_replaced():
    chance = random.Random(6)
    plain: list[int] = []
    heights = Heights()
    for _step in range(400):
        first = chance.randint(0, len(plain))
        count = chance.randint(0, min(len(plain) - first, 700))
        added = [chance.randint(0, 90) for _ in range(chance.choice((0, 1, 3, 600)))]
        plain[first : first + count] = added
        heights.splice(first, count, added)
        assert len(heights) == len(plain)
        assert heights.total_px == sum(plain)
        many = chance.randint(0, len(plain) - first)
        assert heights.part(first, many) == plain[first : first + many]
        if plain:
            index = chance.randrange(len(plain))
            assert heights[index] == plain[index]
            heights.set(index, 50)
            plain[index] = 50
            tops = [0, *accumulate(plain)]
            assert heights.top_px(index) == tops[index]
            at = chance.randrange(sum(plain))
            assert tops[heights.index_at(at)] <= at < tops[heights.index_at(at) + 1]
