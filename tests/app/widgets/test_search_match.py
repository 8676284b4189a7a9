"""What a text answers to, and how well."""

from __future__ import annotations

import pytest

from app.widgets.search_match import Rank, folded, match, rough_ranker


def marked(asked: str, text: str) -> str:
    """The text with what was found in brackets."""
    found = match(asked, text)
    if found is None:
        return ""
    return "".join(f"[{piece}]" if is_found else piece for piece, is_found in found.pieces)


@pytest.mark.parametrize(
    ("asked", "text", "expected", "rank"),
    [
        ("new", "New chat", "[New] chat", Rank.BEGINNING),
        ("  NEW   ch", "New chat", "[New ch]at", Rank.BEGINNING),
        ("cha", "New chat", "New [cha]t", Rank.WORDS),
        ("ch ne", "New chat", "[Ne]w [ch]at", Rank.WORDS),
        ("ew", "New chat", "N[ew] chat", Rank.INSIDE),
        ("ch ew", "New chat", "N[ew] [ch]at", Rank.INSIDE),
        ("nc", "New chat", "[N]ew [c]hat", Rank.INITIALS),
        ("cafe", "Le café, à midi", "Le [café], à midi", Rank.WORDS),
        ("é", "Cafe", "Caf[e]", Rank.INSIDE),
        ("合同", "合同条款的翻译", "[合同]条款的翻译", Rank.BEGINNING),
        ("ss", "Straße", "", None),
        ("İ", "İstanbul", "[İ]stanbul", Rank.BEGINNING),
        ("xyz", "New chat", "", None),
        ("new xyz", "New chat", "", None),
        ("aa aa", "aab", "[aa]b", Rank.WORDS),
    ],
)
def test_a_text_answers_to_what_is_typed(asked, text, expected, rank):
    assert marked(asked, text) == expected
    found = match(asked, text)
    assert (found.rank if found else None) == rank


def test_nothing_typed_is_answered_by_everything_and_marks_nothing():
    assert marked("  ", "New chat") == "New chat"


def test_what_was_found_and_what_was_not_is_the_whole_text():
    text = "Ⅷ İx ﬁne ẞ 👩‍👩‍👧 " * 60
    for asked in ("ix", "fi", "8", "n x", "ẞ"):
        found = match(asked, text)
        if found is not None:
            assert "".join(piece for piece, _ in found.pieces) == text
    assert len(folded(text)) == len(text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [("new", "New chat"), ("ch new", "New chat"), ("hat", "New chat"), ("é", "Café"), ("x", "New")],
)
def test_the_rough_rank_says_what_the_match_says(asked, text):
    found = match(asked, text)
    assert rough_ranker(asked)(text) == (found.rank if found else None)


def test_a_single_letter_is_no_row_of_initials():
    assert match("q", "New chat") is None
