from __future__ import annotations

import pytest

from app.markup.unfinished import without_begun_line


@pytest.mark.parametrize(
    "begun", [">", "> > -", ">>>  ", "- ", "##", "```", "| ", "1.", "12) ", "\\", "\\[", "$", ">=>"]
)
def test_a_line_that_only_begins_something_is_held_back(begun: str) -> None:
    assert without_begun_line(f"words\n{begun}") == "words\n"


@pytest.mark.parametrize("line", ["", "  ", "> a", "-1", "123.", "\\(a", "$5", "> - [x"])
def test_a_line_that_says_something_stays(line: str) -> None:
    assert without_begun_line(f"words\n{line}") == f"words\n{line}"


def test_quotes_within_quotes_without_end_are_looked_at_once() -> None:
    # Tried in every way they would take minutes.
    line = ">" * 200_000 + " words"
    assert without_begun_line(line) == line
