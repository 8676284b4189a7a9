"""Which paragraphs of the help answer to what is typed."""

from __future__ import annotations

import pytest

from app.pages.help.finding import Finder, Passage, best_of

TEXTS = (
    Passage(0, 0, "Keys", ("a", 0), is_heading=True),
    Passage(1, 0, "A key opens a lock.", ("a", 0)),
    Passage(1, 20, "Ein Schlüssel 🗝 öffnet Schlösser", ("a", 0)),
    Passage(2, 0, "Locks", ("a", 2), is_heading=True),
    Passage(3, 0, "Nothing else is here, a key neither.", ("a", 2)),
)


def found(asked: str) -> list[tuple[int, int]]:
    return [(hit.passage.row, hit.passage.start) for hit in Finder(TEXTS).find(asked)]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("key", [(0, 0), (1, 0), (3, 0)]),
        ("KEY lock", [(1, 0)]),
        ("lock key", [(1, 0)]),
        ("schlossER", [(1, 20)]),
        ("", []),
        ("   ", []),
        ("key zebra", []),
    ],
)
def test_a_paragraph_answers_that_has_all_words(asked, rows):
    assert found(asked) == rows


def test_where_no_paragraph_has_them_all_a_section_answers_that_has():
    assert found("locks neither") == [(2, 0), (3, 0)]
    assert found("schlüssel lock") == [(1, 0), (1, 20)]


def test_places_count_as_the_row_does_and_overlapping_ones_are_one():
    (hit,) = Finder(TEXTS).find("öffnet")
    # The key before it takes two units.
    assert hit.places == ((20 + 17, 20 + 23),)
    (hit,) = Finder(TEXTS).find("schlö chlöss ss")
    assert hit.places == ((20 + 9, 20 + 11), (20 + 24, 20 + 31))


def test_the_first_heading_is_begun_with():
    hits = Finder(TEXTS).find("lock")
    assert [hit.passage.row for hit in hits] == [1, 2]
    assert best_of(hits) == 1
    assert best_of(Finder(TEXTS).find("opens")) == 0
