"""Names and titles on one line, whatever was written into them."""

from __future__ import annotations

import pytest

from app.widgets.one_line import one_line


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
