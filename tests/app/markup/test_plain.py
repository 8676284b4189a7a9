from __future__ import annotations

import pytest

from app.markup.plain import plain_text
from app.markup.reading import read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# A\n\n**b** `c`\nd", "A\n\nb c\nd"),
        ("- a\n  - b\n\n    c\n- d", "• a\n    ◦ b\n    c\n• d"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- [x] a", "☑ a"),
        ("> a\n> b", "> a\n> b"),
        ("```py\na\n  b\n```", "a\n  b"),
        ("- a\n  ```\n  b\n  ```\n- c", "• a\n    b\n• c"),
        ("| a | b |\n|---|---|\n| 1 | 2<br>3 |", "a\tb\n1\t2 3"),
        ("\\[\nx\n\\]", "x"),
        ("a $x^2$ b", "a x^2 b"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("[a](http://b) c", "a (http://b) c"),
        ("[a *b*](http://c)", "a b (http://c)"),
        ("http://b <m@n.o>", "http://b m@n.o"),
        ("a[^1]\n\n[^1]: b", "a1\n\n¹ b"),
        ("", ""),
    ],
)
def test_text_is_as_a_reader_would_copy_it(source: str, expected: str) -> None:
    assert plain_text(read(source)) == expected


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"word{number}" for number in range(2_000)),
        "\n".join(f"line {number}" for number in range(300)),
        "x" * 5_000,
        "\U0001f469\u200d\U0001f4bb" * 3_000,
        "http://a.example/" + "x" * 5_000,
        "see https://a.example/" + "b/" * 3_000 + " and on",
    ],
)
def test_pieces_join_again(text: str) -> None:
    assert plain_text(read(text)) == text
    assert plain_text(read(f"```\n{text}\n```")) == text


def test_a_long_list_has_no_gaps() -> None:
    text = plain_text(read("\n".join(f"- item {number}" for number in range(100))))
    assert text == "\n".join(f"• item {number}" for number in range(100))


def test_a_long_table_has_one_head() -> None:
    rows = "\n".join(f"| {number} |" for number in range(100))
    text = plain_text(read(f"| n |\n|---|\n{rows}"))
    assert text == "\n".join(["n", *map(str, range(100))])
