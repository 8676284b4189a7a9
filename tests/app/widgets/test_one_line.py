"""Names and titles on one line, whatever was written into them."""

from __future__ import annotations

import pytest

from app.widgets.one_line import in_short, one_line, spaced_in_short


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("A title", "A title"),
        (" a\n\tb ", "a b"),
        ("near" + " " * 4_000 + "far" + "\n" * 400 + "below", "near far below"),
        ("a\u202eb", "a‹U+202E›b"),
        ("x" * 1_000, "x" * 300),
        ("word " * 1_000, "word " * 60),
    ],
)
def test_words_stand_on_one_line_as_far_as_it_goes(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_what_is_spelled_out_at_many_times_its_length_is_cut_sooner() -> None:
    assert in_short("a\u202e" * 300, 600) == "a‹U+202E›" * 66 + "a… (+467)"
    assert in_short("\u202e" + "b" * 600, 601) == "‹U+202E›" + "b" * 600


def test_of_a_long_text_on_one_line_a_beginning_is_read_and_the_rest_is_counted() -> None:
    assert spaced_in_short("a \n b", 10) == "a b"
    assert spaced_in_short("a" + "\t" * 20_000 + "b", 10) == "a… (+10,002)"
    assert spaced_in_short("word " * 4_000, 8) == "word wor… (+19,991)"
