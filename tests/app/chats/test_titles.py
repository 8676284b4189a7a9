"""A chat's first title."""

from __future__ import annotations

import pytest

from app.chats.titles import suggested_title, title_of


def test_the_title_of_a_megabyte_is_its_beginning():
    assert title_of(" \n" * 500_000 + "word " * 200_000) == "word " * 11 + "word…"
    assert title_of("\n" * 100_000) == ""


def test_titles_are_the_beginning_of_the_question_on_one_line():
    assert title_of("  What is\n it? ") == "What is it?"
    assert title_of("x" * 60) == "x" * 60


def test_long_titles_end_after_a_word():
    long = title_of("word " * 40)
    assert long.endswith("word…")
    assert len(long) <= 61


def test_a_word_that_is_too_long_is_cut():
    assert title_of("乌" * 500) == "乌" * 60 + "…"


SAID = "Why does bread need salt? Salt makes the gluten strong. 盐让面包有味道。 Warum Brot?"


@pytest.mark.parametrize(
    ("suggestion", "title"),
    [
        ("Salt in bread", "Salt in bread"),
        ('  "Salt in Bread."  ', "Salt in Bread"),
        ("**Title:** Salt in bread\n\nI hope this helps.", "Salt in bread"),
        ("Titel: Salz im Brot", "Salz im Brot"),
        ("# Bread and salt", "Bread and salt"),
        ("Here is a title:\n\n“Why Bread Needs Salt”", "Why Bread Needs Salt"),
        ("Bread, salt and gluten: a story in many parts of it", "Bread, salt and gluten"),
        ("《面包与盐》", "面包与盐"),
        ("Salt\u202e in bread\u200b", "Salt in bread"),
        ("- Breads of the world", "Breads of the world"),
    ],
)
def test_a_suggestion_is_made_a_title(suggestion, title):
    assert suggested_title(suggestion, SAID) == title


@pytest.mark.parametrize(
    ("suggestion", "title"),
    [
        ("Salt in bread", None),
        ("Salt in bread\n\nThis is a tit", "Salt in bread"),
        ('Here it is:\n\n"Salt in bread: a gui', "Salt in bread"),
        ("Here it is:\n\nSalt in br", None),
        ("", None),
    ],
)
def test_of_a_suggestion_that_was_cut_off_what_is_before_the_cut_counts(suggestion, title):
    assert suggested_title(suggestion, SAID, is_whole=False) == title


@pytest.mark.parametrize(
    "suggestion",
    [
        "",
        " \n\t ",
        '""',
        "...",
        "12345",
        "I am glad that you found my bread helpful",
        "Bread, salt, bread, salt, bread",
        "Salt <img src=x>",
        "Bread [Your name]",
        "Bread https://example.org",
        "bread" * 20,
        "面包" * 20,
        "A tale of two cities",
        "猫和狗",
        "```\n[0-9]\n```",
        "\u202e\u200b",
    ],
)
def test_what_is_no_title_of_what_was_said_is_none(suggestion):
    assert suggested_title(suggestion, SAID) is None
