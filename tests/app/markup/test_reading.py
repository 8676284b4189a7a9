from __future__ import annotations

import pytest

from app.markup.blocks import (
    Align,
    Code,
    Place,
    Prose,
    Rule,
    Span,
    Style,
    Table,
    code_text,
)
from app.markup.reading import read
from tests.app.markup.reading_words import spans, text_of, words

# ---------------------------------------------------------------- text


def test_an_empty_text_has_no_blocks() -> None:
    assert read("") == ()
    assert read(" \n\n\t\n") == ()


def test_each_paragraph_and_heading_is_a_block() -> None:
    blocks = read("# One\n\nTwo\n\nThree\n===\n\n###### Six ##\n")
    assert [words(block) for block in blocks] == [["One"], ["Two"], ["Three"], ["Six"]]
    assert [block.lines[0].heading for block in blocks if isinstance(block, Prose)] == [1, 0, 1, 6]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a*", [Span("a", Style.ITALIC)]),
        ("_a_", [Span("a", Style.ITALIC)]),
        ("**a**", [Span("a", Style.STRONG)]),
        ("***a***", [Span("a", Style.STRONG | Style.ITALIC)]),
        ("~~a~~", [Span("a", Style.STRIKE)]),
        ("`a`", [Span("a", Style.CODE)]),
        ("`` a`b ``", [Span("a`b", Style.CODE)]),
        ("**a `b`**", [Span("a ", Style.STRONG), Span("b", Style.STRONG | Style.CODE)]),
        ("snake_case_name", [Span("snake_case_name")]),
        ("2 * 3 * 4", [Span("2 * 3 * 4")]),
        ("**a", [Span("**a")]),
        ("\\*a\\*", [Span("*a*")]),
        ("&lt;b&gt; &amp; &#65;", [Span("<b> & A")]),
        ("*a*b", [Span("a", Style.ITALIC), Span("b")]),
        ("**a*", [Span("*"), Span("a", Style.ITALIC)]),
        ("**注意：**然后", [Span("注意：", Style.STRONG), Span("然后")]),
        ("他说**“好”**吧", [Span("他说"), Span("“好”", Style.STRONG), Span("吧")]),
        ("a**“b”**c", [Span("a**“b”**c")]),
    ],
)
def test_emphasis_follows_commonmark(source: str, expected: list[Span]) -> None:
    assert list(spans(source)) == expected


@pytest.mark.parametrize("source", ["a\nb", "a  \nb", "a\\\nb", "a<br>b", "a<br/>b", "a \n  b"])
def test_line_breaks_stay(source: str) -> None:
    assert text_of(spans(source)) == "a\nb"


def test_html_is_its_source() -> None:
    source = '<img src="http://x/y.png" onerror="*a* **b**">'
    assert text_of(spans(f"a {source} b")) == f"a {source} b"
    assert text_of(spans(f"<div>\n*a*\n{source}\n</div>")) == f"<div>\n*a*\n{source}\n</div>"
    assert text_of(spans("<!-- hidden -->")) == "<!-- hidden -->"


def test_a_setext_underline_wins_over_a_rule_and_a_list() -> None:
    (heading,) = read("a\n---")
    assert isinstance(heading, Prose)
    assert heading.lines[0].heading == 2
    assert read("***\n---\n___") == (Rule(), Rule(), Rule())


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("source", "text", "target"),
    [
        ("[a](http://b/c?d=e&f)", "a", "http://b/c?d=e&f"),
        ("[a](<b c>)", "a", "b c"),
        ("[a](javascript:alert)", "a", "javascript:alert"),
        ("[a](file:///etc/passwd)", "a", "file:///etc/passwd"),
        ("[a](//host/share)", "a", "//host/share"),
        ("[a](data:text/html;base64,x)", "a", "data:text/html;base64,x"),
        ("[ä](http://ä.de/ö)", "ä", "http://ä.de/ö"),
        ("<http://a.b>", "http://a.b", "http://a.b"),
        ("<a@b.c>", "a@b.c", "mailto:a@b.c"),
        ("http://a.b/c_d_e", "http://a.b/c_d_e", "http://a.b/c_d_e"),
        ("![a](http://b/c.png)", "a", "http://b/c.png"),
        ("![](http://b/c.png)", "http://b/c.png", "http://b/c.png"),
    ],
)
def test_a_link_has_its_whole_target_as_written(source: str, text: str, target: str) -> None:
    assert spans(source) == (Span(text, Style.NONE, target),)


def test_an_address_ends_before_the_sentence_does() -> None:
    found = spans("See https://a.b/c_(d), or (https://e.f).")
    assert [span.target for span in found if span.target] == ["https://a.b/c_(d)", "https://e.f"]
    assert text_of(found) == "See https://a.b/c_(d), or (https://e.f)."


