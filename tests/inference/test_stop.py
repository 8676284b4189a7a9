"""Stop strings across token borders."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inference.generation.stop import StopStrings


def fed(strings, pieces):
    stop, shown = StopStrings(strings), ""
    for piece in pieces:
        passed = stop.feed(piece)
        shown += passed.text
        if passed.stopped:
            return shown, True
    return shown + stop.flush(), False


def test_a_stop_string_in_pieces_is_never_shown():
    assert fed(("\nUser:",), ["Hi", "\nUs", "er: what"]) == ("Hi", True)


def test_the_beginning_of_one_is_shown_once_it_is_none():
    stop = StopStrings(("END",))
    assert stop.feed("an E").text == "an "
    assert stop.feed("xtra").text == "Extra"


def test_the_first_of_several_wins():
    assert fed(("bb", "a"), ["xxabb"]) == ("xx", True)


def test_what_was_held_comes_out_at_the_end():
    assert fed(("END",), ["so EN"]) == ("so EN", False)


def test_without_stop_strings_text_passes_at_once():
    passed = StopStrings(()).feed("text")
    assert (passed.text, passed.stopped) == ("text", False)


@given(
    st.text("ab\n", max_size=30),
    st.lists(st.text("ab\n", min_size=1, max_size=4), max_size=3).map(tuple),
    st.lists(st.integers(0, 30), max_size=8),
)
def test_any_split_shows_what_comes_before_the_earliest_stop(text, strings, cuts):
    borders = sorted({0, len(text), *(c for c in cuts if c <= len(text))})
    pieces = [text[a:b] for a, b in pairwise(borders)]
    shown, stopped = fed(strings, pieces)
    assert stopped == any(s in text for s in strings)
    if stopped:
        # Which one is found first depends on where the borders lie, but never a whole one
        # is shown, and what is shown is the text's beginning.
        assert text.startswith(shown)
        assert not any(s in shown for s in strings)
    else:
        assert shown == text
