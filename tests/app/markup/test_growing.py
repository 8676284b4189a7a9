from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from app.markup.blocks import Block, Code, Formula, Prose, Span, Style, Table
from app.markup.growing import LONGEST_PIECE_CHARACTERS, Change, GrowingText
from app.markup.reading import MARKDOWN_CHARACTERS, read

Shown = Callable[[Sequence[Block]], str]
# A language's name is held back until it is whole, and so are signs that only begin something.
HELD_BACK = re.compile(r"[ >]*(?:(?:[-+*]|\d[.)])[ ]+)*(?:```|~~~)\S*")

ANSWER = """# Title

Some **bold** and `code` with \\(x^2\\).

1. one
2. two
   - nested

   ```py
   x = 1
   ```
3. three

| a | b |
|---|--:|
| 1 | 2 |

\\[
y = x
\\]

> quoted
> more

```js
let a = 1;

let b = 2;
```

The end[^1].

[^1]: A note
"""


class Screen:
    """Holds blocks as a view would, by changes alone."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def apply(self, change: Change) -> None:
        assert change.keep <= len(self.blocks)
        self.blocks[change.keep :] = change.blocks


def show(text: str) -> tuple[Block, ...]:
    """What is shown of a text that has not ended."""
    growing = GrowingText()
    growing.show(text)
    return growing.blocks


def only_spans(text: str) -> tuple[Span, ...]:
    (block,) = show(text)
    assert isinstance(block, Prose)
    return block.lines[-1].spans


# ---------------------------------------------------------------- the same as the whole


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_an_answer_ends_as_it_is_read_whole(step: int) -> None:
    growing, screen = GrowingText(), Screen()
    for end in range(step, len(ANSWER) + step, step):
        screen.apply(growing.show(ANSWER[:end]))
        assert tuple(screen.blocks) == growing.blocks
    screen.apply(growing.finish())
    assert tuple(screen.blocks) == read(ANSWER)


@pytest.mark.parametrize("seed", range(60))
def test_any_text_is_all_there_as_it_grows_and_ends_as_it_is_read(
    seed: int, writer: Callable, shown: Shown
) -> None:
    author = writer(seed)
    text = author.document((4, 12, 40)[seed % 3])
    growing, screen = GrowingText(), Screen()
    for part in author.cuts(text, (2, 13, 90)[seed % 3]):
        screen.apply(growing.show(part))
        last = part.rfind("\n") + 1
        sure = part[:last] if HELD_BACK.fullmatch(part, last) else part
        words = set(re.findall(r"w\d+w", sure))
        assert words <= set(re.findall(r"w\d+w", shown(screen.blocks)))
    screen.apply(growing.finish())
    assert tuple(screen.blocks) == read(text)


def test_at_its_end_an_answer_keeps_nearly_all_its_blocks() -> None:
    growing = GrowingText()
    for end in range(1, len(ANSWER)):
        growing.show(ANSWER[:end])
    growing.show(ANSWER)
    assert growing.finish() == Change(len(read(ANSWER)), ())


# ---------------------------------------------------------------- what is read again


@pytest.mark.parametrize(
    ("beginning", "part"),
    [
        ("", "Some words of a paragraph that ends.\n\n"),
        ("", "- an item with **bold** text\n"),
        ("", "1. an item\n\n"),
        ("", "- item\n\n  ```py\n  x\n  ```\n"),
        ("```py\n", "    call(argument)\n"),
        ("| a | b |\n|---|---|\n", "| some | cell |\n"),
        ("", "word "),
        ("", "words that\nwrap "),
        ("> ", "words that wrap\n>\n> "),
        ("", "w"),
    ],
)
def test_a_long_end_settles_as_it_will_stay(beginning: str, part: str) -> None:
    text = beginning + part * (40_000 // len(part))
    growing, screen = GrowingText(), Screen()
    drawn = updates = 0
    for end in range(1, len(text), 501):
        change = growing.show(text[:end])
        screen.apply(change)
        drawn += len(change.blocks)
        updates += 1
    assert drawn < 4 * updates + len(read(text))
    screen.apply(growing.show(text))
    assert tuple(screen.blocks) == read(text)


@pytest.mark.parametrize(
    ("beginning", "part"),
    [
        ("> ", "words of a quote without end\n> "),
        ("- x\n", "  - words of a nested list\n"),
        ("1. x\n\n   ```py\n", "   code of an item\n"),
        ("> ```py\n", "> quoted code\n"),
        ("<!-- ", "a comment\n\n"),
        ("", "a\u202eb "),
        ("    ", "indented code\n    "),
        ("- ", "words of one item "),
        ("- x\n", "\n  w ordinary words\n"),
    ],
)
def test_an_end_that_never_settles_is_cut(
    beginning: str, part: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_lengths: list[int] = []
    whole = GrowingText._read

    def noted(self: GrowingText, raw: str) -> list:
        read_lengths.append(len(raw))
        return whole(self, raw)

    monkeypatch.setattr(GrowingText, "_read", noted)
    text = beginning + part * (50_000 // len(part))
    growing = GrowingText()
    for end in range(1, len(text), 1_009):
        growing.show(text[:end])
    assert max(read_lengths) <= LONGEST_PIECE_CHARACTERS + 1_009
    growing.show(text)
    word = re.findall(r"\w\w+", part)[-1] if " " in part.strip() else "b"
    assert shown(growing.blocks).count(word) == text.count(word)
    growing.finish()
    assert growing.blocks == read(text)


def test_code_that_is_cut_within_a_list_stays_code() -> None:
    text = "1. x\n\n   ```py\n" + "   call(argument)\n" * 2_000
    blocks = show(text)
    assert all(isinstance(block, Code) for block in blocks[1:])
    assert {block.language for block in blocks[1:] if isinstance(block, Code)} == {"py"}
    assert {block.place.indent for block in blocks[1:]} == {1}  # type: ignore[union-attr]


def test_a_text_beyond_what_is_read_as_markdown_goes_on_as_it_is(shown: Shown) -> None:
    text = "Some **words**.\n\n" * (MARKDOWN_CHARACTERS // 17 + 2_000)
    growing = GrowingText()
    growing.show(text)
    assert "**words**" in shown(growing.blocks[-3:])
    assert shown(growing.blocks).count("words") == text.count("words")


def test_a_text_that_comes_at_once_is_shown_like_one_that_grew() -> None:
    text = ANSWER.replace("[^1]", "") * 30
    at_once, grown = GrowingText(), GrowingText()
    at_once.show(text)
    for end in range(97, len(text), 97):
        grown.show(text[:end])
    grown.show(text)
    assert at_once.blocks == grown.blocks


# ---------------------------------------------------------------- other texts


@pytest.mark.parametrize("seed", range(6))
def test_much_that_comes_at_once_is_read_in_steps_and_ends_as_the_whole(
    seed: int, writer: Callable
) -> None:
    text = "\n\n".join(writer(100 + seed).document(40) for _ in range(12))
    growing, screen = GrowingText(), Screen()
    steps = 0
    while not steps or growing.is_behind:
        screen.apply(growing.show(text, steps=1))
        assert tuple(screen.blocks) == growing.blocks
        steps += 1
    at_once = GrowingText()
    at_once.show(text)
    assert growing.blocks == at_once.blocks
    assert not at_once.is_behind
    assert steps >= len(text) // 16_000
    growing.finish()
    assert growing.blocks == read(text)
    assert not growing.is_behind


@pytest.mark.parametrize("sign", ["\t", " ", "\u202e", "> "])
def test_a_megabyte_without_a_line_is_read_in_steps_to_its_end(sign: str) -> None:
    text = sign * (1_000_000 // len(sign))
    growing = GrowingText()
    steps = 0
    while not steps or growing.is_behind:
        growing.show(text, steps=1)
        steps += 1
    assert 10 < steps < 1000


def test_another_text_starts_over() -> None:
    growing, screen = GrowingText(), Screen()
    screen.apply(growing.show("One\n\nTwo\n\nThree"))
    change = growing.show("One\n\nOther")
    assert change.keep == 1
    screen.apply(change)
    assert tuple(screen.blocks) == read("One\n\nOther")


def test_an_answer_goes_on_after_its_end() -> None:
    growing, screen = GrowingText(), Screen()
    screen.apply(growing.show("One\n\nTwo **b"))
    screen.apply(growing.finish())
    change = growing.show("One\n\nTwo **bold**")
    assert change.keep == 1
    screen.apply(change)
    screen.apply(growing.finish())
    assert tuple(screen.blocks) == read("One\n\nTwo **bold**")


def test_nothing_new_changes_nothing() -> None:
    growing = GrowingText()
    growing.show("One\n\nTwo")
    assert growing.show("One\n\nTwo") == Change(2, ())


def test_returns_at_a_cut_do_not_start_over() -> None:
    growing = GrowingText()
    growing.show("One\r")
    assert growing.show("One\r\n\r\nTwo").keep == 1


def test_definitions_that_came_are_known_further_down_and_at_last_everywhere() -> None:
    text = "See [a].\n\nAnd\n\n[a]: http://b\n\nAnd\n\nSee [a].\n\nEnd"
    growing = GrowingText()
    for end in range(1, len(text) + 1):
        growing.show(text[:end])
    targets = [block.lines[0].spans[1:2] for block in growing.blocks if isinstance(block, Prose)]
    assert targets[0] == ()
    assert targets[4] == (Span("a", Style.NONE, "http://b"),)
    growing.finish()
    assert growing.blocks[0].lines[0].spans[1] == Span("a", Style.NONE, "http://b")  # type: ignore[union-attr]


def test_a_mark_of_a_note_is_raised_before_the_note_comes() -> None:
    assert only_spans("a[^1] b") == (Span("a"), Span("1", Style.RAISED), Span(" b"))
    growing = GrowingText()
    growing.show("a[^1] b")
    growing.finish()
    assert growing.blocks == read("a[^1] b")


# ---------------------------------------------------------------- calm


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a **b", [Span("a "), Span("b", Style.STRONG)]),
        ("a **b c ", [Span("a "), Span("b c", Style.STRONG)]),
        ("a **b*", [Span("a "), Span("b", Style.STRONG)]),
        ("a **", [Span("a")]),
        ("a *", [Span("a")]),
        (
            "a *b **c",
            [Span("a "), Span("b ", Style.ITALIC), Span("c", Style.ITALIC | Style.STRONG)],
        ),
        ("***b", [Span("b", Style.STRONG | Style.ITALIC)]),
        ("a _b", [Span("a "), Span("b", Style.ITALIC)]),
        ("a_b", [Span("a_b")]),
        ("a ~~b", [Span("a "), Span("b", Style.STRIKE)]),
        ("a ~b", [Span("a ~b")]),
        ("a `b", [Span("a "), Span("b", Style.CODE)]),
        ("a ``b`", [Span("a "), Span("b", Style.CODE)]),
        ("a `", [Span("a")]),
        ("`a` **b** c", [Span("a", Style.CODE), Span(" "), Span("b", Style.STRONG), Span(" c")]),
        ("a \\*b", [Span("a *b")]),
        ("2 * 3", [Span("2 * 3")]),
        ("a [b](http://c", [Span("a "), Span("b", Style.NONE, "http://c")]),
        ("a [b", [Span("a [b")]),
        ("**a [b](c", [Span("a ", Style.STRONG), Span("b", Style.STRONG, "c")]),
        ("a \\(x^2", [Span("a "), Span("x^2", Style.CODE)]),
        ("a \\(x^2\\) b", [Span("a "), Span("x^2", Style.FORMULA), Span(" b")]),
        ("a $x^2", [Span("a "), Span("x^2", Style.CODE)]),
        ("a $5 b_c", [Span("a $5 b_c")]),
        ("a $b", [Span("a $b")]),
        ("**a \\(x", [Span("a ", Style.STRONG), Span("x", Style.STRONG | Style.CODE)]),
    ],
)
def test_what_is_open_looks_as_if_closed(source: str, expected: list[Span]) -> None:
    assert list(only_spans(source)) == expected


@pytest.mark.parametrize(
    "source",
    [
        "Some words\n-",
        "Some words\n=",
        "Some words\n1.",
        "Some words\n#",
        "Some words\n\\[",
        "Some words\n$",
    ],
)
def test_signs_that_only_begin_something_are_held_back(source: str) -> None:
    assert show(source) == read("Some words")


def test_an_item_and_a_quote_are_calm_too() -> None:
    assert only_spans("- a **b")[1] == Span("b", Style.STRONG)
    assert only_spans("> a **b")[1] == Span("b", Style.STRONG)
    assert only_spans("# a **b")[1] == Span("b", Style.STRONG)


@pytest.mark.parametrize(
    "source", ["| a | b", "| a | b |\n", "| a | b |\n|--", "| a | b |\n|---|---|"]
)
def test_a_table_s_head_is_a_table(source: str) -> None:
    (table,) = show(source)
    assert isinstance(table, Table)
    assert table.head == ((Span("a"),), (Span("b"),))


def test_a_table_s_head_after_words_is_a_table() -> None:
    words, table = show("Here:\n| **a")
    assert isinstance(words, Prose)
    assert isinstance(table, Table)
    assert table.head == ((Span("a", Style.STRONG),),)


def test_a_table_s_last_cell_is_calm() -> None:
    (table,) = show("| a | b |\n|---|---|\n| 1 | **2")
    assert isinstance(table, Table)
    assert table.rows == (((Span("1"),), (Span("2", Style.STRONG),)),)


@pytest.mark.parametrize("source", ["\\[\nx = ", "$$\nx = ", "\\begin{align}\nx = "])
def test_a_formula_is_source_until_it_is_whole(source: str) -> None:
    (block,) = show(source)
    assert isinstance(block, Prose)
    assert block.lines[0].spans[0].style == Style.CODE
    assert block.lines[0].spans[0].text.endswith("x = ")
    assert "\\[" not in block.lines[0].spans[0].text
    closing = {"\\[": "\\]", "$$": "$$", "\\b": "\\end{align}"}[source[:2]]
    assert isinstance(show(f"{source}\n{closing}")[0], Formula)


def test_an_open_code_block_is_code_and_its_language_comes_when_it_is_whole() -> None:
    assert show("```pyth") == (Code(""),)
    assert show("```python\nx = ") == (Code("x = ", "python"),)
    assert show("```python\nx\n``") == (Code("x", "python"),)