def test_what_a_link_would_hide_is_shown() -> None:
    assert text_of(spans('[a](b "title")')) == "a (title)"
    assert text_of(spans('![a](b "title")')) == "a (title)"
    found = spans("[![a](pic)](page)")
    assert [span.target for span in found] == ["page", "pic", "page"]
    assert text_of(found) == "a (pic)"


def test_a_target_that_turns_its_order_is_spelled() -> None:
    assert spans("[a](http://x/\u202egpj.exe)")[0].target == "http://x/‹U+202E›gpj.exe"
    assert spans("[a](http://x/&#x202E;gpj)")[0].target == "http://x/‹U+202E›gpj"


def test_definitions_lead_links_and_are_shown() -> None:
    blocks = read('See [that][1] and [One].\n\n[1]: http://a "b"\n[one]: <http://c>')
    assert [span.target for span in blocks[0].lines[0].spans if span.target] == [  # type: ignore[union-attr]
        "http://a",
        "http://c",
    ]
    assert words(blocks[1]) == ['[1]: http://a "b"']
    assert words(blocks[2]) == ["[one]: http://c"]


# ---------------------------------------------------------------- lists, quotes


def test_a_list_is_one_prose_with_markers() -> None:
    (block,) = read("- a\n- b\n  - c\n    - d\n\n- e\n\n  f\n")
    assert words(block) == ["• a", "• b", "  ◦ c", "    ▪ d", "• e", "f"]
    assert block.place == Place(0, 1)  # type: ignore[union-attr]


def test_numbers_begin_where_they_are_said_to() -> None:
    assert words(read("7. a\n7. b\n9. c")[0]) == ["7. a", "8. b", "9. c"]
    assert words(read("3) a\n4) b")[0]) == ["3) a", "4) b"]


def test_tasks_have_boxes() -> None:
    assert words(read("- [ ] a\n- [x] b\n- [X] c\n- [y] d")[0]) == ["☐ a", "☑ b", "☑ c", "• [y] d"]
    assert words(read("1. [x] a")[0]) == ["1. ☑ a"]


def test_blocks_within_a_list_know_their_place() -> None:
    blocks = read("1. a\n\n   ```py\n   x\n   ```\n   - b\n\n     > c\n2. d\n")
    assert [type(block) for block in blocks] == [Prose, Code, Prose, Prose, Prose]
    assert blocks[1] == Code("x", "py", Place(0, 1))
    assert blocks[3].place == Place(1, 1)  # type: ignore[union-attr]
    assert blocks[3].lines[0].indent == 1  # type: ignore[union-attr]
    assert words(blocks[4]) == ["2. d"]


def test_an_item_without_text_has_its_marker() -> None:
    assert words(read("- ```\n  x\n  ```")[0]) == ["• "]
    assert words(read("-\n- a")[0]) == ["• ", "• a"]


def test_a_number_other_than_one_does_not_interrupt_a_paragraph() -> None:
    assert words(read("The year\n1984. It")[0]) == ["The year\n1984. It"]


def test_quotes_nest() -> None:
    blocks = read("> a\n> > b\n\nc")
    assert [block.place.quotes for block in blocks] == [1, 2, 0]
    assert words(read("> a\nb")[0]) == ["a\nb"]


def test_a_long_list_is_cut_into_proses_that_join() -> None:
    blocks = read("\n".join(f"- item {number}" for number in range(100)))
    assert all(isinstance(block, Prose) and len(block.lines) <= 40 for block in blocks)
    assert [block.is_joined for block in blocks] == [False, *[True] * (len(blocks) - 1)]  # type: ignore[union-attr]
    items = [item for block in blocks for item in words(block)]
    assert items == [f"• item {number}" for number in range(100)]


# ---------------------------------------------------------------- code, tables


def test_code_keeps_every_character() -> None:
    assert read("```py\nif a:\n\tb  \n\n```") == (Code("if a:\n\tb  \n", "py"),)
    assert read("~~~\n```\n~~~") == (Code("```"),)
    assert read("    a\n      b") == (Code("a\n  b"),)
    assert read("```\nnever closed") == (Code("never closed"),)


def test_what_a_fence_says_beside_the_language_is_shown() -> None:
    blocks = read("```python title=<b>\nx\n```")
    assert words(blocks[0]) == ["title=<b>"]
    assert blocks[1] == Code("x", "python")
    assert words(read("```" + "p" * 50 + "\nx\n```")[0]) == ["p" * 50]


