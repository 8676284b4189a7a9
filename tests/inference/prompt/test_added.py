from inference.prompt.added import AddedToken, AddedTokenFinder


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
