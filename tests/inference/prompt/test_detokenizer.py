import itertools

from hypothesis import given
from hypothesis import strategies as st

from inference.prompt.detokenizer import (
    BYTE_OF_CHARACTER,
    IncrementalDetokenizer,
    bytes_of_token,
)


class Pieces:
    """Token n is the n-th piece; the last one is a control token."""

    def __init__(self, pieces):
        self.pieces = pieces

    def token_bytes(self, token_id, *, show_control=False):
        if token_id == len(self.pieces):
            return b"<end>" if show_control else b""
        return self.pieces[token_id]


@given(st.lists(st.binary(max_size=5), max_size=30))
def test_texts_joined_are_the_text_of_all_bytes(pieces):
    detokenizer = IncrementalDetokenizer(Pieces(pieces))
    shown = "".join(detokenizer.feed(n) for n in range(len(pieces))) + detokenizer.flush()
    assert shown == b"".join(pieces).decode("utf-8", "replace")


@given(st.text(max_size=20), st.data())
def test_sound_text_never_shows_half_a_character(text, data):
    raw = text.encode("utf-8", "replace")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    edges = [0, *cuts, len(raw)]
    pieces = [raw[a:b] for a, b in itertools.pairwise(edges)]
    detokenizer = IncrementalDetokenizer(Pieces(pieces))
    shown = ""
    for number in range(len(pieces)):
        shown += detokenizer.feed(number)
        assert raw.decode().startswith(shown)
    assert shown == raw.decode()


def test_a_control_token_shows_only_when_asked_for():
    assert IncrementalDetokenizer(Pieces([])).feed(0) == ""
    assert IncrementalDetokenizer(Pieces([]), show_control=True).feed(0) == "<end>"


def test_after_a_flush_it_is_as_new():
    detokenizer = IncrementalDetokenizer(Pieces([b"\xe4\xbd", b"a"]))
    assert detokenizer.feed(0) == ""
    assert detokenizer.flush() == "\ufffd"
    assert detokenizer.feed(1) + detokenizer.flush() == "a"


def test_the_alphabet_has_every_byte_once():
    assert sorted(BYTE_OF_CHARACTER.values()) == list(range(256))
    assert bytes_of_token("Ġhé") == b" h\xe9"
    assert bytes_of_token("日") == "日".encode()