def test_long_code_is_cut_into_pieces_that_join_to_the_whole() -> None:
    source = "\n".join(f"line {number}" for number in range(950))
    pieces = [block for block in read(f"```py\n{source}\n```") if isinstance(block, Code)]
    assert max(piece.text.count("\n") for piece in pieces) < 200
    assert code_text(pieces) == source
    assert [piece.is_joined for piece in pieces] == [False, True, True, True, True]


def test_a_code_line_without_end_is_cut_within() -> None:
    source = "a\n" + "x" * 50_000 + "\nb"
    pieces = [block for block in read(f"```\n{source}\n```") if isinstance(block, Code)]
    assert max(len(piece.text) for piece in pieces) <= 8_192
    assert any(piece.is_mid_line for piece in pieces)
    assert code_text(pieces) == source


def test_a_table_has_aligned_cells() -> None:
    (table,) = read("| a | **b** | c |\n|:--|:-:|--:|\n| 1 | `x\\|y` |\n| 2 | 3 | 4 | 5 |")
    assert isinstance(table, Table)
    assert table.aligns == (Align.LEFT, Align.CENTER, Align.RIGHT)
    assert table.head[1] == (Span("b", Style.STRONG),)
    assert table.rows[0] == ((Span("1"),), (Span("x|y", Style.CODE),), ())
    assert text_of(table.rows[1][2]) == "4 | 5"


def test_a_table_needs_no_outer_bars_and_interrupts_a_paragraph() -> None:
    prose, table = read("Here:\na | b\n--|--\n1 | 2\n\n")
    assert words(prose) == ["Here:"]
    assert isinstance(table, Table)
    assert len(table.rows) == 1


@pytest.mark.parametrize("source", ["a | b\n--|--|--", "| a |\n| b |", "| a\n|:x:|", "a\n--|--"])
def test_what_is_no_table_stays_text(source: str) -> None:
    assert isinstance(read(source)[0], Prose)


def test_a_long_table_is_cut_into_pieces_with_its_head() -> None:
    rows = "\n".join(f"| {number} | x |" for number in range(150))
    blocks = read(f"| a | b |\n|---|---|\n{rows}")
    assert [len(block.rows) for block in blocks if isinstance(block, Table)] == [60, 60, 30]
    assert [block.is_joined for block in blocks if isinstance(block, Table)] == [False, True, True]
    assert {block.head for block in blocks if isinstance(block, Table)} == {
        ((Span("a"),), (Span("b"),))
    }


# ---------------------------------------------------------------- notes


def test_notes_are_numbered_as_they_are_named_and_stand_last() -> None:
    blocks = read("A[^b] and[^a], again[^b].\n\n[^a]: First\n[^b]: Second\n\n    More\n\nEnd")
    marks = [span.text for span in blocks[0].lines[0].spans if span.style == Style.RAISED]  # type: ignore[union-attr]
    assert marks == ["1", "2", "1"]
    assert words(blocks[1]) == ["End"]
    assert words(blocks[2]) == ["¹ b:", "Second", "More"]
    assert words(blocks[3]) == ["² a:", "First"]


def test_a_note_that_nothing_names_is_shown() -> None:
    blocks = read("a\n\n[^1]: lost")
    assert words(blocks[1]) == ["¹ lost"]


def test_notes_within_notes_are_numbered() -> None:
    blocks = read("a[^1]\n\n[^1]: b[^2]\n[^2]: c")
    assert [words(block) for block in blocks[1:]] == [["¹ b2"], ["² c"]]


def test_a_mark_without_a_note_is_text() -> None:
    assert text_of(spans("[^abc] and [^1]")) == "[^abc] and [^1]"


def test_a_note_can_hold_code() -> None:
    blocks = read("a[^1]\n\n[^1]: b\n\n    ```\n    c\n    ```")
    assert blocks[2] == Code("c", "", Place(0, 1))


@pytest.mark.parametrize("one", ["$x_{%d}$", "[word%d](https://example.org/a)"])
def test_a_paragraph_full_of_what_costs_more_than_letters_is_cut_earlier(one: str) -> None:
    text = " and ".join(one % number for number in range(200))
    blocks = [block for block in read(text) if isinstance(block, Prose)]
    assert [block.is_joined for block in blocks] == [False, *[True] * (len(blocks) - 1)]
    costly = [
        sum(bool(span.target) or Style.FORMULA in span.style for span in block.lines[0].spans)
        for block in blocks
    ]
    assert sum(costly) == 200
    assert max(costly) <= 100
    whole = "".join(span.text for block in blocks for span in block.lines[0].spans)
    assert whole.startswith(("x_{0} and x_{1}", "word0 and word1"))
