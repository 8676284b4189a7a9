"""Long plain texts are cut where a reader doesn't notice, and grow at their end alone."""

from __future__ import annotations

import pytest

from app.markup.visible import visible
from app.pages.chat.transcript_pieces import Pieces, ShownPieces, pieces_of


def whole(pieces):
    texts = [("\n" if n and p.is_paragraph else "") + p.text for n, p in enumerate(pieces)]
    return "".join(texts)


@pytest.mark.parametrize(
    "text",
    ["", "short", "word " * 3000, "line\n" * 5000, "x" * 10_000, "\n" * 1000, "a\n" + "b" * 7000],
)
def test_nothing_is_lost_and_no_piece_is_long(text):
    pieces = pieces_of(text)
    assert whole(pieces) == text
    assert all(len(p.text) <= 3000 and p.text.count("\n") < 120 for p in pieces)


def test_words_stay_whole():
    assert all(p.text.endswith(" ") for p in pieces_of("word " * 3000)[:-1])


def test_a_growing_text_keeps_the_pieces_it_has():
    text = "Some thoughts about it.\n" * 900
    growing = Pieces()
    before: tuple = ()
    for end in range(100, len(text), 777):
        now = growing.show(text[:end])
        assert now[: max(0, len(before) - 1)] == before[:-1]
        assert now == pieces_of(text[:end])
        before = now
    assert growing.show("Another") == pieces_of("Another")


@pytest.mark.parametrize(
    "sign", ["\U0001f469\u200d\U0001f4bb", "e\u0301\u0302", "\U0001f44b\U0001f3fd", "❤\ufe0f"]
)
def test_no_sign_is_cut_in_two(sign):
    pieces = pieces_of(sign * 4_000)
    assert whole(pieces) == sign * 4_000
    assert len(pieces) > 2
    assert all(piece.text == sign * (len(piece.text) // len(sign)) for piece in pieces)


def test_marks_without_end_are_cut_all_the_same():
    assert all(len(piece.text) <= 3000 for piece in pieces_of("Z" + "\u0301" * 20_000))


@pytest.mark.parametrize(
    "text", ["short", "word\u202e " * 30_000, "\u202ea" * 50_000, "水" * 90_000]
)
def test_what_comes_at_once_is_shown_step_by_step_and_whole_at_the_end(text):
    shown = ShownPieces()
    steps = [shown.show(text)]
    while shown.is_behind:
        before = steps[-1]
        steps.append(shown.show(text))
        assert steps[-1][: len(before) - 1] == before[:-1], "what is there stays"
    assert len(steps) == -(-len(text) // 24_000)
    assert steps[-1] == pieces_of(visible(text))
    assert shown.show("Another") == pieces_of("Another")
    assert not shown.is_behind
