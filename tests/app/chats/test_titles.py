"""A chat's first title."""

from __future__ import annotations

from app.chats.titles import title_of


def test_titles_are_the_beginning_of_the_question_on_one_line():
    assert title_of("  What is\n it? ") == "What is it?"
    assert title_of("x" * 60) == "x" * 60


def test_long_titles_end_after_a_word():
    long = title_of("word " * 40)
    assert long.endswith("word…")
    assert len(long) <= 61


def test_a_word_that_is_too_long_is_cut():
    assert title_of("乌" * 500) == "乌" * 60 + "…"
