from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from itertools import islice

import pytest

from app.markup import parsing
from app.markup.blocks import Block, Code, Prose, Table
from app.markup.reading import MARKDOWN_CHARACTERS, is_quick, read

Shown = Callable[[Sequence[Block]], str]
MANY = 100_000

# Each once: a second of one of them would be a fault.
HOSTILE = {
    "lists within lists": "- " * MANY,
    "lists within lists, line by line": "\n".join(" " * 2 * depth + "- x" for depth in range(300)),
    "quotes within quotes": ">" * MANY,
    "brackets": "[" * MANY,
    "images within images": "![" * MANY + "](x)" * MANY,
    "links within links": "[" * MANY + "](x)" * MANY,
    "one word": "w" * MANY * 10,
    "one line": "word " * MANY * 2,
    "formulas": "$x$ " * 10_000,
    "unclosed formulas": "\\[a\n" * 10_000,
    "unclosed dollars": "$x " * MANY,
    "environments": "\\begin{align}\n" * 10_000,
    "notes": "".join(f"[^{number}]" for number in range(10_000)) + "\n\n[^1]: " * 1_000,
    "notes within notes": "[^1]: " * MANY,
    "definitions": '[a]: b "\n' * 10_000,
    "labels without end": "[a\n" * 10_000,
    "links": "[a](b) " * 10_000,
    "cells": "|a|b|\n|-|-|\n" + "|1|2|\n" * 10_000,
    "columns": "|a" * MANY + "\n" + "|-" * MANY,
    "missing cells": "|a" * 60 + "\n" + "|-" * 60 + "\n" + "x\n" * 10_000,
    "emphasis": "**a* " * 20_000,
    "delimiters": "*" * MANY,
    "ticks": "".join("`" * count + " " for count in range(1, 400)),
    "fences": "```\n" * 10_000,
    "an open fence": "```py\n" + "x = 1\n" * MANY,
    "tags": "<a " * MANY,
    "comments": "<!-- " * MANY,
    "entities": "&#x202e;" * 20_000,
    "overrides": "\u202e" * MANY,
    "overrides and isolates": "\u202e\u2066" * 20_000,
    "nothing": "\0" * MANY,
    "surrogates": "\ud800a" * 20_000,
    "backslashes": "\\" * MANY,
    "blank lines": "\n" * MANY,
    "underlines": "a\n=\n" * 4_000,
    "kinds of lists": "- a\n+ b\n" * 4_000,
    "returns": "\r" * MANY,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_read_and_every_block_is_quick_to_draw(kind: str) -> None:
    for block in read(HOSTILE[kind]):
        if isinstance(block, Prose):
            assert len(block.lines) <= 40
            assert sum(len(span.text) for line in block.lines for span in line.spans) <= 2_000
        elif isinstance(block, Code):
            assert len(block.text) <= 8_192
            assert block.text.count("\n") < 201
        elif isinstance(block, Table):
            assert len(block.rows) * len(block.head) <= 660


@pytest.mark.parametrize("seed", range(40))
def test_no_word_is_lost_whatever_the_markup(seed: int, writer: Callable, shown: Shown) -> None:
    text = writer(seed).document(40)
    words = set(re.findall(r"w\d+w", text))
    assert words <= set(re.findall(r"w\d+w", shown(read(text))))


def test_deep_lists_show_the_source_where_nobody_follows(shown: Shown) -> None:
    text = shown(read("\n".join("  " * depth + f"- w{depth}w" for depth in range(60))))
    assert all(f"w{depth}w" in text for depth in range(60))


def test_more_than_is_read_as_markdown_is_shown_as_it_is(shown: Shown) -> None:
    paragraph = "Some **words** of a long answer.\n\n"
    text = paragraph * (MARKDOWN_CHARACTERS // len(paragraph) + 200)
    blocks = read(text)
    assert "**" not in shown(list(islice(blocks, 100)))
    assert "**words**" in shown(blocks[-1:])
    assert shown(blocks).count("of a long answer.") == text.count("of a long answer.")


def test_a_line_longer_than_that_is_joined_where_it_was_parted() -> None:
    blocks = read("x" * (MARKDOWN_CHARACTERS + 5_000))
    assert all(isinstance(block, Prose) and block.is_joined for block in blocks[1:])


def test_a_text_is_the_same_however_it_is_cut(shown: Shown) -> None:
    text = " ".join(f"word{number}" for number in range(3_000))
    blocks = read(text)
    assert len(blocks) > 5
    joined = "".join(
        span.text for block in blocks if isinstance(block, Prose) for span in block.lines[0].spans
    )
    assert joined == text


def test_a_fault_of_the_parser_shows_the_text_as_it_was_written(
    monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    class Broken:
        def __init__(self, *parts: object) -> None:
            raise RecursionError("too deep")

    monkeypatch.setattr(parsing, "Builder", Broken)
    assert "**a** [b](c)" in shown(read("**a** [b](c)"))


def test_an_ordinary_answer_is_quick_and_a_dense_or_a_long_one_is_not() -> None:
    paragraph = "Some **words** of an answer, with `code` and a [link](http://b).\n\n"
    assert is_quick(paragraph * 60)
    assert not is_quick(paragraph * 300)
    assert not is_quick("- a\n+ b\n" * 1_000)
    assert not is_quick("$x$ " * 1_000)


def test_importing_the_reader_leaves_the_parser_for_later() -> None:
    import subprocess

    code = "import sys, app.markup.reading, app.markup.growing; print('markdown_it' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("source", ["[](http://a/b)", "[ ](http://a/b)"])
def test_a_link_without_words_shows_its_address(source: str, shown: Shown) -> None:
    assert shown(read(f"before {source} after")).count("http://a/b") >= 1
    assert any("http://a/b" in span.text for span in read(source)[0].lines[0].spans)
