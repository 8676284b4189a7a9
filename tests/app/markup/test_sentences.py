from __future__ import annotations

import pytest

from app.markup.growing import GrowingText
from app.markup.reading import read
from app.markup.sentences import Sentences


def code_words(language: str) -> str:
    return f"Code block, {language}" if language else "Code block"


def table_words(rows: int, columns: int) -> str:
    return f"Table, {rows} rows, {columns} columns"


@pytest.fixture
def said() -> Sentences:
    return Sentences(code_words, table_words)


def test_a_sentence_is_said_once_it_is_whole(said: Sentences) -> None:
    assert said.new(read("It is 3.5 m")) == ()
    assert said.new(read("It is 3.5 m. And")) == ("It is 3.5 m.",)
    assert said.new(read("It is 3.5 m. And then")) == ()
    assert said.new(read("It is 3.5 m. And then!"), is_finished=True) == ("And then!",)
    assert said.new(read("It is 3.5 m. And then!"), is_finished=True) == ()


def test_a_block_s_end_ends_a_sentence(said: Sentences) -> None:
    assert said.new(read("# Title\n\nText")) == ("Title",)
    assert said.new(read("# Title\n\nText\n\nMore")) == ("Text",)


def test_chinese_sentences_need_no_space(said: Sentences) -> None:
    assert said.new(read("你好。再见")) == ("你好。",)


def test_items_are_said_with_their_markers(said: Sentences) -> None:
    assert said.new(read("1. one\n2. two"), is_finished=True) == ("1. one", "2. two")


def test_code_and_tables_are_named_and_formulas_said(said: Sentences) -> None:
    source = "```py\nx = 1. y\n```\n\n| a |\n|---|\n| 1 |\n\n\\[\nx\n= y\n\\]\n\n---\n\nEnd"
    assert said.new(read(source), is_finished=True) == (
        "Code block, py",
        "Table, 1 rows, 1 columns",
        "x = y",
        "End",
    )


def test_code_is_named_once_however_long(said: Sentences) -> None:
    assert said.new(read("```\n" + "x\n" * 900 + "```"), is_finished=True) == ("Code block",)


def test_a_growing_answer_is_said_whole_and_nothing_twice(said: Sentences) -> None:
    text = "# Title\n\nOne **bold** word. Two words!\n\n- a. B\n- c\n\n```py\nx\n```\n\nEnd."
    growing = GrowingText()
    heard: list[str] = []
    for end in range(1, len(text)):
        growing.show(text[:end])
        heard += said.new(growing.blocks)
    growing.show(text)
    growing.finish()
    heard += said.new(growing.blocks, is_finished=True)
    assert heard == [
        "Title",
        "One bold word.",
        "Two words!",
        "• a.",
        "B",
        "• c",
        "Code block, py",
        "End.",
    ]
