import random
import re

import pytest

from inference.errors import TokenizerError
from inference.prompt.added import ADDED_LIMIT, AddedToken, AddedTokenFinder, check_added
from tests.computed import for_less_than


def found(text, *tokens, stretches=None):
    finder = AddedTokenFinder(tokens)
    spans = [(0, len(text))] if stretches is None else stretches
    return [(o.start, o.stop, o.token_id) for o in finder.find(text, spans)]


def test_the_longest_of_the_leftmost_wins():
    assert found("x<ab>", AddedToken(1, "<a"), AddedToken(2, "<ab>")) == [(1, 5, 2)]


def test_only_inside_the_stretches():
    token = AddedToken(1, "<e>")
    assert found("<e><e>", token, stretches=[(1, 6)]) == [(3, 6, 1)]
    assert found("<e>", token, stretches=[(0, 2), (2, 3)]) == []


def test_tokens_matched_before_normalization_come_first():
    plain, normalized = AddedToken(1, "b"), AddedToken(2, "abc", normalized=True)
    assert found("abc abd", plain, normalized) == [(1, 2, 1), (5, 6, 1)]
    assert found("abc a", AddedToken(1, "d"), normalized) == [(0, 3, 2)]


def test_white_space_is_taken_where_a_token_asks_for_it():
    token = AddedToken(1, "<m>", lstrip=True, rstrip=True)
    assert found("a  <m> \n<m> b", token) == [(1, 8, 1), (8, 12, 1)]


def test_white_space_of_another_token_is_left():
    tokens = (AddedToken(1, "<a> "), AddedToken(2, "<m>", normalized=True, lstrip=True))
    assert found("<a>  <m>", *tokens) == [(0, 4, 1), (4, 8, 2)]


def test_a_word_that_must_stand_alone():
    assert found("cat cats _cat (cat)", AddedToken(1, "cat", single_word=True)) == [
        (0, 3, 1),
        (15, 18, 1),
    ]


def test_no_tokens_and_empty_ones():
    assert found("abc") == []
    assert found("abc", AddedToken(1, "")) == []


def test_it_finds_what_an_alternation_of_all_texts_finds():
    generator = random.Random(5)
    for _ in range(300):
        texts = {"".join(generator.choices("abc", k=generator.randrange(1, 6))) for _ in range(6)}
        tokens = [AddedToken(n, text) for n, text in enumerate(sorted(texts))]
        longest_first = sorted(texts, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, longest_first)))
        text = "".join(generator.choices("abcd", k=60))
        by_text = {token.text: token.token_id for token in tokens}
        expected = [(*m.span(), by_text[m.group()]) for m in pattern.finditer(text)]
        assert found(text, *tokens) == expected


@pytest.mark.parametrize("text", ["a" * 90_000, "<" * 90_000, "<a" * 45_000, "<a0>b" * 18_000])
def test_many_tokens_are_found_in_bounded_time(text):
    tokens = [AddedToken(n, f"<a{n}>") for n in range(ADDED_LIMIT - 256)]
    tokens += [AddedToken(ADDED_LIMIT + n, "a" * n + "!") for n in range(1, 250)]
    check_added("It", tokens)
    # 0.3 s alone on a machine; an alternation of all the texts takes 10 s.
    with for_less_than(5):
        finder = AddedTokenFinder(tokens)
        finder.find(text, [(0, len(text))])


@pytest.mark.parametrize(
    "tokens",
    [
        [AddedToken(n, f"<{n}>") for n in range(ADDED_LIMIT + 1)],
        [AddedToken(0, "x" * 257)],
        [AddedToken(n, f"{n:0200}") for n in range(2_501)],
    ],
)
def test_what_would_be_slow_or_large_is_refused(tokens):
    with pytest.raises(TokenizerError, match="outside BPE"):
        check_added("It", tokens)
